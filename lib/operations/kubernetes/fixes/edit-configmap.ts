import 'server-only'
import { stringify } from 'yaml'
import { z } from 'zod'
import { fail, ok } from '@/lib/core/result'
import { kubectl } from '@/lib/operations/commands'
import { type Fix, type Json, type Plan, RUN_ANNOTATION } from '@/lib/operations/types'
import type { Command } from '@/lib/runbooks/command'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { KubeObject } from '@/lib/targets/types'
import { bind } from './bind'
import { managedBy, payloadOf, podsOf, refuseRollout, targetOf, watchRollout } from './rollout'

const params = z.object({
  namespace: z.string(),
  name: z.string(),
  data: z.record(z.string(), z.string().nullable()),
  restart: z.string().optional(),
})

/** max_connections and superuser_reserved_connections of PostgreSQL as shipped; the plan says so when it uses them. */
const MAX_CONNECTIONS = 100
const RESERVED = 3

interface Payload {
  namespace: string
  name: string
  data: Record<string, string | null>
  former: Record<string, string | null>
  resourceVersion: string
  restart?: { ref: string; kind: 'Deployment' | 'StatefulSet' | 'DaemonSet'; name: string }
}

function dataOf(command: Command): Record<string, string> | undefined {
  if (command.program !== 'kubectl' || command.verb !== 'patch' || command.filters.length > 0)
    return undefined
  const text = command.flags.patch
  if (command.resources[0]?.kind !== 'ConfigMap' || typeof text !== 'string') return undefined
  try {
    const read = z
      .object({ data: z.record(z.string(), z.string()) })
      .strict()
      .safeParse(JSON.parse(text))
    return read.success ? read.data.data : undefined
  } catch {
    return undefined
  }
}

