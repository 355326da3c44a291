/**
 * Resource types by every name kubectl takes for them. Source: `kubectl api-resources` of 1.32, and the cluster-wide
 * types of OpenShift that its runbooks name most. `cluster` marks those without a namespace.
 */
const TABLE: [kind: string, group: string, version: string, names: string, scope?: 'cluster'][] = [
  ['Pod', '', 'v1', 'pods pod po'],
  ['Service', '', 'v1', 'services service svc'],
  ['Endpoints', '', 'v1', 'endpoints ep'],
  ['ConfigMap', '', 'v1', 'configmaps configmap cm'],
  ['Secret', '', 'v1', 'secrets secret'],
  ['Namespace', '', 'v1', 'namespaces namespace ns', 'cluster'],
  ['Node', '', 'v1', 'nodes node no', 'cluster'],
  ['Event', '', 'v1', 'events event ev'],
  ['PersistentVolumeClaim', '', 'v1', 'persistentvolumeclaims persistentvolumeclaim pvc'],
  ['PersistentVolume', '', 'v1', 'persistentvolumes persistentvolume pv', 'cluster'],
  ['ServiceAccount', '', 'v1', 'serviceaccounts serviceaccount sa'],
  ['ResourceQuota', '', 'v1', 'resourcequotas resourcequota quota'],
  ['LimitRange', '', 'v1', 'limitranges limitrange limits'],
  ['ReplicationController', '', 'v1', 'replicationcontrollers replicationcontroller rc'],
  ['PodTemplate', '', 'v1', 'podtemplates podtemplate'],
  ['ComponentStatus', '', 'v1', 'componentstatuses componentstatus cs', 'cluster'],
  ['Deployment', 'apps', 'v1', 'deployments deployment deploy'],
  ['ReplicaSet', 'apps', 'v1', 'replicasets replicaset rs'],
  ['StatefulSet', 'apps', 'v1', 'statefulsets statefulset sts'],
  ['DaemonSet', 'apps', 'v1', 'daemonsets daemonset ds'],
  ['ControllerRevision', 'apps', 'v1', 'controllerrevisions controllerrevision'],
  ['Job', 'batch', 'v1', 'jobs job'],
  ['CronJob', 'batch', 'v1', 'cronjobs cronjob cj'],
  ['HorizontalPodAutoscaler', 'autoscaling', 'v2', 'horizontalpodautoscalers horizontalpodautoscaler hpa'],
  ['PodDisruptionBudget', 'policy', 'v1', 'poddisruptionbudgets poddisruptionbudget pdb'],
  ['Ingress', 'networking.k8s.io', 'v1', 'ingresses ingress ing'],
  ['IngressClass', 'networking.k8s.io', 'v1', 'ingressclasses ingressclass', 'cluster'],
  ['NetworkPolicy', 'networking.k8s.io', 'v1', 'networkpolicies networkpolicy netpol'],
  ['EndpointSlice', 'discovery.k8s.io', 'v1', 'endpointslices endpointslice'],
  ['StorageClass', 'storage.k8s.io', 'v1', 'storageclasses storageclass sc', 'cluster'],
  ['VolumeAttachment', 'storage.k8s.io', 'v1', 'volumeattachments volumeattachment', 'cluster'],
  ['CSIDriver', 'storage.k8s.io', 'v1', 'csidrivers csidriver', 'cluster'],
  ['CSINode', 'storage.k8s.io', 'v1', 'csinodes csinode', 'cluster'],
  ['CSIStorageCapacity', 'storage.k8s.io', 'v1', 'csistoragecapacities csistoragecapacity'],
  ['Lease', 'coordination.k8s.io', 'v1', 'leases lease'],
  ['PriorityClass', 'scheduling.k8s.io', 'v1', 'priorityclasses priorityclass pc', 'cluster'],
  ['RuntimeClass', 'node.k8s.io', 'v1', 'runtimeclasses runtimeclass', 'cluster'],
  ['Role', 'rbac.authorization.k8s.io', 'v1', 'roles role'],
  ['RoleBinding', 'rbac.authorization.k8s.io', 'v1', 'rolebindings rolebinding'],
  ['ClusterRole', 'rbac.authorization.k8s.io', 'v1', 'clusterroles clusterrole', 'cluster'],
  [
    'ClusterRoleBinding',
    'rbac.authorization.k8s.io',
    'v1',
    'clusterrolebindings clusterrolebinding',
    'cluster',
  ],
  ['APIService', 'apiregistration.k8s.io', 'v1', 'apiservices apiservice', 'cluster'],
  [
    'MutatingWebhookConfiguration',
    'admissionregistration.k8s.io',
    'v1',
    'mutatingwebhookconfigurations mutatingwebhookconfiguration',
    'cluster',
  ],
  [
    'ValidatingWebhookConfiguration',
    'admissionregistration.k8s.io',
    'v1',
    'validatingwebhookconfigurations validatingwebhookconfiguration',
    'cluster',
  ],
  [
    'ValidatingAdmissionPolicy',
    'admissionregistration.k8s.io',
    'v1',
    'validatingadmissionpolicies validatingadmissionpolicy',
    'cluster',
  ],
  [
    'CertificateSigningRequest',
    'certificates.k8s.io',
    'v1',
    'certificatesigningrequests certificatesigningrequest csr',
    'cluster',
  ],
  [
    'CustomResourceDefinition',
    'apiextensions.k8s.io',
    'v1',
    'customresourcedefinitions customresourcedefinition crd crds',
    'cluster',
  ],
  ['ClusterOperator', 'config.openshift.io', 'v1', 'clusteroperators clusteroperator co', 'cluster'],
  ['ClusterVersion', 'config.openshift.io', 'v1', 'clusterversions clusterversion', 'cluster'],
]

