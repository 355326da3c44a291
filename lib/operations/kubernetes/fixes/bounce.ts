import 'server-only'
import { z } from 'zod'
import { fail, ok } from '@/lib/core/result'
import { workloadIn } from '@/lib/operations/commands'
import { type Fix, RUN_ANNOTATION } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import { bind } from './bind'
import { managedBy, pause, payloadOf, podsOf, targetOf, watchRollout } from './rollout'

const params = z.object({ namespace: z.string(), workload: z.string() })
const GONE_LIMIT_MS = 120_000

interface Payload {
  namespace: string
  ref: string
  kind: 'Deployment' | 'StatefulSet'
  name: string
  resourceVersion: string
  count: number
}

/** Scales to zero, waits until all pods are gone, and back to the count it had. */
export const bounce: Fix<z.infer<typeof params>> = {
  id: 'kubernetes.bounce',
  title: 'Scale to zero and back',
  effect: 'write',
  several: true,
  severalWrites: true,
  needs: 'fix:run',
  risk: 'high',
  params,
  starts: ['kubectl scale'],
  recognise(commands) {
    const [down, up, ...more] = commands
    if (!down || !up || more.length > 0) return undefined
    const read = (command: typeof down) =>
      command.program === 'kubectl' && command.verb === 'scale'
        ? {
            workload: workloadIn(command),
            replicas: Number(command.flags.replicas),
            namespace: command.namespace ?? 'default',
          }
        : undefined
    const first = read(down)
    const second = read(up)
    if (
      first?.replicas !== 0 ||
      !second ||
      !(second.replicas > 0) ||
      first.namespace !== second.namespace ||
      first.workload !== second.workload ||
      !first.workload
    )
      return undefined
    return { namespace: first.namespace, workload: first.workload }
  },
  kubectl: (p) =>
    `kubectl scale ${p.workload} --replicas=0 -n ${p.namespace}\nkubectl scale ${p.workload} --replicas=<former-count> -n ${p.namespace}`,
  async plan(context, p) {
    const found = await targetOf(context, p.namespace, p.workload)
    if (!found.ok) return found
    const { object, kind, ref, name } = found.value
    if (kind === 'DaemonSet') return fail('invalid_input', `${ref} runs one pod a node and cannot be scaled.`)
    const count: number = object.spec?.replicas ?? 1
    if (count === 0) return fail('precondition_failed', `${ref} is at zero already. Scale it up instead.`)
    const pods = await podsOf(context, found.value)
    if (!pods.ok) return pods
    return ok({
      act: `Scale ${ref} to zero and back to ${count}`,
      target: { kind, namespace: p.namespace, name },
      changes: [
        {
          type: 'list',
          title: 'In this order',
          items: [
            `${ref}: ${count} → 0 pods`,
            'Wait until all pods are gone (at most 2 min)',
            `${ref}: 0 → ${count} pods`,
          ],
        },
      ],
      touches: pods.value.map((pod) => pod.metadata.name),
      warnings: [
        { level: 'danger', text: `${name} answers nobody until the new pods are ready.` },
        { level: 'info', text: 'If the second half fails the former count is sent once more.' },
        ...managedBy(object),
      ],
      undo: {
        possible: false,
        text: 'The pods that ended do not come back; the count is put back by the fix itself.',
      },
      confirmName: name,
      bindings: [bind(object, { replicas: count })],
      payload: {
        namespace: p.namespace,
        ref,
        kind,
        name,
        resourceVersion: object.metadata.resourceVersion ?? '',
        count,
      } satisfies Payload,
    })
  },
  async apply(context, plan) {
    const payload = payloadOf<Payload>(plan.payload)
    const at = context.now().toISOString()
    const scale = (replicas: number, resourceVersion?: string) =>
      context.cluster.patch(RESOURCE[payload.kind], payload.name, payload.namespace, 'merge', {
        metadata: {
          ...(resourceVersion ? { resourceVersion } : {}),
          annotations: { [RUN_ANNOTATION]: context.runId },
        },
        spec: { replicas },
      })
    const down = await scale(0, payload.resourceVersion)
    if (!down.ok) return down
    const end = Date.now() + GONE_LIMIT_MS
    let left = payload.count
    while (left > 0 && Date.now() < end && !context.signal.aborted) {
      const found = await targetOf(context, payload.namespace, payload.ref)
      left = found.ok ? (found.value.object.status?.replicas ?? 0) : left
      if (left > 0) await pause(300, context.signal)
    }
    const up = await scale(payload.count)
    if (up.ok)
      return ok({
        summary: `${payload.ref} went to zero${left > 0 ? ` (${left} pods were still ending)` : ''} and was set back to ${payload.count}`,
        at,
        payload: {},
      })
    const again = await scale(payload.count)
    if (again.ok)
      return ok({
        summary: `${payload.ref} was set back to ${payload.count} at the second try`,
        at,
        payload: {},
      })
    return fail(
      again.error.code,
      `${payload.ref} is at zero and could not be set back to ${payload.count}: ${again.error.message}`,
      {
        hint: `Scale it now: kubectl scale ${payload.ref} --replicas=${payload.count} -n ${payload.namespace}`,
        retryable: false,
      },
    )
  },
  verify: (context, plan) => watchRollout(context, payloadOf<Payload>(plan.payload)),
}
