import 'server-only'
import { z } from 'zod'
import { ok } from '@/lib/core/result'
import { podArgument } from '@/lib/operations/commands'
import { changeIn } from '@/lib/operations/in-pods'
import { asJson, type PodTarget, podTarget } from '@/lib/operations/pod-fix'
import { podSelection } from '@/lib/operations/pod-selection'
import type { Fix } from '@/lib/operations/types'
import { ask, byPrefix, redisInside, scan } from './redis-cli'

const params = podSelection.extend({ scope: z.enum(['db', 'all']) })

interface Payload extends PodTarget {
  command: 'FLUSHDB' | 'FLUSHALL'
  keys: number
}

/** Empties a Redis database, or all of them. Says what would go, and that a narrower way exists. */
export const flush: Fix<z.infer<typeof params>> = {
  id: 'redis.flush',
  title: 'Empty Redis',
  effect: 'write',
  needs: 'fix:run',
  risk: 'high',
  params,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const call = redisInside(commands, hints)
    if (!call || call.rest.length > 0 || call.filters.length > 0) return undefined
    if (call.name === 'FLUSHDB') return { ...call.pods, scope: 'db' }
    return call.name === 'FLUSHALL' ? { ...call.pods, scope: 'all' } : undefined
  },
  kubectl: (p) =>
    `kubectl exec ${podArgument(p)} -n ${p.namespace} -- redis-cli ${p.scope === 'db' ? 'FLUSHDB' : 'FLUSHALL'}`,
  async plan(context, { scope, ...pods }) {
    const [target, keys, info] = await Promise.all([
      podTarget(context, pods),
      scan(context, pods, '*'),
      ask(context, pods, ['INFO', 'keyspace']),
    ])
    if (!target.ok) return target
    if (!keys.ok) return keys
    if (!info.ok) return info
    const { pod } = target.value.target
    const groups = byPrefix(keys.value)
    const others = groups.filter((one) => !/^(cache|ratelimit):/.test(one.prefix))
    const spaces = [...info.value.text.matchAll(/^(db\d+):keys=(\d+)/gm)].map(
      (match) => `${match[1]}: ${match[2]} keys`,
    )
    return ok({
      act: scope === 'db' ? `Empty the Redis database in ${pod}` : `Empty all Redis databases in ${pod}`,
      target: { kind: 'Redis', namespace: pods.namespace, name: pod },
      changes: [
        {
          type: 'list',
          title: `${keys.value.length} keys go, by prefix`,
          items: groups.slice(0, 20).map((one) => `${one.prefix} · ${one.count}`),
          ...(groups.length > 20 ? { more: groups.length - 20 } : {}),
        },
        ...(scope === 'all' ? [{ type: 'list' as const, title: 'Databases', items: spaces }] : []),
      ],
      touches: groups.slice(0, 12).map((one) => `${one.count} keys ${one.prefix}`),
      warnings: [
        ...target.value.warnings,
        ...(others.length > 0
          ? [
              {
                level: 'danger' as const,
                text: `This also removes ${others
                  .slice(0, 4)
                  .map((one) => `${one.count} keys ${one.prefix}`)
                  .join(', ')}: sessions and snapshots in the same database.`,
              },
            ]
          : []),
        { level: 'info', text: 'A narrower way exists: remove only the keys of one prefix.' },
        { level: 'warn', text: 'Until the cache has filled again, reads go to the database.' },
      ],
      undo: { possible: false, text: 'Keys that are removed cannot be brought back.' },
      confirmName: pod,
      bindings: [target.value.binding],
      payload: asJson({
        ...target.value.target,
        command: scope === 'db' ? 'FLUSHDB' : 'FLUSHALL',
        keys: keys.value.length,
      } satisfies Payload),
    })
  },
  async apply(context, plan) {
    const p = plan.payload as unknown as Payload
    const at = context.now().toISOString()
    const done = await changeIn(context, p, ['redis-cli', p.command], 30_000)
    return done.ok ? ok({ summary: `${p.command} removed ${p.keys} keys`, at, payload: {} }) : done
  },
  async *verify(context, plan) {
    const p = plan.payload as unknown as Payload
    const size = await ask(context, { namespace: p.namespace, pod: p.pod }, ['DBSIZE'])
    if (!size.ok)
      yield { state: 'unknown', message: `The keys could not be counted again: ${size.error.message}` }
    // Traffic refills it at once: what must not be is that the former keys stayed.
    else if (Number(size.value.text) <= Math.max(p.keys / 2, 200))
      yield { state: 'done', message: `${size.value.text} keys now, ${p.keys} before` }
    else yield { state: 'failed', message: `${size.value.text} keys are there still, of ${p.keys}` }
  },
}