/** A resource type as far as it is known without asking a cluster. */
export interface NamedType {
  kind: string
  group: string
  version: string
  /** As in its path. */
  plural: string
  namespaced: boolean
  /** Only the cluster's own discovery can say what it is; kind, version, plural and scope are the usual ones. */
  custom?: true
}

const TYPES: (NamedType & { names: string[] })[] = TABLE.map(([kind, group, version, names, scope]) => ({
  kind,
  group,
  version,
  names: names.split(' '),
  plural: names.split(' ')[0] ?? '',
  namespaced: scope !== 'cluster',
}))

const BY_NAME = new Map(TYPES.flatMap((type) => type.names.map((name) => [name, type] as const)))
const BY_KIND = new Map(TYPES.map((type) => [`${type.kind} ${type.group}`, type]))

/** The kind a resource name means: `deploy`, `deployments.apps`, `Deployment`. Undefined for custom resources. */
export function kindOf(name: string): { kind: string; group: string } | undefined {
  const [plural = '', ...group] = name.toLowerCase().split('.')
  const found = BY_NAME.get(plural)
  // `deployments.apps`, `deployments.v1.apps`, `services.v1.`; any other group has a kind of its own.
  const named = group.join('.').replace(/^v\d\w*(\.|$)/, '')
  return found && (group.length === 0 || named === found.group)
    ? { kind: found.kind, group: found.group }
    : undefined
}

/** Group of a custom resource whose group is not written: only the cluster knows it (RFC 2606 keeps this name free). */
export const UNKNOWN_GROUP = 'cr.example.com'

/**
 * The type that a resource name means. One that is not built in is taken as a custom resource: its group from the
 * name (`volumes.longhorn.io`, `consoles.v1.operator.openshift.io`), version v1 unless written, the plural by adding an
 * s, in a namespace. Undefined when it cannot be the name of a resource.
 */
export function typeOf(name: string): NamedType | undefined {
  const known = kindOf(name)
  const builtIn = known && BY_KIND.get(`${known.kind} ${known.group}`)
  if (builtIn) return withoutNames(builtIn)
  const [word = '', ...rest] = name.toLowerCase().split('.')
  if (
    !/^[a-z][a-z0-9-]{0,62}$/.test(word) ||
    rest.some((part) => !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(part))
  )
    return undefined
  const version = /^v\d+((alpha|beta)\d+)?$/.test(rest[0] ?? '') ? rest.shift() : undefined
  const singular = word.endsWith('s') ? word.slice(0, -1) : word
  return {
    kind: singular.charAt(0).toUpperCase() + singular.slice(1),
    group: rest.join('.') || UNKNOWN_GROUP,
    version: version ?? 'v1',
    plural: word.endsWith('s') ? word : `${word}s`,
    namespaced: true,
    custom: true,
  }
}

/** The type of a kind as manifests name it: `apps/v1`, `Deployment`. */
export function typeOfManifest(apiVersion: string, kind: string): NamedType {
  const at = apiVersion.lastIndexOf('/')
  const group = at < 0 ? '' : apiVersion.slice(0, at)
  const version = apiVersion.slice(at + 1)
  const builtIn = BY_KIND.get(`${kind} ${group}`)
  if (builtIn) return { ...withoutNames(builtIn), version }
  const word = kind.toLowerCase()
  return {
    kind,
    group,
    version,
    plural: /(s|x|ch|sh)$/.test(word)
      ? `${word}es`
      : /[^aeiou]y$/.test(word)
        ? `${word.slice(0, -1)}ies`
        : `${word}s`,
    namespaced: true,
    custom: true,
  }
}

function withoutNames({ names: _names, ...type }: NamedType & { names: string[] }): NamedType {
  return type
}
