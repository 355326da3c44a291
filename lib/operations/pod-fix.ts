import 'server-only'
import { ok, type Result } from '../core/result'
import { onePod } from './in-pods'
import type { PodSelection } from './pod-selection'
import { containerOf } from './resolve-pods'
import type { Binding, Json, Plan, ReadContext } from './types'

export interface PodTarget {
  namespace: string
  pod: string
  container: string
}

/** The one pod in which a program makes a change, and how the plan is tied to it. */
export async function podTarget(
  context: Pick<ReadContext, 'cluster'>,
  selection: PodSelection,
): Promise<Result<{ target: PodTarget; binding: Binding; warnings: Plan['warnings']; uid: string }>> {
  const found = await onePod(context, selection)
  if (!found.ok) return found
  const { pod, note } = found.value
  const uid = pod.metadata.uid ?? ''
  return ok({
    target: { namespace: selection.namespace, pod: pod.metadata.name, container: containerOf(pod) },
    // Another pod by that name is another process: then the plan is stale.
    binding: { object: `Pod/${selection.namespace}/${pod.metadata.name}`, uid, fields: '' },
    warnings: note ? [{ level: 'info', text: `${note}.` }] : [],
    uid,
  })
}

/** A payload as JSON. */
export function asJson(value: object): Json {
  return value as Json
}
