import 'server-only'
import { fail, ok, type Result } from '../core/result'
import { selects } from '../targets/label-selector'
import { RESOURCE } from '../targets/resource-types'
import type { KubeObject } from '../targets/types'
import type { PodSelection } from './pod-selection'
import type { ReadContext } from './types'

/** Kinds of which pods and rollouts are looked up by the name. */
export const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const
export type WorkloadKind = (typeof WORKLOADS)[number]

/** Whether a pod is one that serves or should: not one that ran to its end. */
export function isFinished(pod: KubeObject): boolean {
  return (
    pod.status?.phase === 'Succeeded' || (pod.status?.phase === 'Failed' && pod.status?.reason !== 'Evicted')
  )
}

/**
 * The workload a name means. `deployment/redis` when only a StatefulSet redis exists gives that one with a
 * note. Errors: not_found when there is none of any kind, and whatever reading returned.
 */
export async function resolveWorkload(
  context: Pick<ReadContext, 'cluster'>,
  namespace: string,
  workload: string,
): Promise<Result<{ object: KubeObject; kind: WorkloadKind; note?: string }>> {
  const [wantedKind, name = ''] = workload.includes('/') ? workload.split('/') : [undefined, workload]
  const wanted = WORKLOADS.find((kind) => kind.toLowerCase() === wantedKind?.toLowerCase())
  // A Rollout, a ReplicaSet or a Job of that name is another object than the Deployment.
  if (wantedKind !== undefined && !wanted)
    return fail('not_found', `a ${wantedKind} is no workload that is looked up here`)
  const order = wanted ? [wanted, ...WORKLOADS.filter((kind) => kind !== wanted)] : [...WORKLOADS]
  for (const kind of order) {
    const found = await context.cluster.get(RESOURCE[kind], name, namespace)
    if (found.ok)
      return ok({
        object: found.value,
        kind,
        ...(wanted && kind !== wanted ? { note: `${name} is a ${kind} here, not a ${wanted}` } : {}),
      })
    if (found.error.code !== 'not_found') return found
  }
  return fail('not_found', `there is no workload ${name} in ${namespace}`)
}

/**
 * Whether `KIND/NAME` made this pod, by its owner: that of a Deployment's pod is a ReplicaSet with the Deployment's
 * name and the pod's template hash (kubernetes/pkg/controller/deployment/sync.go).
 */
function isOwnedBy(pod: KubeObject, workload: string): boolean {
  const [kind = '', name] = workload.toLowerCase().split('/')
  return (pod.metadata.ownerReferences ?? []).some((owner) =>
    owner.controller && owner.kind === 'ReplicaSet'
      ? kind === 'deployment' && owner.name === `${name}-${pod.metadata.labels?.['pod-template-hash']}`
      : owner.controller && owner.kind.toLowerCase() === kind && owner.name === name,
  )
}

/** The pods of a selection, finished ones left out. An empty list is an answer, not an error. */
export async function resolvePods(
  context: Pick<ReadContext, 'cluster'>,
  selection: PodSelection,
): Promise<Result<{ pods: KubeObject[]; note?: string }>> {
  const { namespace, selector } = selection
  // What a selector means is for the API server to say.
  const listed = await context.cluster.list(RESOURCE.Pod, {
    namespace,
    ...(selector ? { labelSelector: selector } : {}),
  })
  if (!listed.ok) return listed
  const alive = listed.value.filter((pod) => !isFinished(pod) && !pod.metadata.deletionTimestamp)
  if (selection.pod) return ok(byName(alive, selection.pod))
  if (selection.prefix)
    return ok({ pods: alive.filter((pod) => pod.metadata.name.startsWith(selection.prefix ?? '')) })
  if (selector || !selection.workload) return ok({ pods: alive })
  const owned = alive.filter((pod) => isOwnedBy(pod, selection.workload ?? ''))
  if (owned.length > 0) return ok({ pods: owned })
  const workload = await resolveWorkload(context, namespace, selection.workload)
  if (workload.ok) {
    return ok({
      pods: alive.filter((pod) => selects(workload.value.object.spec?.selector, pod.metadata.labels)),
      ...(workload.value.note ? { note: workload.value.note } : {}),
    })
  }
  if (workload.error.code !== 'not_found') return workload
  // `deployment/postgresql` where the pods are postgresql-primary-0 and postgresql-replica-0.
  const name = selection.workload.split('/').at(-1) ?? ''
  const kin = alive.filter(
    (pod) => pod.metadata.labels?.app === name || pod.metadata.name.startsWith(`${name}-`),
  )
  return kin.length > 0
    ? ok({
        pods: kin,
        note: `there is no workload ${name}; looked at ${kin.map((pod) => pod.metadata.name).join(', ')}`,
      })
    : workload
}

function byName(pods: KubeObject[], name: string): { pods: KubeObject[]; note?: string } {
  const exact = pods.filter((pod) => pod.metadata.name === name)
  if (exact.length > 0) return { pods: exact }
  // `postgresql-0` where the primary is postgresql-primary-0.
  const base = name.replace(/-\d+$/, '')
  const kin = pods.filter(
    (pod) => pod.metadata.name.startsWith(`${base}-`) || pod.metadata.labels?.app === base,
  )
  const primary = kin.find((pod) => pod.metadata.labels?.role === 'primary') ?? kin[0]
  return primary
    ? { pods: [primary], note: `there is no pod ${name}; looked at ${primary.metadata.name}` }
    : { pods: [] }
}

/** The name of the container a command should run in: the one the pod names as its default, else the first. */
export function containerOf(pod: KubeObject): string {
  const named = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container']
  return named ?? pod.spec?.containers?.[0]?.name ?? ''
}

/** Whether the pod's first container runs, so that something in it can be asked at all. */
export function isRunning(pod: KubeObject): boolean {
  const [first] = pod.status?.containerStatuses ?? []
  return first?.state?.running !== undefined
}

/** Whether the pod's Ready condition is true. */
export function isReady(pod: KubeObject): boolean {
  return (pod.status?.conditions ?? []).some(
    (one: { type: string; status: string }) => one.type === 'Ready' && one.status === 'True',
  )
}
