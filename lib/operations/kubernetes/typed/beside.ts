import 'server-only'
import { ok, type Result } from '@/lib/core/result'
import type { ReadContext } from '@/lib/operations/types'
import { typeOf, typeOfManifest } from '@/lib/runbooks/kubectl-resources'
import { type Beside, selectorText, servicesOf } from '@/lib/runbooks/printers/describe'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { KubeObject, ListOptions, ResourceType } from '@/lib/targets/types'

type Read = Omit<Beside, 'now' | 'events'>
type Reader = Pick<ReadContext, 'cluster'>

/**
 * What kubectl reads beside an object to describe it (see lib/runbooks/requests/describe.ts; since 1.31 a Service's
 * endpoints come from its slices), events apart. Errors: those of the reads, since a text without what could not be
 * read would be a wrong one. With `several` objects, what the reads of each have in common is read once for all.
 */
export async function besideOf(context: Reader, object: KubeObject, several = false): Promise<Result<Read>> {
  const { name, namespace } = object.metadata
  const place = namespace ? { namespace } : {}
  const { group } = typeOfManifest(object.apiVersion ?? 'v1', object.kind ?? '')
  switch (`${object.kind} ${group}`) {
    case 'Node ':
      return besideNode(context, name, several)
    case 'PersistentVolumeClaim ':
      return listed(context, 'pods', RESOURCE.Pod, place)
    case 'StatefulSet apps':
    case 'DaemonSet apps':
    case 'ReplicaSet apps':
      return listed(context, 'pods', RESOURCE.Pod, { ...place, labelSelector: selectorOf(object) })
    case 'Deployment apps':
      return listed(context, 'replicaSets', RESOURCE.ReplicaSet, {
        ...place,
        labelSelector: selectorOf(object),
      })
    case 'Service ':
      return listed(context, 'endpointSlices', RESOURCE.EndpointSlice, {
        ...place,
        labelSelector: `kubernetes.io/service-name=${name}`,
      })
    case 'ServiceAccount ':
      return listed(context, 'secrets', RESOURCE.Secret, place)
    case 'Namespace ': {
      const quotas = await listed(context, 'quotas', RESOURCE.ResourceQuota, { namespace: name })
      if (!quotas.ok) return quotas
      const ranges = await listed(context, 'limitRanges', RESOURCE.LimitRange, { namespace: name })
      return ranges.ok ? ok({ ...quotas.value, ...ranges.value }) : ranges
    }
    case 'Ingress networking.k8s.io':
      return besideIngress(context, object)
    default:
      return ok({})
  }
}

/** A list under the name that describers know it by. */
async function listed(
  { cluster }: Reader,
  as: keyof Read,
  type: ResourceType,
  options: ListOptions,
): Promise<Result<Read>> {
  const answer = await cluster.list(type, options)
  return answer.ok ? ok({ [as]: answer.value }) : answer
}

/** The labels by which a controller knows its pods. An empty selector selects all there are. */
function selectorOf({ spec }: KubeObject): string {
  return selectorText(spec?.selector)
}

async function besideNode(context: Reader, name: string, several: boolean): Promise<Result<Read>> {
  const [pods, lease] = await Promise.all([
    podsOn(context, name, several),
    context.cluster.get(typeOf('leases') as ResourceType, name, 'kube-node-lease'),
  ])
  if (!pods.ok) return pods
  if (lease.ok) return ok({ ...pods.value, lease: { object: lease.value } })
  if (lease.error.code !== 'not_found') return lease
  // A server that knows no leases answers without words of its own, and these are the client's.
  const absent = /^HTTP \d+$/.test(lease.error.message)
    ? `the server could not find the requested resource (get leases.coordination.k8s.io ${name})`
    : lease.error.message
  return ok({ ...pods.value, lease: { absent } })
}

/** The pods of a node that have not ended. A list of all pods is asked for once, whatever the number of nodes. */
async function podsOn(context: Reader, node: string, several: boolean): Promise<Result<Read>> {
  if (!several) {
    const fieldSelector = `spec.nodeName=${node},status.phase!=Failed,status.phase!=Succeeded`
    return listed(context, 'pods', RESOURCE.Pod, { fieldSelector })
  }
  const all = await context.cluster.list(RESOURCE.Pod)
  if (!all.ok) return all
  const ended = ['Failed', 'Succeeded']
  return ok({
    pods: all.value.filter(({ spec, status }) => spec?.nodeName === node && !ended.includes(status?.phase)),
  })
}

async function besideIngress(context: Reader, ingress: KubeObject): Promise<Result<Read>> {
  const { namespace } = ingress.metadata
  const place = namespace ? { namespace } : {}
  const slices = await listed(context, 'endpointSlices', RESOURCE.EndpointSlice, place)
  if (!slices.ok) return slices
  const services: KubeObject[] = []
  for (const name of servicesOf(ingress)) {
    const found = await context.cluster.get(RESOURCE.Service, name, namespace)
    if (found.ok) services.push(found.value)
    else if (found.error.code !== 'not_found') return found
  }
  return ok({ ...slices.value, services })
}
