import type { KubeObject } from '../targets/types'
import { isPodReady } from './pods'
import type { Finding } from './types'

export interface EndpointAddress {
  ip: string
  ready: boolean
  pod: string
  ports: number[]
}

interface ServicePort {
  name?: string
  port: number
  targetPort?: number | string
}

function selectorText(service: KubeObject): string {
  return Object.entries(service.spec?.selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}

function selected(service: KubeObject, pods: KubeObject[]): KubeObject[] {
  const selector = Object.entries(service.spec?.selector ?? {})
  if (selector.length === 0) return []
  return pods.filter(
    (pod) =>
      pod.status?.phase !== 'Succeeded' &&
      !pod.metadata.deletionTimestamp &&
      selector.every(([key, value]) => pod.metadata.labels?.[key] === value),
  )
}

function serves(pod: KubeObject, target: number | string): boolean {
  const ports = (pod.spec?.containers ?? []).flatMap(
    (one: { ports?: { name?: string; containerPort: number }[] }) => one.ports ?? [],
  ) as { name?: string; containerPort: number }[]
  return ports.some((port) =>
    typeof target === 'number' ? port.containerPort === target : port.name === target,
  )
}

/** The selector pods of this name would need, from their labels: a hint when the Service's matches nothing. */
function likelySelector(service: KubeObject, pods: KubeObject[]): string | undefined {
  const kin = pods.find(
    (pod) => pod.metadata.labels?.app && pod.metadata.name.startsWith(service.metadata.name),
  )
  return kin ? `app=${kin.metadata.labels?.app}` : undefined
}

/** Findings about a Service with no ready address: selector matches nothing, pods not ready, or port not served. */
export function judgeEndpoints(
  service: KubeObject,
  addresses: EndpointAddress[],
  pods: KubeObject[],
): Finding[] {
  const ready = addresses.filter((one) => one.ready).length
  const { name, namespace } = service.metadata
  const subject = { kind: 'Service', namespace: namespace ?? '', name }
  const base = { evidence: [] as string[], subject }
  if (ready > 0) {
    const waiting = addresses.length - ready
    return waiting === 0
      ? []
      : [
          {
            ...base,
            severity: 'warn',
            code: 'service.some-not-ready',
            title: `${waiting} of ${addresses.length} addresses behind ${name} are not ready`,
            remedies: [],
            explainedBy: ['pods.not-ready', 'pods.oom-killed', 'pods.crash-loop'],
          },
        ]
  }
  const matching = selected(service, pods)
  if (matching.length === 0) {
    const hint = likelySelector(service, pods)
    // Pods that would match if there were any: none at all points at the workload, not at the selector.
    return hint
      ? [
          {
            ...base,
            severity: 'fail',
            code: 'service.selector',
            title: `No pod matches the selector ${selectorText(service)} of service ${name}; the pods carry ${hint}`,
            evidence: pods.slice(0, 5).map(
              (pod) =>
                `${pod.metadata.name}: ${Object.entries(pod.metadata.labels ?? {})
                  .map(([key, value]) => `${key}=${value}`)
                  .join(', ')}`,
            ),
            remedies: [{ operation: 'kubernetes.set-selector', params: { service: name } }],
          },
        ]
      : [
          {
            ...base,
            severity: 'fail',
            code: 'service.no-pods',
            title: `There is no pod for service ${name} (${selectorText(service)})`,
            remedies: [{ operation: 'kubernetes.scale', params: { workload: `deployment/${name}` } }],
            explainedBy: ['workload.scaled-to-zero'],
          },
        ]
  }
  if (!matching.some(isPodReady)) {
    return [
      {
        ...base,
        severity: 'fail',
        code: 'service.no-ready-pod',
        title: `0 of ${matching.length} pods behind service ${name} are ready`,
        evidence: matching.slice(0, 5).map((pod) => pod.metadata.name),
        remedies: [{ operation: 'kubernetes.rollout-restart', params: { workload: `deployment/${name}` } }],
        explainedBy: [
          'pods.not-ready',
          'pods.oom-killed',
          'pods.crash-loop',
          'logs.pool-exhausted',
          'logs.credentials',
          'logs.too-many-clients',
          'postgres.down',
        ],
      },
    ]
  }
  return [
    {
      ...base,
      severity: 'fail',
      code: 'service.port',
      title: `Ready pods stand behind service ${name}, but none serves its target port`,
      remedies: [],
    },
  ]
}

/** Findings about how a Service is set up. */
export function judgeService(service: KubeObject, pods: KubeObject[]): Finding[] {
  const { name, namespace } = service.metadata
  const subject = { kind: 'Service', namespace: namespace ?? '', name }
  const matching = selected(service, pods)
  if (matching.length === 0) {
    const hint = likelySelector(service, pods)
    if (!hint)
      return [
        {
          severity: 'info',
          code: 'service.no-pods-now',
          title: `No pod carries ${selectorText(service)} now`,
          evidence: [],
          subject,
          remedies: [],
        },
      ]
    return [
      {
        severity: 'fail',
        code: 'service.selector',
        title: `The selector ${selectorText(service)} matches no pod; the pods carry ${hint}`,
        evidence: [],
        subject,
        remedies: [{ operation: 'kubernetes.set-selector', params: { service: name } }],
      },
    ]
  }
  const ports: ServicePort[] = service.spec?.ports ?? []
  return ports.flatMap((port): Finding[] => {
    const target = port.targetPort ?? port.port
    // A numbered target port need not be declared in the pod; a named one must be.
    if (typeof target === 'number' || matching.some((pod) => serves(pod, target))) return []
    return [
      {
        severity: 'fail',
        code: 'service.target-port',
        title: `No pod declares a port named ${target}, which port ${port.port} of service ${name} points at`,
        evidence: [],
        subject,
        remedies: [],
      },
    ]
  })
}
