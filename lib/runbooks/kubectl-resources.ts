/** Kinds by every name kubectl takes for them: plural, singular, short. Source: kubectl api-resources. */
const TABLE: [kind: string, group: string, names: string][] = [
  ['Pod', '', 'pods pod po'],
  ['Service', '', 'services service svc'],
  ['Endpoints', '', 'endpoints ep'],
  ['ConfigMap', '', 'configmaps configmap cm'],
  ['Secret', '', 'secrets secret'],
  ['Namespace', '', 'namespaces namespace ns'],
  ['Node', '', 'nodes node no'],
  ['Event', '', 'events event ev'],
  ['PersistentVolumeClaim', '', 'persistentvolumeclaims persistentvolumeclaim pvc'],
  ['PersistentVolume', '', 'persistentvolumes persistentvolume pv'],
  ['ServiceAccount', '', 'serviceaccounts serviceaccount sa'],
  ['ResourceQuota', '', 'resourcequotas resourcequota quota'],
  ['LimitRange', '', 'limitranges limitrange limits'],
  ['ReplicationController', '', 'replicationcontrollers replicationcontroller rc'],
  ['Deployment', 'apps', 'deployments deployment deploy'],
  ['ReplicaSet', 'apps', 'replicasets replicaset rs'],
  ['StatefulSet', 'apps', 'statefulsets statefulset sts'],
  ['DaemonSet', 'apps', 'daemonsets daemonset ds'],
  ['Job', 'batch', 'jobs job'],
  ['CronJob', 'batch', 'cronjobs cronjob cj'],
  ['HorizontalPodAutoscaler', 'autoscaling', 'horizontalpodautoscalers horizontalpodautoscaler hpa'],
  ['PodDisruptionBudget', 'policy', 'poddisruptionbudgets poddisruptionbudget pdb'],
  ['Ingress', 'networking.k8s.io', 'ingresses ingress ing'],
  ['NetworkPolicy', 'networking.k8s.io', 'networkpolicies networkpolicy netpol'],
  ['EndpointSlice', 'discovery.k8s.io', 'endpointslices endpointslice'],
  ['StorageClass', 'storage.k8s.io', 'storageclasses storageclass sc'],
  [
    'CustomResourceDefinition',
    'apiextensions.k8s.io',
    'customresourcedefinitions customresourcedefinition crd crds',
  ],
]

const BY_NAME = new Map(
  TABLE.flatMap(([kind, group, names]) => names.split(' ').map((name) => [name, { kind, group }] as const)),
)

/** The kind a resource name means: `deploy`, `deployments.apps`, `Deployment`. Undefined for custom resources. */
export function kindOf(name: string): { kind: string; group: string } | undefined {
  const [plural = '', ...group] = name.toLowerCase().split('.')
  const found = BY_NAME.get(plural)
  // `deployments.apps`, `deployments.v1.apps`, `services.v1.`; any other group has a kind of its own.
  const named = group.join('.').replace(/^v\d\w*(\.|$)/, '')
  return found && (group.length === 0 || named === found.group) ? found : undefined
}
