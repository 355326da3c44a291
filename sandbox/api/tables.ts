import type { KubeObject } from '../types'
import { age } from './age'

/** metav1.Table columns as kubectl prints them; priority 1 shows with -o wide only. */
interface Column {
  name: string
  type: 'string' | 'integer' | 'date'
  wide?: boolean
  value(object: KubeObject, now: number): string | number
}

const text = (name: string, value: Column['value'], wide = false): Column => ({
  name,
  type: 'string',
  value,
  wide,
})

const NAME = text('Name', (object) => object.metadata.name)
const AGE = text('Age', (object, now) => age(object.metadata.creationTimestamp, now))

// biome-ignore lint/suspicious/noExplicitAny: container statuses are open JSON
type Status = any

function podStatus(pod: KubeObject): string {
  let reason: string = pod.status?.reason ?? pod.status?.phase ?? 'Unknown'
  const statuses: Status[] = pod.status?.containerStatuses ?? []
  for (const status of [...statuses].reverse()) {
    if (status.state?.waiting?.reason) reason = status.state.waiting.reason
    else if (status.state?.terminated) {
      const { reason: why, signal, exitCode } = status.state.terminated
      reason = why || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`)
    }
  }
  return pod.metadata.deletionTimestamp ? 'Terminating' : reason
}

function restarts(pod: KubeObject, now: number): string {
  const statuses: Status[] = pod.status?.containerStatuses ?? []
  const count = statuses.reduce((sum, status) => sum + (status.restartCount ?? 0), 0)
  const last = statuses
    .map((status) => status.lastState?.terminated?.finishedAt)
    .filter(Boolean)
    .sort()
    .at(-1)
  return count > 0 && last ? `${count} (${age(last, now)} ago)` : String(count)
}

const containers = (object: KubeObject): Status[] => object.spec?.template?.spec?.containers ?? []
const selector = (object: KubeObject) =>
  Object.entries(object.spec?.selector?.matchLabels ?? object.spec?.selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || '<none>'
const WORKLOAD_WIDE = [
  text(
    'Containers',
    (object) =>
      containers(object)
        .map((one) => one.name)
        .join(','),
    true,
  ),
  text(
    'Images',
    (object) =>
      containers(object)
        .map((one) => one.image)
        .join(','),
    true,
  ),
  text('Selector', selector, true),
]
const number = (
  name: string,
  value: (object: KubeObject) => number | undefined,
  type: Column['type'] = 'integer',
): Column => ({ name, type, value: (object) => value(object) ?? 0 })
/** A number in a column that the API server declares as text. */
const count = (name: string, value: (object: KubeObject) => number | undefined) =>
  number(name, value, 'string')

function ports(service: KubeObject): string {
  const list: Status[] = service.spec?.ports ?? []
  return list.map((port) => `${port.port}/${port.protocol ?? 'TCP'}`).join(',') || '<none>'
}

function addresses(endpoints: KubeObject): string {
  const all = (endpoints.subsets ?? []).flatMap((subset: Status) =>
    (subset.addresses ?? []).flatMap((address: Status) =>
      (subset.ports ?? []).map((port: Status) => `${address.ip}:${port.port}`),
    ),
  ) as string[]
  if (all.length === 0) return '<none>'
  return all.length > 3 ? `${all.slice(0, 3).join(',')} + ${all.length - 3} more...` : all.join(',')
}

function hpaTargets(hpa: KubeObject): string {
  const target = hpa.spec?.metrics?.[0]?.resource?.target?.averageUtilization
  const current = hpa.status?.currentMetrics?.[0]?.resource?.current?.averageUtilization
  return `cpu: ${current === undefined ? '<unknown>' : `${current}%`}/${target}%`
}

function addressOf(node: KubeObject, type: string): string {
  const all: Status[] = node.status?.addresses ?? []
  return all.find((one) => one.type === type)?.address ?? '<none>'
}

function kernelOf(node: KubeObject): string {
  const { kernelVersion, architecture } = node.status?.nodeInfo ?? {}
  return kernelVersion ? `${kernelVersion} (${architecture})` : '<unknown>'
}

function controllerOf(object: KubeObject): string {
  const owner = object.metadata.ownerReferences?.[0]
  if (!owner) return '<none>'
  const [group] = String(owner.apiVersion).split('/')
  return `${String(owner.kind).toLowerCase()}.${group}/${owner.name}`
}

const TABLES: Record<string, Column[]> = {
  Pod: [
    NAME,
    text('Ready', (pod) => {
      const statuses: Status[] = pod.status?.containerStatuses ?? []
      return `${statuses.filter((status) => status.ready).length}/${pod.spec?.containers?.length ?? 0}`
    }),
    text('Status', podStatus),
    text('Restarts', restarts),
    AGE,
    text('IP', (pod) => pod.status?.podIP ?? '<none>', true),
    text('Node', (pod) => pod.spec?.nodeName ?? '<none>', true),
    text('Nominated Node', () => '<none>', true),
    text('Readiness Gates', () => '<none>', true),
  ],
  Service: [
    NAME,
    text('Type', (service) => service.spec?.type ?? 'ClusterIP'),
    text('Cluster-IP', (service) => service.spec?.clusterIP ?? 'None'),
    text('External-IP', () => '<none>'),
    text('Port(s)', ports),
    AGE,
    text('Selector', selector, true),
  ],
  Endpoints: [NAME, text('Endpoints', addresses), AGE],
  EndpointSlice: [
    NAME,
    text('AddressType', (slice) => slice.addressType),
    text('Ports', (slice) => (slice.ports ?? []).map((port: Status) => port.port).join(',') || '<unset>'),
    text(
      'Endpoints',
      (slice) => (slice.endpoints ?? []).flatMap((one: Status) => one.addresses).join(',') || '<unset>',
    ),
    AGE,
  ],
  ConfigMap: [NAME, count('Data', (map) => Object.keys(map.data ?? {}).length), AGE],
  Secret: [
    NAME,
    text('Type', (secret) => secret.type ?? 'Opaque'),
    count('Data', (secret) => Object.keys(secret.data ?? {}).length),
    AGE,
  ],
  Namespace: [NAME, text('Status', () => 'Active'), AGE],
  Node: [
    NAME,
    text('Status', (node) => (node.spec?.unschedulable ? 'Ready,SchedulingDisabled' : 'Ready')),
    text('Roles', () => '<none>'),
    AGE,
    text('Version', (node) => node.status?.nodeInfo?.kubeletVersion ?? ''),
    text('Internal-IP', (node) => addressOf(node, 'InternalIP'), true),
    text('External-IP', (node) => addressOf(node, 'ExternalIP'), true),
    text('OS-Image', (node) => node.status?.nodeInfo?.osImage || '<unknown>', true),
    text('Kernel-Version', kernelOf, true),
    text('Container-Runtime', (node) => node.status?.nodeInfo?.containerRuntimeVersion || '<unknown>', true),
  ],
  Event: [
    text('Last Seen', (event, now) => age(event.lastTimestamp, now)),
    text('Type', (event) => event.type),
    text('Reason', (event) => event.reason),
    text(
      'Object',
      (event) => `${String(event.involvedObject?.kind).toLowerCase()}/${event.involvedObject?.name}`,
    ),
    text('Subobject', (event) => event.involvedObject?.fieldPath ?? '', true),
    text('Source', (event) => event.source?.component ?? event.reportingComponent ?? '', true),
    text('Message', (event) => String(event.message).trim()),
    text('First Seen', (event, now) => age(event.firstTimestamp, now), true),
    { name: 'Count', type: 'string', wide: true, value: (event) => event.count ?? 1 },
    text('Name', (event) => event.metadata.name, true),
  ],
  Deployment: [
    NAME,
    text('Ready', (one) => `${one.status?.readyReplicas ?? 0}/${one.spec?.replicas ?? 0}`),
    count('Up-to-date', (one) => one.status?.updatedReplicas),
    count('Available', (one) => one.status?.availableReplicas),
    AGE,
    ...WORKLOAD_WIDE,
  ],
  ReplicaSet: [
    NAME,
    number('Desired', (one) => one.spec?.replicas),
    number('Current', (one) => one.status?.replicas),
    number('Ready', (one) => one.status?.readyReplicas),
    AGE,
    ...WORKLOAD_WIDE,
  ],
  StatefulSet: [
    NAME,
    text('Ready', (one) => `${one.status?.readyReplicas ?? 0}/${one.spec?.replicas ?? 0}`),
    AGE,
    ...WORKLOAD_WIDE.slice(0, 2),
  ],
  DaemonSet: [
    NAME,
    number('Desired', (one) => one.status?.desiredNumberScheduled),
    number('Current', (one) => one.status?.currentNumberScheduled),
    number('Ready', (one) => one.status?.numberReady),
    number('Up-to-date', (one) => one.status?.updatedNumberScheduled),
    number('Available', (one) => one.status?.numberAvailable),
    text('Node Selector', () => '<none>'),
    AGE,
    ...WORKLOAD_WIDE,
  ],
  ControllerRevision: [
    NAME,
    text('Controller', controllerOf),
    { name: 'Revision', type: 'string', value: (one) => one.revision },
    AGE,
  ],
  ResourceQuota: [NAME, text('Request', () => ''), text('Limit', () => ''), AGE],
  LimitRange: [NAME, { name: 'Created At', type: 'date', value: (one) => one.metadata.creationTimestamp }],
  Job: [
    NAME,
    text('Status', (job) => (job.status?.succeeded ? 'Complete' : 'Running')),
    text('Completions', (job) => `${job.status?.succeeded ?? 0}/${job.spec?.completions ?? 1}`),
    text('Duration', () => '41s'),
    AGE,
    ...WORKLOAD_WIDE,
  ],
  HorizontalPodAutoscaler: [
    NAME,
    text('Reference', (hpa) => `${hpa.spec?.scaleTargetRef?.kind}/${hpa.spec?.scaleTargetRef?.name}`),
    text('Targets', hpaTargets),
    text('MinPods', (hpa) => String(hpa.spec?.minReplicas ?? 1)),
    count('MaxPods', (hpa) => hpa.spec?.maxReplicas),
    count('Replicas', (hpa) => hpa.status?.currentReplicas),
    AGE,
  ],
  PodDisruptionBudget: [
    NAME,
    text('Min Available', (pdb) => String(pdb.spec?.minAvailable ?? 'N/A')),
    text('Max Unavailable', (pdb) => String(pdb.spec?.maxUnavailable ?? 'N/A')),
    number('Allowed Disruptions', (pdb) => pdb.status?.disruptionsAllowed),
    AGE,
  ],
  CertificateSigningRequest: [
    NAME,
    AGE,
    text('SignerName', (csr) => csr.spec?.signerName ?? '<none>'),
    text('Requestor', (csr) => csr.spec?.username ?? '<none>'),
    text('RequestedDuration', () => '<none>'),
    text('Condition', (csr) =>
      (csr.status?.conditions ?? []).length > 0
        ? csr.status.conditions.map((one: Status) => one.type).join(',')
        : 'Pending',
    ),
  ],
  Ingress: [
    NAME,
    text('Class', (ingress) => ingress.spec?.ingressClassName ?? '<none>'),
    text('Hosts', (ingress) => (ingress.spec?.rules ?? []).map((rule: Status) => rule.host).join(',')),
    text('Address', () => ''),
    text('Ports', () => '80'),
    AGE,
  ],
  PersistentVolumeClaim: [
    NAME,
    text('Status', (claim) => claim.status?.phase ?? 'Bound'),
    text('Volume', (claim) => claim.spec?.volumeName ?? ''),
    text('Capacity', (claim) => claim.status?.capacity?.storage ?? ''),
    text('Access Modes', () => 'RWO'),
    text('StorageClass', (claim) => claim.spec?.storageClassName ?? ''),
    text('VolumeAttributesClass', (claim) => claim.spec?.volumeAttributesClassName ?? '<unset>'),
    AGE,
    text('VolumeMode', (claim) => claim.spec?.volumeMode ?? '<unset>', true),
  ],
}

/** A Table answer for objects of one kind. Rows carry partial metadata, which kubectl needs for -A and -w. */
export function tableOf(kind: string, objects: KubeObject[], resourceVersion: string, now: number) {
  const columns = TABLES[kind] ?? [NAME, AGE]
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion },
    columnDefinitions: columns.map((column) => ({
      name: column.name,
      type: column.type,
      format: column.name === 'Name' ? 'name' : '',
      description: '',
      priority: column.wide ? 1 : 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.value(object, now)),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  }
}
