import type { KubeObject } from '../targets/types'
import { bytes, count, howLong } from './durations'
import { workloadOf } from './pods'
import { parseQuantity } from './quantity'
import type { Finding, View } from './types'

interface Container {
  name: string
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> }
  readinessProbe?: Probe
  livenessProbe?: Probe
}
interface Probe {
  httpGet?: { path?: string; port: number | string }
  tcpSocket?: { port: number | string }
  exec?: { command?: string[] }
  periodSeconds?: number
  timeoutSeconds?: number
  failureThreshold?: number
}

const HOUR = 3_600_000
/** Client-go's event spam filter lets one repetition through in 5 minutes once a burst of 25 is spent. */
const PROBE_EVENT_MS = 330_000

function containers(pod: KubeObject): Container[] {
  return pod.spec?.containers ?? []
}

/** Memory in use per pod name, from metrics.k8s.io objects. */
function memoryInUse(metrics: KubeObject[]): Map<string, number> {
  return new Map(
    metrics.map((one) => [
      one.metadata.name,
      (one.containers ?? []).reduce(
        (sum: number, container: { usage?: { memory?: string } }) =>
          sum + (parseQuantity(container.usage?.memory) ?? 0),
        0,
      ),
    ]),
  )
}

/** Findings about limits: none set, close to or below use, killed for memory lately. */
export function judgeLimits(pods: KubeObject[], metrics: KubeObject[], now: number): Finding[] {
  const findings: Finding[] = []
  const used = memoryInUse(metrics)
  const first = pods[0]
  const remedies = [
    {
      operation: 'kubernetes.set-resources',
      params: first ? { namespace: first.metadata.namespace, workload: workloadOf(first) } : {},
    },
  ]
  const killed = pods.filter((pod) =>
    (pod.status?.containerStatuses ?? []).some(
      (one: { lastState?: { terminated?: { reason?: string; finishedAt?: string } } }) =>
        one.lastState?.terminated?.reason === 'OOMKilled' &&
        now - Date.parse(one.lastState.terminated.finishedAt ?? '') < HOUR,
    ),
  )
  if (killed.length > 0) {
    const limit = containers(killed[0] as KubeObject)[0]?.resources?.limits?.memory ?? 'none'
    findings.push({
      severity: 'fail',
      code: 'limits.oom-killed',
      explainedBy: ['pods.oom-killed'],
      title: `${killed.length} of ${count(pods.length, 'pod')} killed for memory in the last hour (OOMKilled); the limit is ${limit}`,
      evidence: killed.slice(0, 5).map((pod) => pod.metadata.name),
      remedies,
    })
  }
  const without = pods.filter((pod) => containers(pod).some((one) => !one.resources?.limits?.memory))
  if (without.length > 0)
    findings.push({
      severity: 'warn',
      code: 'limits.none',
      title: `${count(without.length, 'pod')} without a memory limit`,
      evidence: without.slice(0, 5).map((pod) => pod.metadata.name),
      remedies,
    })
  for (const pod of pods) {
    const limit = containers(pod).reduce(
      (sum, one) => sum + (parseQuantity(one.resources?.limits?.memory) ?? Number.NaN),
      0,
    )
    const use = used.get(pod.metadata.name)
    if (use !== undefined && use > 0.9 * limit) {
      findings.push({
        severity: 'warn',
        code: 'limits.near',
        explainedBy: ['pods.oom-killed'],
        title: `${pod.metadata.name} uses ${Math.round((use / limit) * 100)} % of its memory limit (${bytes(use)} of ${bytes(limit)})`,
        evidence: [],
        remedies,
      })
      break
    }
  }
  return findings
}

