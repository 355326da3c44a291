/** The resource types the practice cluster serves, as kubectl's discovery wants to see them. */
export interface KindInfo {
  kind: string
  group: string
  version: string
  plural: string
  singular: string
  shortNames: string[]
  namespaced: boolean
  subresources: string[]
}

function kind(
  group: string,
  version: string,
  name: string,
  plural: string,
  shortNames: string[] = [],
  extra: { namespaced?: boolean; subresources?: string[] } = {},
): KindInfo {
  return {
    kind: name,
    group,
    version,
    plural,
    singular: name.toLowerCase(),
    shortNames,
    namespaced: extra.namespaced ?? true,
    subresources: extra.subresources ?? [],
  }
}

const SCALABLE = { subresources: ['scale', 'status'] }

export const KINDS: readonly KindInfo[] = [
  kind('', 'v1', 'Pod', 'pods', ['po'], {
    subresources: ['status', 'log', 'exec', 'portforward', 'proxy', 'eviction'],
  }),
  kind('', 'v1', 'Service', 'services', ['svc'], { subresources: ['status', 'proxy'] }),
  kind('', 'v1', 'Endpoints', 'endpoints', ['ep']),
  kind('', 'v1', 'ConfigMap', 'configmaps', ['cm']),
  kind('', 'v1', 'Secret', 'secrets'),
  kind('', 'v1', 'Namespace', 'namespaces', ['ns'], { namespaced: false }),
  kind('', 'v1', 'Node', 'nodes', ['no'], { namespaced: false }),
  kind('', 'v1', 'Event', 'events', ['ev']),
  kind('', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', ['pvc']),
  kind('', 'v1', 'ServiceAccount', 'serviceaccounts', ['sa']),
  kind('', 'v1', 'ResourceQuota', 'resourcequotas', ['quota']),
  kind('', 'v1', 'LimitRange', 'limitranges', ['limits']),
  kind('apps', 'v1', 'Deployment', 'deployments', ['deploy'], SCALABLE),
  kind('apps', 'v1', 'ReplicaSet', 'replicasets', ['rs'], SCALABLE),
  kind('apps', 'v1', 'StatefulSet', 'statefulsets', ['sts'], SCALABLE),
  kind('apps', 'v1', 'DaemonSet', 'daemonsets', ['ds'], { subresources: ['status'] }),
  kind('apps', 'v1', 'ControllerRevision', 'controllerrevisions'),
  kind('batch', 'v1', 'Job', 'jobs'),
  kind('autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', ['hpa']),
  kind('policy', 'v1', 'PodDisruptionBudget', 'poddisruptionbudgets', ['pdb']),
  kind('networking.k8s.io', 'v1', 'Ingress', 'ingresses', ['ing']),
  kind('certificates.k8s.io', 'v1', 'CertificateSigningRequest', 'certificatesigningrequests', ['csr'], {
    namespaced: false,
    subresources: ['approval', 'status'],
  }),
  kind('discovery.k8s.io', 'v1', 'EndpointSlice', 'endpointslices'),
]

const BY_KIND = new Map(KINDS.map((info) => [info.kind, info]))

/** The type of a kind; throws on one the cluster does not serve, which is a mistake in our own code. */
export function kindInfo(name: string): KindInfo {
  const info = BY_KIND.get(name)
  if (!info) throw new Error(`The practice cluster serves no kind ${name}.`)
  return info
}

/** The type at a REST path's group, version and plural. */
export function kindAt(group: string, version: string, plural: string): KindInfo | undefined {
  return KINDS.find(
    (info) =>
      info.plural === plural &&
      info.group === group &&
      (info.version === version || (group === 'autoscaling' && version === 'v1')),
  )
}

/** `v1` or `apps/v1`. */
export function apiVersionOf(info: KindInfo): string {
  return info.group ? `${info.group}/${info.version}` : info.version
}
