import type { ServerResponse } from 'node:http'
import { markForeground, orphan } from '../controllers/lifecycle'
import type { Manager } from '../controllers/manager'
import type { KubeObject } from '../types'
import { apiVersionOf, type KindInfo } from './kinds'
import { type ResourcePath, sendJson } from './paths'
import { podOf } from './pods'
import { fieldMatcher, labelMatcher } from './selectors'
import { ApiError } from './status'

/** Kinds whose deletion may wait for what they own. */
const OWNING = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet']

/** Refuses a deletion that was meant for another object, or another version of it. */
export function preconditions(
  info: KindInfo,
  { metadata }: KubeObject,
  wanted: { uid?: string; resourceVersion?: string } = {},
): void {
  const refuse = (what: string, mine: string, why: string) =>
    new ApiError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${info.kind} "${metadata.name}": the ${what} in the precondition (${mine}) does not match the ${what} in record (${what === 'UID' ? metadata.uid : metadata.resourceVersion}). The object might have been ${why}`,
      { name: metadata.name, kind: info.kind },
    )
  if (wanted.uid && wanted.uid !== metadata.uid) throw refuse('UID', wanted.uid, 'deleted and then recreated')
  if (wanted.resourceVersion && wanted.resourceVersion !== metadata.resourceVersion)
    throw refuse('ResourceVersion', wanted.resourceVersion, 'modified')
}

/** Deletes one object as its kind is deleted. */
export function removeOne(
  manager: Manager,
  info: KindInfo,
  object: KubeObject,
  options: { force?: boolean; policy?: string } = {},
): void {
  const { namespace, name } = object.metadata
  if (info.kind === 'Pod') manager.deletePod(object, options)
  else if (info.kind === 'Namespace') {
    manager.store.change('Namespace', undefined, name, (one) => {
      one.metadata.deletionTimestamp ??= manager.store.timestamp()
      one.status = { ...one.status, phase: 'Terminating' }
    })
  } else if (options.policy === 'Foreground' && OWNING.includes(info.kind))
    markForeground(manager.store, object)
  else {
    if (options.policy === 'Orphan') orphan(manager.store, object)
    manager.store.remove(info, namespace, name)
  }
}

export function deleteMany(
  manager: Manager,
  target: ResourcePath,
  query: URLSearchParams,
  dryRun: boolean,
  response: ServerResponse,
): void {
  const labels = labelMatcher(query.get('labelSelector'))
  const fields = fieldMatcher(query.get('fieldSelector'), target.info.kind)
  const items = manager.store
    .list(target.info.kind, target.namespace)
    .filter((one) => labels(one.metadata.labels ?? {}) && fields(one))
  if (!dryRun) for (const item of items) removeOne(manager, target.info, item)
  sendJson(response, 200, {
    kind: `${target.info.kind}List`,
    apiVersion: apiVersionOf(target.info),
    metadata: { resourceVersion: manager.store.resourceVersion },
    items,
  })
}

/** POST pods/NAME/eviction: a deletion that budgets may forbid. */
export function evict(
  manager: Manager,
  namespace: string,
  name: string,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const pod = podOf(manager.store, namespace, name)
  for (const budget of manager.store.list('PodDisruptionBudget', namespace)) {
    const labels = budget.spec.selector?.matchLabels ?? {}
    const covered = Object.entries(labels).every(([key, value]) => pod.metadata.labels?.[key] === value)
    if (covered && (budget.status?.disruptionsAllowed ?? 0) < 1) {
      throw new ApiError(
        429,
        'TooManyRequests',
        "Cannot evict pod as it would violate the pod's disruption budget.",
        {
          causes: [
            {
              reason: 'DisruptionBudget',
              message: `The disruption budget ${budget.metadata.name} needs ${budget.status?.desiredHealthy} healthy pods and has ${budget.status?.currentHealthy} currently`,
            },
          ],
        },
      )
    }
  }
  if (query.get('dryRun') !== 'All') manager.deletePod(pod)
  sendJson(response, 201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 })
}
