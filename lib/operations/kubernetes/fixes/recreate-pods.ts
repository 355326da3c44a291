import 'server-only'
import { z } from 'zod'
import { fail, ok } from '@/lib/core/result'
import { kubectl } from '@/lib/operations/commands'
import { resolvePods } from '@/lib/operations/resolve-pods'
import type { Fix, Json } from '@/lib/operations/types'
import { selects } from '@/lib/targets/label-selector'
import { RESOURCE } from '@/lib/targets/resource-types'
import { workloadOf } from '@/lib/verdicts/pods'
import { bind } from './bind'
import { pause, payloadOf, watchRollout } from './rollout'

const params = z.object({ namespace: z.string(), selector: z.string() })
const PER_POD_MS = 60_000

interface Payload {
  namespace: string
  selector: string
  workload: string | null
  pods: { name: string; uid: string }[]
}

/** Ends pods one after another through the eviction API, so that disruption budgets are kept. */
export const recreatePods: Fix<z.infer<typeof params>> = {
  id: 'kubernetes.recreate-pods',
  title: 'Recreate pods',
  effect: 'write',
  needs: 'fix:run',
  risk: 'high',
  params,
  starts: ['kubectl delete'],
  recognise(commands) {
    const command = kubectl(commands, 'delete')
    if (
      !command?.selector ||
      command.resources[0]?.kind !== 'Pod' ||
      command.resources[0].name ||
      command.filters.length > 0
    )
      return undefined
    return { namespace: command.namespace ?? 'default', selector: command.selector }
  },
  kubectl: (p) => `kubectl delete pod -l ${p.selector} -n ${p.namespace}`,
  async plan(context, p) {
    const found = await resolvePods(context, p)
    if (!found.ok) return found
    const { pods } = found.value
    if (pods.length === 0)
      return fail(
        'precondition_failed',
        `No pod in ${p.namespace} carries ${p.selector}; there is nothing to recreate.`,
      )
    const budgets = await context.cluster.list(RESOURCE.PodDisruptionBudget, { namespace: p.namespace })
    const covering = budgets.ok
      ? budgets.value.filter((one) => pods.some((pod) => selects(one.spec?.selector, pod.metadata.labels)))
      : []
    const orphan = pods.filter((pod) => !workloadOf(pod))
    return ok({
      act: `Recreate ${pods.length} pods (${p.selector})`,
      target: { kind: 'Pods', namespace: p.namespace, name: p.selector },
      changes: [
        {
          type: 'text',
          title: 'What will change',
          text: `${pods.length} pods are evicted one after another; each next one waits until the budget allows it. Their workload starts new ones.`,
        },
      ],
      touches: pods.map((pod) => pod.metadata.name),
      warnings: [
        {
          level: 'info',
          text: 'The eviction API is used: unlike a plain delete it respects PodDisruptionBudgets.',
        },
        ...covering.map((one) => ({
          level: 'info' as const,
          text: `PodDisruptionBudget ${one.metadata.name} allows ${one.status?.disruptionsAllowed ?? 0} now.`,
        })),
        ...(orphan.length > 0
          ? [
              {
                level: 'danger' as const,
                text: `${orphan.map((pod) => pod.metadata.name).join(', ')}: no workload would start this again.`,
              },
            ]
          : []),
      ],
      undo: { possible: false, text: 'The pods that ended do not come back; new ones take their place.' },
      confirmName: p.selector,
      bindings: pods.map((pod) => bind({ ...pod, kind: 'Pod' }, {})),
      payload: {
        namespace: p.namespace,
        selector: p.selector,
        workload: (pods[0] && workloadOf(pods[0])) ?? null,
        pods: pods.map((pod) => ({ name: pod.metadata.name, uid: pod.metadata.uid ?? '' })),
      } satisfies Payload as unknown as Json,
    })
  },
  async apply(context, plan) {
    const { namespace, pods } = payloadOf<Payload>(plan.payload)
    const at = context.now().toISOString()
    let ended = 0
    for (const pod of pods) {
      const end = Date.now() + PER_POD_MS
      for (;;) {
        const done = await context.cluster.evict({ namespace, ...pod })
        if (done.ok || done.error.code === 'not_found') break
        // A budget says "not now": asking again is how evictions are meant to be used; nothing was done yet.
        if (done.error.code !== 'conflict' || Date.now() > end || context.signal.aborted) {
          return fail(
            done.error.code,
            `${ended} of ${pods.length} pods were evicted, then ${pod.name} was refused: ${done.error.message}`,
            { retryable: false },
          )
        }
        await pause(500, context.signal)
      }
      ended += 1
    }
    return ok({ summary: `${ended} pods evicted`, at, payload: {} })
  },
  async *verify(context, plan) {
    const { namespace, workload } = payloadOf<Payload>(plan.payload)
    if (workload) yield* watchRollout(context, { namespace, ref: workload })
    else
      yield {
        state: 'unknown',
        message: 'No workload owns these pods, so whether new ones came cannot be told',
      }
  },
}
