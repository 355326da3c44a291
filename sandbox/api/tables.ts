import type { KubeObject } from '../types'

/** metav1.Table columns as kubectl prints them; priority 1 shows with -o wide only. */
interface Column {
  name: string
  type: 'string' | 'integer'
  wide?: boolean
  value(object: KubeObject, now: number): string | number
}

const text = (name: string, value: Column['value'], wide = false): Column => ({
  name,
  type: 'string',
  value,
  wide,
})

/** `5d`, `3h12m`, `42s`: the API server's translateTimestampSince (apimachinery duration.HumanDuration). */
export function age(timestamp: string | undefined, now: number): string {
  if (!timestamp) return '<unknown>'
  const seconds = Math.max(0, Math.floor((now - Date.parse(timestamp)) / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  const two = (big: number, bigUnit: string, small: number, unit: string) =>
    small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit}${small}${unit}`
  if (seconds < 120) return `${seconds}s`
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's')
  if (hours < 3) return `${minutes}m`
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  if (days < 8) return two(days, 'd', hours % 24, 'h')
  if (days < 730) return `${days}d`
  return two(Math.floor(days / 365), 'y', days % 365, 'd')
}

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
const number = (name: string, value: (object: KubeObject) => number | undefined): Column => ({
  name,
  type: 'integer',
  value: (object) => value(object) ?? 0,
})

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
  ConfigMap: [NAME, number('Data', (map) => Object.keys(map.data ?? {}).length), AGE],
  Secret: [
    NAME,
    text('Type', (secret) => secret.type ?? 'Opaque'),
    number('Data', (secret) => Object.keys(secret.data ?? {}).length),
    AGE,
  ],
  Namespace: [NAME, text('Status', () => 'Active'), AGE],
  Node: [
    NAME,
    text('Status', (node) => (node.spec?.unschedulable ? 'Ready,SchedulingDisabled' : 'Ready')),
    text('Roles', () => '<none>'),
    AGE,
    text('Version', (node) => node.status?.nodeInfo?.kubeletVersion ?? ''),
    text('Internal-IP', (node) => node.status?.addresses?.[0]?.address ?? '<none>', true),
    text('OS-Image', (node) => node.status?.nodeInfo?.osImage ?? '<unknown>', true),
  ],
  Event: [
    text('Last Seen', (event, now) => age(event.lastTimestamp, now)),
    text('Type', (event) => event.type),
    text('Reason', (event) => event.reason),
    text(
      'Object',
      (event) => `${String(event.involvedObject?.kind).toLowerCase()}/${event.involvedObject?.name}`,
    ),
    text('Message', (event) => event.message),
    text('Name', (event) => event.metadata.name, true),
  ],
  Deployment: [
    NAME,
    text('Ready', (one) => `${one.status?.readyReplicas ?? 0}/${one.spec?.replicas ?? 0}`),
    number('Up-to-date', (one) => one.status?.updatedReplicas),
    number('Available', (one) => one.status?.availableReplicas),
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
  Job: [
    NAME,
    text('Status', (job) => (job.status?.succeeded ? 'Complete' : 'Running')),
    text('Completions', (job) => `${job.status?.succeeded ?? 0}/${job.spec?.completions ?? 1}`),
    text('Duration', () => '41s'),
    AGE,
  ],
  HorizontalPodAutoscaler: [
    NAME,
    text('Reference', (hpa) => `${hpa.spec?.scaleTargetRef?.kind}/${hpa.spec?.scaleTargetRef?.name}`),
    text('Targets', hpaTargets),
    text('MinPods', (hpa) => String(hpa.spec?.minReplicas ?? 1)),
    text('MaxPods', (hpa) => String(hpa.spec?.maxReplicas)),
    number('Replicas', (hpa) => hpa.status?.currentReplicas),
    AGE,
  ],
  PodDisruptionBudget: [
    NAME,
    text('Min Available', (pdb) => String(pdb.spec?.minAvailable ?? 'N/A')),
    text('Max Unavailable', (pdb) => String(pdb.spec?.maxUnavailable ?? 'N/A')),
    number('Allowed Disruptions', (pdb) => pdb.status?.disruptionsAllowed),
    AGE,
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
    AGE,
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
