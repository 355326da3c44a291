import 'server-only'
import { z } from 'zod'
import { fail, ok } from '@/lib/core/result'
import { podArgument } from '@/lib/operations/commands'
import { changeIn } from '@/lib/operations/in-pods'
import { asJson, type PodTarget, podTarget } from '@/lib/operations/pod-fix'
import { podSelection } from '@/lib/operations/pod-selection'
import type { Fix } from '@/lib/operations/types'
import { redisInside, scan } from './redis-cli'

/** A prefix and a star: a pattern that could mean every key is not narrow. */
const pattern = z.string().regex(/^[\w.-]+:[\w.:-]*\*$/, 'A prefix with a colon, then a star: events:*')
const params = podSelection.extend({ pattern })
/** Keys in one UNLINK, so that no argv grows beyond what an exec takes. */
const BATCH = 200

interface Payload extends PodTarget {
  pattern: string
  found: number
}

/** Removes the keys of one prefix by SCAN and UNLINK; `DEL "events:*"` would remove nothing. */
export const unlinkPrefix: Fix<z.infer<typeof params>> = {
  id: 'redis.unlink-prefix',
  title: 'Remove the keys of one prefix',
  effect: 'write',
  needs: 'fix:run',
  risk: 'medium',
  params,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const call = redisInside(commands, hints)
    if (!call) return undefined
    const glob = (text: string | undefined) => (pattern.safeParse(text).success ? text : undefined)
    if (
      (call.name === 'DEL' || call.name === 'UNLINK') &&
      call.rest.length === 1 &&
      call.filters.length === 0
    ) {
      const found = glob(call.rest[0])
      return found ? { ...call.pods, pattern: found } : undefined
    }
    const [pipe, ...more] = call.filters
    const found =
      call.name === '--scan' && call.rest[0] === '--pattern' && call.rest.length === 2
        ? glob(call.rest[1])
        : undefined
    const unlinks =
      pipe?.program === 'xargs' &&
      more.length === 0 &&
      /\bredis-cli\b.*\b(UNLINK|DEL)$/i.test(pipe.argv.join(' '))
    return found && unlinks ? { ...call.pods, pattern: found } : undefined
  },
  kubectl: (p) =>
    `kubectl exec ${podArgument(p)} -n ${p.namespace} -- redis-cli --scan --pattern '${p.pattern}' | xargs -n ${BATCH} kubectl exec ${podArgument(p)} -n ${p.namespace} -- redis-cli UNLINK`,
  async plan(context, { pattern: wanted, ...pods }) {
    const [target, keys] = await Promise.all([podTarget(context, pods), scan(context, pods, wanted)])
    if (!target.ok) return target
    if (!keys.ok) return keys
    if (keys.value.length === 0)
      return fail('precondition_failed', `No key matches ${wanted}; there is nothing to remove.`)
    const { pod } = target.value.target
    return ok({
      act: `Remove ${keys.value.length} keys ${wanted}`,
      target: { kind: 'Redis', namespace: pods.namespace, name: pod },
      changes: [
        {
          type: 'list',
          title: 'Keys that go',
          items: keys.value.slice(0, 12),
          ...(keys.value.length > 12 ? { more: keys.value.length - 12 } : {}),
        },
      ],
      touches: [`${keys.value.length} keys ${wanted} in ${pod}`],
      warnings: [
        ...target.value.warnings,
        { level: 'info', text: 'Other keys stay. Keys that come while this runs may stay too.' },
      ],
      undo: {
        possible: false,
        text: 'Keys that are removed cannot be brought back; the application writes them anew.',
      },
      confirmName: pod,
      bindings: [target.value.binding],
      payload: asJson({
        ...target.value.target,
        pattern: wanted,
        found: keys.value.length,
      } satisfies Payload),
    })
  },
  async apply(context, plan) {
    const p = plan.payload as unknown as Payload
    const keys = await scan(context, { namespace: p.namespace, pod: p.pod }, p.pattern)
    if (!keys.ok) return keys
    const at = context.now().toISOString()
    let removed = 0
    for (let i = 0; i < keys.value.length; i += BATCH) {
      const done = await changeIn(context, p, ['redis-cli', 'UNLINK', ...keys.value.slice(i, i + BATCH)])
      if (!done.ok)
        return fail(
          done.error.code,
          `${removed} of ${keys.value.length} keys were removed, then: ${done.error.message}`,
          { retryable: false },
        )
      removed += Number(done.value.stdout) || 0
    }
    return ok({ summary: `${removed} keys removed`, at, payload: asJson({ removed }) })
  },
  async *verify(context, plan, applied) {
    const p = plan.payload as unknown as Payload
    const { removed } = applied.payload as { removed?: number }
    const keys = await scan(context, { namespace: p.namespace, pod: p.pod }, p.pattern)
    if (!keys.ok)
      yield { state: 'unknown', message: `The keys could not be counted again: ${keys.error.message}` }
    else if (keys.value.length < p.found)
      yield {
        state: 'done',
        message:
          keys.value.length === 0
            ? 'No such key is left'
            : `${keys.value.length} such keys were written since`,
      }
    else if (removed === 0)
      yield { state: 'failed', message: `None was removed; ${keys.value.length} such keys are there` }
    else if (keys.value.length === p.found)
      yield {
        state: 'done',
        message: `${keys.value.length} such keys were written anew by the traffic since`,
      }
    else yield { state: 'failed', message: `${keys.value.length} such keys are there, ${p.found} before` }
  },
}
