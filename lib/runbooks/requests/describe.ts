import type { KubectlCommand } from '../command'
import { type NamedType, typeOf } from '../kubectl-resources'
import { isOn, objectsOf, placeOf } from './place'
import { EVENTS, labelsOf, typesOf } from './reads'
import { type ApiRequest, get, pathOf, type Requests, STAND_IN } from './request'

/** Types of which kubectl describes no events (k8s.io/kubectl/pkg/describe). */
const WITHOUT_EVENTS = new Set([
  'Secret',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
])

/**
 * `kubectl describe`: each object, what its describer reads beside it, and its events. An object that was named is
 * read twice: once to find it, once to describe it.
 */
export function describeRequests(command: KubectlCommand): Requests {
  const objects = objectsOf(command)
  if (objects.length === 0) return { manual: 'kubectl describe names no resource.' }
  const place = placeOf(command)
  // A namespace that cannot exist, in words that somebody is to replace, has no events.
  const withEvents = command.flags['show-events'] !== 'false' && !/\s/.test(place ?? '')
  const requests: ApiRequest[] = []
  for (const object of objects) {
    if (object.name !== undefined && command.selector !== undefined)
      return { manual: 'kubectl takes a name or a selector, not both.' }
    for (const type of typesOf(object)) {
      const name = object.name ?? STAND_IN.name
      requests.push(
        object.name === undefined
          ? get(pathOf(type, place), { labelSelector: command.selector, limit: '500' })
          : get(pathOf(type, place, name)),
      )
      // A list across all namespaces does not say which one the object is in.
      if (isOn(command, 'all-namespaces') || command.allNamespaces) continue
      requests.push(get(pathOf(type, place, name)), ...beside(type, place, name, withEvents))
    }
  }
  return { requests }
}

function beside(type: NamedType, place: string | undefined, name: string, withEvents: boolean): ApiRequest[] {
  const list = (plural: string, values: Record<string, string> = {}) =>
    get(pathOf(typeOf(plural) as NamedType, place), { ...values, limit: '500' })
  const events = withEvents && !WITHOUT_EVENTS.has(type.kind) ? [eventsOf(type, place, name)] : []
  const ofLabels = { labelSelector: labelsOf() }
  switch (type.kind) {
    case 'Node':
      return [
        get('/api/v1/pods', {
          fieldSelector: `spec.nodeName=${name},status.phase!=Failed,status.phase!=Succeeded`,
          limit: '500',
        }),
        // Some components record events of a node under its name instead of its UID.
        ...(withEvents ? [eventsOf(type, undefined, name), eventsOf(type, undefined, name, name)] : []),
        get(`/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`),
      ]
    case 'PersistentVolumeClaim':
      return [list('pods'), ...events]
    case 'ServiceAccount':
      return [list('secrets'), ...events]
    case 'Deployment':
      return [...events, list('replicasets', ofLabels)]
    case 'DaemonSet':
    case 'StatefulSet':
    case 'ReplicaSet':
    case 'ReplicationController':
      return [list('pods', ofLabels), ...events]
    case 'Service':
      return [get(pathOf(typeOf('endpoints') as NamedType, place, name)), ...events]
    case 'Namespace':
      return [
        get(`/api/v1/namespaces/${name}/resourcequotas`, { limit: '500' }),
        get(`/api/v1/namespaces/${name}/limitranges`, { limit: '500' }),
      ]
    default:
      return events
  }
}

function eventsOf(
  type: NamedType,
  place: string | undefined,
  name: string,
  uid: string = STAND_IN.uid,
): ApiRequest {
  const namespace = type.namespaced ? place : undefined
  const terms = [
    `involvedObject.name=${name}`,
    `involvedObject.namespace=${namespace ?? ''}`,
    // The pod's describer asks by UID alone.
    ...(type.kind === 'Pod' ? [] : [`involvedObject.kind=${type.kind}`]),
    `involvedObject.uid=${uid}`,
  ]
  return get(pathOf(EVENTS, namespace), { fieldSelector: terms.join(','), limit: '500' })
}