/** Requests, limits, class and last end of each container. */
export function limitsTable(pods: KubeObject[]): View {
  const both = (values: Record<string, string> | undefined) =>
    values ? `${values.cpu ?? '–'} · ${values.memory ?? '–'}` : 'none'
  return {
    type: 'table',
    columns: [
      { key: 'pod', label: 'Pod' },
      { key: 'requests', label: 'Requests (CPU · memory)' },
      { key: 'limits', label: 'Limits (CPU · memory)' },
      { key: 'qos', label: 'Class' },
      { key: 'last', label: 'Last end' },
    ],
    rows: pods.slice(0, 100).flatMap((pod) =>
      containers(pod).map((container) => {
        const status = (pod.status?.containerStatuses ?? []).find(
          (one: { name: string }) => one.name === container.name,
        )
        const last = status?.lastState?.terminated
        return {
          pod: { text: pod.metadata.name, mono: true },
          requests: { text: both(container.resources?.requests) },
          limits: { text: both(container.resources?.limits) },
          qos: { text: pod.status?.qosClass ?? '' },
          last: last
            ? { text: `${last.reason}, exit code ${last.exitCode}`, tone: 'warn' as const }
            : { text: 'none' },
        }
      }),
    ),
  }
}

function probeText(probe: Probe | undefined): string {
  if (!probe) return 'not set'
  const what = probe.httpGet
    ? `GET :${probe.httpGet.port}${probe.httpGet.path ?? '/'}`
    : probe.tcpSocket
      ? `TCP :${probe.tcpSocket.port}`
      : (probe.exec?.command ?? []).join(' ')
  return `${what}, every ${probe.periodSeconds ?? 10} s, time-out ${probe.timeoutSeconds ?? 1} s, fails after ${probe.failureThreshold ?? 3}`
}

/** Findings about one kind of probe: missing, or failing by the pods' events. */
export function judgeProbes(
  pods: KubeObject[],
  kind: 'liveness' | 'readiness',
  events: KubeObject[],
  now: number,
  since?: number,
): Finding[] {
  const findings: Finding[] = []
  const word = kind === 'liveness' ? 'Liveness' : 'Readiness'
  const without = pods.filter((pod) => containers(pod).every((one) => !one[`${kind}Probe`]))
  if (without.length > 0)
    findings.push({
      severity: 'warn',
      code: `probe.${kind}-missing`,
      title: `${count(without.length, 'pod')} without a ${kind} probe`,
      evidence: without.slice(0, 5).map((pod) => pod.metadata.name),
      remedies: [],
    })
  const uids = new Set(pods.map((pod) => pod.metadata.uid))
  // Only pods that are not Ready count, and for those a kubelet repeats the event every 5 minutes at the least.
  const failing = events.filter(
    (event) =>
      event.reason === 'Unhealthy' &&
      uids.has(event.involvedObject?.uid) &&
      String(event.message).startsWith(word) &&
      now - Date.parse(event.lastTimestamp) < PROBE_EVENT_MS &&
      Date.parse(event.lastTimestamp) > (since ?? 0),
  )
  const sick = new Set(failing.map((event) => event.involvedObject.name))
  const notReady = pods.filter(
    (pod) =>
      sick.has(pod.metadata.name) &&
      !(pod.status?.conditions ?? []).some(
        (one: { type: string; status: string }) => one.type === 'Ready' && one.status === 'True',
      ),
  )
  const event = failing.find((one) => notReady.some((pod) => pod.metadata.name === one.involvedObject.name))
  if (event) {
    findings.push({
      severity: notReady.length === pods.length ? 'fail' : 'warn',
      code: `probe.${kind}-failing`,
      title: `${event.message}, on ${notReady.length} of ${count(pods.length, 'pod')}, ${event.count} times in ${howLong(now - Date.parse(event.firstTimestamp))}`,
      evidence: failing
        .slice(0, 6)
        .map((one) => `${one.involvedObject.name}: ${one.message} (${one.count} times)`),
      remedies: [
        { operation: 'kubernetes.rollout-restart', params: { workload: workloadOf(pods[0] as KubeObject) } },
      ],
      explainedBy: [
        'postgres.down',
        'logs.pool-exhausted',
        'logs.credentials',
        'logs.too-many-clients',
        'logs.workers-blocked',
      ],
    })
  }
  return findings
}

/** How the probe is set, per container. */
export function probeFacts(pods: KubeObject[], kind: 'liveness' | 'readiness'): View {
  const seen = new Map<string, string>()
  for (const pod of pods)
    for (const container of containers(pod)) seen.set(container.name, probeText(container[`${kind}Probe`]))
  return { type: 'facts', items: [...seen].map(([label, value]) => ({ label, value })) }
}
