import 'server-only'
import { fail, ok, type Result } from '@/lib/core/result'
import { isReady, resolveWorkload, type WorkloadKind } from '@/lib/operations/resolve-pods'
import type { Json, Plan, Progress, ReadContext } from '@/lib/operations/types'
import { selects } from '@/lib/targets/label-selector'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { KubeObject } from '@/lib/targets/types'
import { isComplete, rolloutCounts } from '@/lib/verdicts/rollout'

/** A rollout that has not ended after this is left to a person. */
const ROLLOUT_LIMIT_MS = 5 * 60_000
const LOOK_EVERY_MS = 400

export interface Target {
  object: KubeObject
  kind: WorkloadKind
  /** `deployment/backend-api`. */
  ref: string
  namespace: string
  name: string
  note?: string
}

/** The workload of a fix; the one that is really there when the kind in the line is wrong. */
export async function targetOf(
  context: Pick<ReadContext, 'cluster'>,
  namespace: string,
  workload: string,
): Promise<Result<Target>> {
  const found = await resolveWorkload(context, namespace, workload)
  if (!found.ok) return found
  const { object, kind, note } = found.value
  const { name } = object.metadata
  return ok({
    object: { ...object, kind },
    kind,
    ref: `${kind.toLowerCase()}/${name}`,
    namespace,
    name,
    ...(note ? { note } : {}),
  })
}

/** Names of the pods a workload runs now. */
export async function podsOf(
  context: Pick<ReadContext, 'cluster'>,
  target: Target,
): Promise<Result<KubeObject[]>> {
  const listed = await context.cluster.list(RESOURCE.Pod, { namespace: target.namespace })
  if (!listed.ok) return listed
  return ok(
    listed.value.filter(
      (pod) =>
        pod.status?.phase !== 'Succeeded' &&
        !pod.metadata.deletionTimestamp &&
        selects(target.object.spec?.selector, pod.metadata.labels),
    ),
  )
}

/** Refuses a paused workload, as kubectl does, and one without pods to replace. */
export function refuseRollout(target: Target): Result<void> {
  if (target.object.spec?.paused)
    return fail(
      'precondition_failed',
      `${target.ref} is paused, so nothing would roll out. Resume it first (kubectl rollout resume ${target.ref} -n ${target.namespace}).`,
    )
  return ok(undefined)
}

/** Warnings that every rolling change deserves: one in progress, managed by a tool, budgets. */
export async function rolloutWarnings(
  context: Pick<ReadContext, 'cluster'>,
  target: Target,
): Promise<Plan['warnings']> {
  const warnings: Plan['warnings'] = []
  if (target.note) warnings.push({ level: 'info', text: `${target.note}.` })
  const counts = rolloutCounts(target.object)
  if (counts.wanted > 0 && !isComplete(target.object))
    warnings.push({
      level: 'warn',
      text: `A rollout is under way or cannot finish: ${counts.updated} of ${counts.wanted} updated, ${counts.ready} ready.`,
    })
  if (counts.wanted === 0) warnings.push({ level: 'warn', text: 'It is scaled to zero: no pod will start.' })
  warnings.push(...managedBy(target.object))
  const budgets = await context.cluster.list(RESOURCE.PodDisruptionBudget, { namespace: target.namespace })
  if (budgets.ok) {
    for (const budget of budgets.value) {
      if (selects(budget.spec?.selector, target.object.spec?.template?.metadata?.labels))
        warnings.push({
          level: 'info',
          text: `PodDisruptionBudget ${budget.metadata.name}: ${budget.status?.disruptionsAllowed ?? 0} disruptions allowed now. A rolling change keeps to its own maxUnavailable.`,
        })
    }
  }
  return warnings
}

/** A tool that would put the former state back: Helm, Argo CD, Flux. */
export function managedBy(object: KubeObject): Plan['warnings'] {
  const { labels = {}, annotations = {} } = object.metadata
  const tool = annotations['meta.helm.sh/release-name']
    ? 'Helm'
    : annotations['argocd.argoproj.io/tracking-id'] || labels['argocd.argoproj.io/instance']
      ? 'Argo CD'
      : labels['kustomize.toolkit.fluxcd.io/name'] || labels['helm.toolkit.fluxcd.io/name']
        ? 'Flux'
        : undefined
  return tool
    ? [
        {
          level: 'warn',
          text: `${object.metadata.name} is managed by ${tool}, which may put the former state back. Change it there too.`,
        },
      ]
    : []
}

/** Sleeps, or ends early when the run is cancelled. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}

/** Watches a rollout until all pods are new and ready; for a count of zero, until all are gone. */
export async function* watchRollout(
  context: ReadContext,
  workload: { namespace: string; ref: string },
  limitMs = ROLLOUT_LIMIT_MS,
): AsyncIterable<Progress> {
  const end = Date.now() + limitMs
  let said = ''
  while (!context.signal.aborted) {
    const found = await targetOf(context, workload.namespace, workload.ref)
    if (!found.ok && !found.error.retryable) {
      yield { state: 'unknown', message: `The rollout can no longer be seen: ${found.error.message}` }
      return
    }
    if (found.ok) {
      const counts = rolloutCounts(found.value.object)
      const pods = await podsOf(context, found.value)
      const ready = pods.ok ? pods.value.filter(isReady).length : counts.ready
      if (isComplete(found.value.object) && (!pods.ok || pods.value.length === counts.wanted)) {
        yield {
          state: 'done',
          message:
            counts.wanted === 0
              ? 'All pods are gone'
              : `${counts.ready} of ${counts.wanted} pods replaced and ready`,
          done: counts.wanted,
          total: counts.wanted,
        }
        return
      }
      const message = `${Math.min(counts.updated, counts.wanted)} of ${counts.wanted} pods replaced, ${ready} ready`
      if (message !== said) {
        said = message
        yield {
          state: 'running',
          message,
          done: Math.min(counts.updated, counts.ready, counts.wanted),
          total: counts.wanted,
        }
      }
    }
    if (Date.now() > end) {
      yield {
        state: 'failed',
        message: `The rollout has not ended after ${Math.round(limitMs / 60_000)} min: ${said}`,
      }
      return
    }
    await pause(LOOK_EVERY_MS, context.signal)
  }
  yield { state: 'unknown', message: 'Watching was cancelled; the change itself stays.' }
}

/** Reads a plan's or outcome's payload as the shape its own operation wrote. */
export function payloadOf<T>(payload: Json): T {
  return payload as T
}