/** Changes settings in a ConfigMap, and restarts the workload that reads them at its start. */
export const editConfigmap: Fix<z.infer<typeof params>> = {
  id: 'kubernetes.edit-configmap',
  title: 'Change settings',
  effect: 'write',
  several: true,
  severalWrites: true,
  needs: 'fix:run',
  risk: 'medium',
  params,
  starts: ['kubectl patch'],
  recognise(commands) {
    const [edit, restart, ...more] = commands
    const data = edit ? dataOf(edit) : undefined
    if (!edit || !data || more.length > 0 || edit.program !== 'kubectl') return undefined
    const target = restart ? kubectl([restart], 'rollout', 'restart')?.resources[0] : undefined
    if (restart && (!target?.name || (restart.program === 'kubectl' && restart.namespace !== edit.namespace)))
      return undefined
    return {
      namespace: edit.namespace ?? 'default',
      name: edit.resources[0]?.name ?? '',
      data,
      ...(target?.name ? { restart: `${target.kind.toLowerCase()}/${target.name}` } : {}),
    }
  },
  kubectl: (p) => {
    const line = `kubectl patch configmap ${p.name} -n ${p.namespace} --type merge -p '${JSON.stringify({ data: p.data })}'`
    return p.restart ? `${line}\nkubectl rollout restart ${p.restart} -n ${p.namespace}` : line
  },
  async plan(context, p) {
    const found = await context.cluster.get(RESOURCE.ConfigMap, p.name, p.namespace)
    if (!found.ok) return found
    const map: KubeObject = { ...found.value, kind: 'ConfigMap' }
    const current: Record<string, string> = map.data ?? {}
    const keys = Object.keys(p.data)
    if (keys.every((key) => (current[key] ?? null) === p.data[key]))
      return fail(
        'precondition_failed',
        `${p.name} already has ${keys.join(', ')} set to that; nothing would change.`,
      )
    const target = p.restart ? await targetOf(context, p.namespace, p.restart) : undefined
    if (target && !target.ok) return target
    if (target) {
      const refused = refuseRollout(target.value)
      if (!refused.ok) return refused
    }
    const resourceVersion = map.metadata.resourceVersion ?? ''
    const dry = await context.dryRun.dryPatch(RESOURCE.ConfigMap, p.name, p.namespace, 'merge', {
      metadata: { resourceVersion },
      data: p.data,
    })
    if (!dry.ok) return dry
    const pick = (data: Record<string, string>) =>
      stringify(Object.fromEntries(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1))))
    const pods = target ? await podsOf(context, target.value) : ok([])
    if (!pods.ok) return pods
    const warnings: Plan['warnings'] = [...managedBy(map)]
    const pool = Number(p.data.DB_POOL_SIZE)
    const count: number = target?.value.object.spec?.replicas ?? pods.value.length
    if (Number.isFinite(pool) && pool * count > MAX_CONNECTIONS - RESERVED)
      warnings.push({
        level: 'danger',
        text: `${count} pods × ${pool} connections are ${pool * count}; PostgreSQL takes ${MAX_CONNECTIONS} by default, ${RESERVED} of them reserved.`,
      })
    if (!target)
      warnings.push({
        level: 'info',
        text: 'Settings in the environment of a process are read at its start: without a restart nothing changes there.',
      })
    const former = Object.fromEntries(keys.map((key) => [key, current[key] ?? null]))
    const payload: Payload = {
      namespace: p.namespace,
      name: p.name,
      data: p.data,
      former,
      resourceVersion,
      ...(target
        ? { restart: { ref: target.value.ref, kind: target.value.kind, name: target.value.name } }
        : {}),
    }
    return ok({
      act: `Set ${keys.join(', ')} in ${p.name}`,
      target: { kind: 'ConfigMap', namespace: p.namespace, name: p.name },
      changes: [
        {
          type: 'diff',
          title: `ConfigMap ${p.name}`,
          before: pick(current),
          after: pick(dry.value.data ?? {}),
        },
        ...(target
          ? [
              {
                type: 'text' as const,
                title: 'Then',
                text: `A rolling restart of ${target.value.ref}, ${pods.value.length} pods: the setting is read at start.`,
              },
            ]
          : []),
      ],
      touches: pods.value.map((pod) => pod.metadata.name),
      warnings,
      undo: { possible: true, text: 'Can be undone until someone else edits these keys.' },
      confirmName: p.name,
      bindings: [
        bind(map, { data: Object.fromEntries(keys.map((key) => [key, current[key] ?? null])) }),
        ...(target ? [bind(target.value.object, { template: target.value.object.spec?.template })] : []),
      ],
      payload: payload as unknown as Json,
    })
  },
  async apply(context, plan) {
    const { namespace, name, data, resourceVersion, restart } = payloadOf<Payload>(plan.payload)
    const at = context.now().toISOString()
    const written = await context.cluster.patch(RESOURCE.ConfigMap, name, namespace, 'merge', {
      metadata: { resourceVersion, annotations: { [RUN_ANNOTATION]: context.runId } },
      data,
    })
    if (!written.ok) return written
    if (!restart) return ok({ summary: `${name} written`, at, payload: {} })
    const rolled = await context.cluster.patch(RESOURCE[restart.kind], restart.name, namespace, 'strategic', {
      metadata: { annotations: { [RUN_ANNOTATION]: context.runId } },
      spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': at } } } },
    })
    if (!rolled.ok)
      return fail(
        rolled.error.code,
        `${name} is written, but the restart of ${restart.ref} was not accepted: ${rolled.error.message}`,
        { hint: `Restart ${restart.ref}, or undo the setting.`, retryable: false },
      )
    return ok({ summary: `${name} written, restart of ${restart.ref} sent`, at, payload: {} })
  },
  async *verify(context, plan) {
    const { namespace, restart, name, data } = payloadOf<Payload>(plan.payload)
    if (restart) {
      yield* watchRollout(context, { namespace, ref: restart.ref })
      return
    }
    const read = await context.cluster.get(RESOURCE.ConfigMap, name, namespace)
    if (!read.ok)
      yield { state: 'unknown', message: `${name} could not be read again: ${read.error.message}` }
    else if (Object.entries(data).every(([key, value]) => (read.value.data?.[key] ?? null) === value))
      yield { state: 'done', message: `${name} holds the new values` }
    else yield { state: 'failed', message: `${name} does not hold the new values; something else wrote it` }
  },
  undo(plan) {
    const { namespace, name, former, restart } = payloadOf<Payload>(plan.payload)
    return {
      operation: 'kubernetes.edit-configmap',
      params: { namespace, name, data: former, ...(restart ? { restart: restart.ref } : {}) },
    }
  },
}
