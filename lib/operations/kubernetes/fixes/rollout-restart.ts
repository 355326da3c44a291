import 'server-only'
import { z } from 'zod'
import { fail, ok } from '@/lib/core/result'
import { kubectl, workloadIn } from '@/lib/operations/commands'
import { isReady } from '@/lib/operations/resolve-pods'
import { type Fix, RUN_ANNOTATION } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import { bind } from './bind'
import { payloadOf, podsOf, refuseRollout, rolloutWarnings, targetOf, watchRollout } from './rollout'

const params = z.object({ namespace: z.string(), workload: z.string() })

interface Payload {
  namespace: string
  ref: string
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet'
  name: string
  resourceVersion: string
  revision: string | null
  /** Pods that the controller would wait for instead of replacing them. */
  stuck: { name: string; uid: string }[]
}

/** The patch of `kubectl rollout restart` (polymorphichelpers/objectrestarter.go), marked with the run. */
function patch(at: string, runId: string, resourceVersion: string) {
  return {
    metadata: { resourceVersion, annotations: { [RUN_ANNOTATION]: runId } },
    spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': at } } } },
  }
}

/** Replaces all pods of a workload, a few at a time. */
export const rolloutRestart: Fix<z.infer<typeof params>> = {
  id: 'kubernetes.rollout-restart',
  title: 'Restart a workload',
  effect: 'write',
  needs: 'fix:run',
  risk: 'medium',
  params,
  starts: ['kubectl rollout'],
  recognise(commands) {
    const command = kubectl(commands, 'rollout', 'restart')
    const workload = workloadIn(command)
    if (!command || !workload || command.filters.length > 0) return undefined
    return { namespace: command.namespace ?? 'default', workload }
  },
  kubectl: (p) => `kubectl rollout restart ${p.workload} -n ${p.namespace}`,
  async plan(context, p) {
    const found = await targetOf(context, p.namespace, p.workload)
    if (!found.ok) return found
    const target = found.value
    const refused = refuseRollout(target)
    if (!refused.ok) return refused
    const { object } = target
    const dry = await context.dryRun.dryPatch(
      RESOURCE[target.kind],
      target.name,
      target.namespace,
      'strategic',
      patch(context.now().toISOString(), 'preview', object.metadata.resourceVersion ?? ''),
    )
    if (!dry.ok) return dry
    const [pods, warnings] = await Promise.all([podsOf(context, target), rolloutWarnings(context, target)])
    if (!pods.ok) return pods
    const names = pods.value.map((pod) => pod.metadata.name)
    // An OrderedReady StatefulSet waits for a pod that is not ready, and would wait for ever (kubernetes/kubernetes#67250).
    const ordered = target.kind === 'StatefulSet' && object.spec?.podManagementPolicy !== 'Parallel'
    const stuck = ordered
      ? pods.value
          .filter((pod) => !isReady(pod))
          .map((pod) => ({ name: pod.metadata.name, uid: pod.metadata.uid ?? '' }))
      : []
    const rolling = object.spec?.strategy?.rollingUpdate
    const pace =
      target.kind === 'Deployment'
        ? `at most ${rolling?.maxSurge ?? '25%'} more and ${rolling?.maxUnavailable ?? '25%'} fewer than ${object.spec?.replicas ?? 1} at a time`
        : 'one at a time'
    const revision: string | null = object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? null
    return ok({
      act: `Restart ${target.ref}`,
      target: { kind: target.kind, namespace: target.namespace, name: target.name },
      changes: [
        {
          type: 'text',
          title: 'What will change',
          text: `A new revision of ${target.ref} in ${target.namespace} replaces all ${names.length} pods, ${pace}. Nothing else in its template changes.`,
        },
        ...(stuck.length > 0
          ? [
              {
                type: 'list' as const,
                title:
                  'Deleted, because a StatefulSet waits for pods that are not ready instead of replacing them',
                items: stuck.map((pod) => pod.name),
              },
            ]
          : []),
      ],
      touches: names,
      warnings,
      undo: revision
        ? {
            possible: true,
            text: `Rolling back to revision ${revision} is possible; it replaces the pods once more.`,
          }
        : { possible: false, text: 'The pods that were replaced do not come back.' },
      confirmName: target.name,
      bindings: [bind(object, { template: object.spec?.template, replicas: object.spec?.replicas })],
      payload: {
        namespace: target.namespace,
        ref: target.ref,
        kind: target.kind,
        name: target.name,
        resourceVersion: object.metadata.resourceVersion ?? '',
        revision,
        stuck,
      } satisfies Payload,
    })
  },
  async apply(context, plan) {
    const { kind, name, namespace, resourceVersion, ref, stuck } = payloadOf<Payload>(plan.payload)
    const at = context.now().toISOString()
    const done = await context.cluster.patch(
      RESOURCE[kind],
      name,
      namespace,
      'strategic',
      patch(at, context.runId, resourceVersion),
    )
    if (!done.ok) return done
    for (const pod of stuck) {
      const removed = await context.cluster.remove(RESOURCE.Pod, pod.name, namespace, { uid: pod.uid })
      // Gone, or another pod by that name: then it has been replaced already.
      if (!removed.ok && !['not_found', 'stale', 'conflict'].includes(removed.error.code))
        return fail(
          removed.error.code,
          `The restart of ${ref} is sent, but ${pod.name}, which is not ready, could not be deleted: ${removed.error.message}`,
          { hint: `Delete it: kubectl delete pod ${pod.name} -n ${namespace}`, retryable: false },
        )
    }
    const extra = stuck.length > 0 ? `, ${stuck.map((pod) => pod.name).join(', ')} deleted` : ''
    return ok({ summary: `Restart of ${ref} sent${extra}`, at, payload: {} })
  },
  verify: (context, plan) => watchRollout(context, payloadOf<Payload>(plan.payload)),
  undo(plan) {
    const { namespace, ref, revision, kind } = payloadOf<Payload>(plan.payload)
    if (kind !== 'Deployment' || !revision)
      return { irreversible: 'The pods that were replaced do not come back.' }
    return {
      operation: 'kubernetes.rollout-undo',
      params: { namespace, workload: ref, toRevision: Number(revision) },
    }
  },
}
