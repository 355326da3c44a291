import type { KubeObject } from '../targets/types'
import { count } from './durations'
import { isPodReady } from './pods'
import type { Finding, View } from './types'

interface ServicePort {
  name?: string
  port: number
  targetPort?: number | string
}

interface ContainerPort {
  name?: string
  containerPort: number
}

/** Ready and not ready addresses over EndpointSlices; the same pod in two slices counts once. */
export function addressesOf(slices: KubeObject[]): { ready: string[]; notReady: string[] } {
  const ready = new Set<string>()
  const notReady = new Set<string>()
  // An absent condition means ready (discovery.k8s.io/v1).
  for (const slice of slices)
    for (const endpoint of slice.endpoints ?? [])
      for (const address of endpoint.addresses ?? [])
        (endpoint.conditions?.ready === false ? notReady : ready).add(address)
  return { ready: [...ready], notReady: [...notReady].filter((address) => !ready.has(address)) }
}

/** Addresses of the deprecated Endpoints object, for clusters without slices. */
export function addressesOfEndpoints(endpoints: KubeObject): { ready: string[]; notReady: string[] } {
  const of = (field: string): string[] =>
    (endpoints.subsets ?? []).flatMap((subset: Record<string, { ip: string }[] | undefined>) =>
      (subset[field] ?? []).map((address) => address.ip),
    )
  return { ready: of('addresses'), notReady: of('notReadyAddresses') }
}

/** The pods a Service's selector matches, those that ended left out. */
export function selectedPods(service: KubeObject, pods: KubeObject[]): KubeObject[] {
  const selector = Object.entries((service.spec?.selector ?? {}) as Record<string, string>)
  if (selector.length === 0) return []
  return pods.filter(
    (pod) =>
      pod.status?.phase !== 'Succeeded' &&
      pod.status?.phase !== 'Failed' &&
      selector.every(([key, value]) => pod.metadata.labels?.[key] === value),
  )
}

function serves(pod: KubeObject, port: ServicePort): boolean {
  const target = port.targetPort ?? port.port
  // Container ports are only information in Kubernetes; a number counts as served, a name must exist.
  if (typeof target === 'number') return true
  return (pod.spec?.containers ?? []).some((container: { ports?: ContainerPort[] }) =>
    (container.ports ?? []).some((one) => one.name === target),
  )
}

function subjectOf(service: KubeObject): Finding['subject'] {
  return { kind: 'Service', namespace: service.metadata.namespace ?? '', name: service.metadata.name }
}

function selectorText(service: KubeObject): string {
  return Object.entries(service.spec?.selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}

/** Whether the Service's selector and ports fit the pods of its namespace. */
export function judgeService(service: KubeObject, pods: KubeObject[]): Finding[] {
  if (service.spec?.type === 'ExternalName' || Object.keys(service.spec?.selector ?? {}).length === 0)
    return []
  const { name, namespace = '' } = service.metadata
  const selected = selectedPods(service, pods)
  if (selected.length === 0)
    return [
      {
        severity: 'fail',
        code: 'service.selects-nothing',
        title: `The selector of service ${name} (${selectorText(service)}) matches none of the ${count(pods.length, 'pod')} in ${namespace}`,
        evidence: pods
          .slice(0, 5)
          .map((pod) => `${pod.metadata.name}: ${JSON.stringify(pod.metadata.labels ?? {})}`),
        subject: subjectOf(service),
        remedies: [
          { operation: 'kubernetes.set-selector', params: { namespace, service: name } },
          { operation: 'kubernetes.scale', params: { namespace, workload: `deployment/${name}` } },
        ],
      },
    ]
  return (service.spec?.ports ?? [])
    .filter((port: ServicePort) => !selected.some((pod) => serves(pod, port)))
    .map(
      (port: ServicePort): Finding => ({
        severity: 'fail',
        code: 'service.port-not-served',
        title: `Port ${port.port} of service ${name} goes to ${port.targetPort}, which no container of its pods names`,
        evidence: [],
        subject: subjectOf(service),
        remedies: [],
      }),
    )
}

/** Zero ready addresses is a failure that names its cause; some not ready is a warning. */
export function judgeEndpoints(
  service: KubeObject,
  addresses: { ready: string[]; notReady: string[] },
  pods: KubeObject[],
): Finding[] {
  const { name, namespace = '' } = service.metadata
  const total = addresses.ready.length + addresses.notReady.length
  const finding = (
    severity: 'warn' | 'fail',
    code: string,
    title: string,
    evidence: string[] = [],
  ): Finding => ({
    severity,
    code,
    title,
    evidence,
    subject: subjectOf(service),
    remedies: [
      { operation: 'kubernetes.rollout-restart', params: { namespace, workload: `deployment/${name}` } },
    ],
    explainedBy: [
      'pods.not-ready',
      'pods.crash-loop',
      'pods.oom-killed',
      'postgres.down',
      'logs.pool-exhausted',
    ],
  })
  if (addresses.ready.length > 0)
    return addresses.notReady.length === 0
      ? []
      : [
          finding(
            'warn',
            'endpoints.some-not-ready',
            `${addresses.ready.length} of ${total} addresses behind service ${name} are ready`,
          ),
        ]
  const wrong = judgeService(service, pods)
  if (wrong.length > 0)
    return wrong.map((one) => ({ ...one, title: `0 ready addresses behind service ${name}: ${one.title}` }))
  const selected = selectedPods(service, pods)
  return [
    finding(
      'fail',
      'endpoints.none-ready',
      `0 ready addresses behind service ${name}: ${selected.filter(isPodReady).length} of ${count(selected.length, 'pod')} it selects ${selected.length === 1 ? 'is' : 'are'} ready`,
      selected.map(
        (pod) => `${pod.metadata.name}: ${isPodReady(pod) ? 'ready' : 'not ready'} (${pod.status?.phase})`,
      ),
    ),
  ]
}

/** A Service as facts. */
export function serviceFacts(service: KubeObject, selected: number): View {
  return {
    type: 'facts',
    items: [
      { label: 'Type', value: service.spec?.type ?? 'ClusterIP' },
      { label: 'Selector', value: selectorText(service) || 'none' },
      { label: 'Pods selected', value: String(selected), tone: selected > 0 ? 'pass' : 'fail' },
      ...(service.spec?.ports ?? []).map((port: ServicePort) => ({
        label: `Port ${port.port}`,
        value: `to ${port.targetPort ?? port.port}`,
      })),
    ],
  }
}
