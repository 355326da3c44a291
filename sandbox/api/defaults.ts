import type { KubeObject } from '../types'

// biome-ignore lint/suspicious/noExplicitAny: stored API objects are open JSON
type Open = any

/** The DaemonSet's own count of its templates, older than revisions. */
export const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation'

const PROBES = ['readinessProbe', 'livenessProbe', 'startupProbe']

/** Fills in what the API server fills in (SetDefaults_* of k8s.io/kubernetes/pkg/apis/core/v1). */
export function setPodDefaults(spec: Open): void {
  for (const container of spec.containers ?? []) {
    container.imagePullPolicy ??= /:latest$|^[^:@]+$/.test(container.image ?? '') ? 'Always' : 'IfNotPresent'
    container.resources ??= {}
    container.terminationMessagePath ??= '/dev/termination-log'
    container.terminationMessagePolicy ??= 'File'
    for (const port of container.ports ?? []) port.protocol ??= 'TCP'
    for (const name of PROBES) if (container[name]) setProbeDefaults(container[name])
    const { requests, limits } = container.resources
    if (limits && Object.keys(limits).length > 0) container.resources.requests = { ...limits, ...requests }
  }
  spec.restartPolicy ??= 'Always'
  spec.terminationGracePeriodSeconds ??= 30
  spec.dnsPolicy ??= 'ClusterFirst'
  spec.securityContext ??= {}
  spec.schedulerName ??= 'default-scheduler'
}

function setProbeDefaults(probe: Open): void {
  probe.timeoutSeconds ??= 1
  probe.periodSeconds ??= 10
  probe.successThreshold ??= 1
  probe.failureThreshold ??= 3
  if (probe.httpGet) {
    probe.httpGet.scheme ??= 'HTTP'
    probe.httpGet.path ??= '/'
  }
}

const NOT_READY = ['not-ready', 'unreachable'].map((one) => ({
  effect: 'NoExecute',
  key: `node.kubernetes.io/${one}`,
  operator: 'Exists',
}))

/** What admission adds to a Pod: service account, priority, and how long it stays on a node that is lost. */
export function admitPod(spec: Open): void {
  setPodDefaults(spec)
  spec.enableServiceLinks ??= true
  spec.preemptionPolicy ??= 'PreemptLowerPriority'
  spec.priority ??= 0
  spec.serviceAccountName ??= 'default'
  spec.serviceAccount ??= spec.serviceAccountName
  const tolerations: Open[] = spec.tolerations ?? []
  for (const one of NOT_READY)
    if (!tolerations.some((other) => other.key === one.key))
      tolerations.push({ ...one, tolerationSeconds: 300 })
  spec.tolerations = tolerations
}

/** Quality of service class: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/ */
export function qosOf(spec: Open): string {
  const all: { requests?: Record<string, string>; limits?: Record<string, string> }[] = spec.containers.map(
    (one: { resources?: object }) => one.resources ?? {},
  )
  if (all.every((one) => !one.requests && !one.limits)) return 'BestEffort'
  const guaranteed = all.every((one) =>
    ['cpu', 'memory'].every(
      (name) => one.limits?.[name] && (one.requests?.[name] ?? one.limits[name]) === one.limits[name],
    ),
  )
  return guaranteed ? 'Guaranteed' : 'Burstable'
}

/** What the DaemonSet controller adds to its pods: they stay on a node in any state. */
export const DAEMON_TOLERATIONS = [
  ...NOT_READY,
  ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map((one) => ({
    effect: 'NoSchedule',
    key: `node.kubernetes.io/${one}`,
    operator: 'Exists',
  })),
]

/** Fills in an object's own defaults, as the API server does before it validates. */
export function setDefaults(kind: string, object: KubeObject): void {
  const spec: Open = object.spec
  // Empty maps are not written out (`omitempty` of ObjectMeta).
  for (const field of ['labels', 'annotations'] as const)
    if (Object.keys(object.metadata[field] ?? { kept: '' }).length === 0) delete object.metadata[field]
  if (kind === 'Pod' && spec) {
    admitPod(spec)
    object.status ??= { phase: 'Pending', qosClass: qosOf(spec) }
  }
  if (kind === 'Secret') object.type ??= 'Opaque'
  if (kind === 'Namespace') {
    object.metadata.labels = {
      ...object.metadata.labels,
      'kubernetes.io/metadata.name': object.metadata.name,
    }
    object.spec = { finalizers: ['kubernetes'], ...spec }
    object.status ??= { phase: 'Active' }
  }
  if (!spec) return
  if (spec.template?.spec) setPodDefaults(spec.template.spec)
  if (kind === 'Deployment') setDeploymentDefaults(spec)
  if (kind === 'StatefulSet') {
    spec.replicas ??= 1
    spec.serviceName ??= ''
    spec.podManagementPolicy ??= 'OrderedReady'
    spec.revisionHistoryLimit ??= 10
    spec.persistentVolumeClaimRetentionPolicy ??= { whenDeleted: 'Retain', whenScaled: 'Retain' }
    spec.updateStrategy ??= {}
    spec.updateStrategy.type ??= 'RollingUpdate'
    if (spec.updateStrategy.type === 'RollingUpdate') spec.updateStrategy.rollingUpdate ??= { partition: 0 }
  }
  if (kind === 'DaemonSet') {
    const { annotations } = object.metadata
    object.metadata.annotations = { [TEMPLATE_GENERATION]: '1', ...annotations }
    spec.revisionHistoryLimit ??= 10
    spec.updateStrategy ??= {}
    spec.updateStrategy.type ??= 'RollingUpdate'
    if (spec.updateStrategy.type === 'RollingUpdate')
      spec.updateStrategy.rollingUpdate = {
        maxSurge: 0,
        maxUnavailable: 1,
        ...spec.updateStrategy.rollingUpdate,
      }
  }
  if (kind === 'ReplicaSet') spec.replicas ??= 1
  if (kind === 'HorizontalPodAutoscaler') spec.minReplicas ??= 1
  if (kind === 'Service') setServiceDefaults(object)
}

function setDeploymentDefaults(spec: Open): void {
  spec.replicas ??= 1
  spec.revisionHistoryLimit ??= 10
  spec.progressDeadlineSeconds ??= 600
  spec.strategy ??= {}
  spec.strategy.type ??= 'RollingUpdate'
  if (spec.strategy.type === 'RollingUpdate')
    spec.strategy.rollingUpdate = { maxSurge: '25%', maxUnavailable: '25%', ...spec.strategy.rollingUpdate }
}

let nextServiceIp = 1

function setServiceDefaults(object: KubeObject): void {
  const { spec } = object
  spec.type ??= 'ClusterIP'
  spec.sessionAffinity ??= 'None'
  for (const port of spec.ports ?? []) {
    port.protocol ??= 'TCP'
    port.targetPort ??= port.port
  }
  if (spec.type !== 'ExternalName') {
    if (!spec.clusterIP) {
      spec.clusterIP = `10.96.1.${nextServiceIp}`
      nextServiceIp += 1
    }
    spec.clusterIPs ??= [spec.clusterIP]
    spec.internalTrafficPolicy ??= 'Cluster'
    spec.ipFamilies ??= ['IPv4']
    spec.ipFamilyPolicy ??= 'SingleStack'
  }
  object.status ??= { loadBalancer: {} }
}
