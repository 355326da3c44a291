import type { KubeObject } from '../targets/types'
import { bytes, count } from './durations'
import { workloadOf } from './pods'
import type { Finding, View } from './types'

const SUFFIX: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
}

/** A Kubernetes quantity as a number (cores or bytes); undefined when it is not one. */
export function quantity(text: unknown): number | undefined {
  const match = /^([\d.]+)([numkMGTP]|[KMGTP]i)?$/.exec(String(text ?? ''))
  return match ? Number(match[1]) * (SUFFIX[match[2] ?? ''] ?? Number.NaN) : undefined
}

interface Container {
  name: string
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> }
}

/** Memory or CPU near its limit. `metrics` are PodMetrics; a pod without any is told, not guessed. */
export function judgeUsage(pods: KubeObject[], metrics: KubeObject[]): { findings: Finding[]; view: View } {
  const findings: Finding[] = []
  const rows = pods.flatMap((pod) => {
    const measured = metrics.find((one) => one.metadata.name === pod.metadata.name)
    return ((pod.spec?.containers ?? []) as Container[]).map((container) => {
      const usage = measured?.containers?.find((one: { name: string }) => one.name === container.name)?.usage
      const cpu = quantity(usage?.cpu)
      const memory = quantity(usage?.memory)
      const share = (value: number | undefined, resource: 'cpu' | 'memory') => {
        const limit = quantity(container.resources?.limits?.[resource])
        return value === undefined || !limit ? undefined : value / limit
      }
      const memoryShare = share(memory, 'memory')
      const cpuShare = share(cpu, 'cpu')
      const near = (value: number | undefined, resource: 'cpu' | 'memory') => {
        if (value === undefined || value < 0.9) return
        findings.push({
          severity: 'warn',
          code: `usage.${resource}-near-limit`,
          title: `${pod.metadata.name} uses ${Math.round(value * 100)} % of its ${resource === 'cpu' ? 'CPU' : 'memory'} limit`,
          evidence: [],
          subject: { kind: 'Pod', namespace: pod.metadata.namespace ?? '', name: pod.metadata.name },
          remedies: [
            {
              operation: 'kubernetes.set-resources',
              params: { namespace: pod.metadata.namespace, workload: workloadOf(pod) },
            },
          ],
        })
      }
      near(memoryShare, 'memory')
      near(cpuShare, 'cpu')
      const percent = (value: number | undefined) =>
        value === undefined ? 'no limit' : `${Math.round(value * 100)} %`
      const unmeasured = usage === undefined
      return {
        pod: { text: pod.metadata.name, mono: true },
        cpu: { text: cpu === undefined ? 'not measured' : `${Math.round(cpu * 1000)}m` },
        cpuShare: {
          text: unmeasured ? '' : percent(cpuShare),
          tone: (cpuShare ?? 0) >= 0.9 ? ('warn' as const) : ('neutral' as const),
        },
        memory: { text: memory === undefined ? 'not measured' : bytes(memory) },
        memoryShare: {
          text: unmeasured ? '' : percent(memoryShare),
          tone: (memoryShare ?? 0) >= 0.9 ? ('warn' as const) : ('neutral' as const),
        },
      }
    })
  })
  return {
    findings,
    view: {
      type: 'table',
      columns: [
        { key: 'pod', label: 'Pod' },
        { key: 'cpu', label: 'CPU', align: 'right' },
        { key: 'cpuShare', label: 'of limit', align: 'right' },
        { key: 'memory', label: 'Memory', align: 'right' },
        { key: 'memoryShare', label: 'of limit', align: 'right' },
      ],
      rows: rows.slice(0, 200),
      ...(rows.length > 200 ? { more: rows.length - 200 } : {}),
    },
  }
}

/** Containers without a memory limit, one finding per workload. */
export function judgeLimits(pods: KubeObject[]): Finding[] {
  const bare = pods.filter((pod) =>
    ((pod.spec?.containers ?? []) as Container[]).some((one) => !one.resources?.limits?.memory),
  )
  if (bare.length === 0) return []
  return [
    {
      severity: 'warn',
      code: 'limits.none',
      title: `${count(bare.length, 'pod')} run without a memory limit`,
      evidence: bare.slice(0, 10).map((pod) => pod.metadata.name),
      remedies: [
        {
          operation: 'kubernetes.set-resources',
          params: { namespace: bare[0]?.metadata.namespace, workload: bare[0] && workloadOf(bare[0]) },
        },
      ],
    },
  ]
}

/** An autoscaler at its maximum, or blind for want of metrics. */
export function judgeAutoscaler(hpa: KubeObject): Finding[] {
  const { currentReplicas = 0, conditions = [] } = (hpa.status ?? {}) as {
    currentReplicas?: number
    conditions?: { type: string; status: string; reason?: string; message?: string }[]
  }
  const base = {
    evidence: [],
    remedies: [],
    subject: {
      kind: 'HorizontalPodAutoscaler',
      namespace: hpa.metadata.namespace ?? '',
      name: hpa.metadata.name,
    },
  }
  const findings: Finding[] = []
  const off = conditions.find(
    (one) => ['ScalingActive', 'AbleToScale'].includes(one.type) && one.status === 'False',
  )
  if (off)
    findings.push({
      ...base,
      severity: 'warn',
      code: 'autoscaler.inactive',
      title: `Autoscaler ${hpa.metadata.name} does not scale: ${off.message ?? off.reason ?? off.type}`,
    })
  if (currentReplicas >= (hpa.spec?.maxReplicas ?? Number.POSITIVE_INFINITY))
    findings.push({
      ...base,
      severity: 'warn',
      code: 'autoscaler.at-max',
      title: `Autoscaler ${hpa.metadata.name} is at its maximum of ${hpa.spec?.maxReplicas} pods`,
    })
  return findings
}

/** The container's own memory use, from the cgroup files memory.current and memory.max (cgroup v2). */
export function judgeCgroupMemory(
  pod: string,
  current: number,
  max: number | undefined,
): { findings: Finding[]; view: View } {
  const share = max ? current / max : 0
  const findings: Finding[] =
    share >= 0.9
      ? [
          {
            severity: 'warn',
            code: 'memory.near-limit',
            title: `${pod} uses ${Math.round(share * 100)} % of its memory limit (${bytes(current)} of ${bytes(max ?? 0)})`,
            evidence: [],
            subject: { kind: 'Pod', name: pod },
            remedies: [{ operation: 'kubernetes.set-resources' }],
          },
        ]
      : []
  return {
    findings,
    view: {
      type: 'gauge',
      label: pod,
      value: Math.round(current / 2 ** 20),
      max: Math.round((max ?? current) / 2 ** 20),
      unit: 'MiB',
      tone: share >= 0.9 ? 'warn' : 'pass',
      ...(max ? {} : { note: 'no limit' }),
    },
  }
}

/** Whether a Deployment, StatefulSet or DaemonSet has what it wants, all of the current revision. */
export function judgeRollout(workload: KubeObject, kind: string): { findings: Finding[]; figure: string } {
  const { name, namespace = '', generation = 0 } = workload.metadata
  const status = workload.status ?? {}
  const daemon = kind === 'DaemonSet'
  const wanted: number = daemon ? (status.desiredNumberScheduled ?? 0) : (workload.spec?.replicas ?? 1)
  const ready: number = (daemon ? status.numberReady : status.readyReplicas) ?? 0
  const updated: number = (daemon ? status.updatedNumberScheduled : status.updatedReplicas) ?? 0
  const params = { namespace, workload: `${kind.toLowerCase()}/${name}` }
  const base = { evidence: [], subject: { kind, namespace, name } }
  const findings: Finding[] = []
  const stuck = (status.conditions ?? []).find(
    (one: { type: string; status: string }) => one.type === 'Progressing' && one.status === 'False',
  )
  if (wanted === 0)
    findings.push({
      ...base,
      severity: 'fail',
      code: 'rollout.scaled-to-zero',
      title: daemon ? `${name} is wanted on no node` : `${name} is scaled to 0`,
      remedies: daemon ? [] : [{ operation: 'kubernetes.scale', params }],
    })
  else if (ready < wanted)
    findings.push({
      ...base,
      severity: ready === 0 ? 'fail' : 'warn',
      code: daemon ? 'daemonset.not-ready' : 'rollout.not-ready',
      title: `${ready} of ${wanted} pods of ${name} are ready${daemon ? ', one per node' : ''}`,
      remedies: [{ operation: 'kubernetes.rollout-restart', params }],
    })
  if (stuck)
    findings.push({
      ...base,
      severity: 'fail',
      code: 'rollout.stuck',
      title: `The rollout of ${name} has stopped: ${stuck.message ?? stuck.reason}`,
      remedies: [{ operation: 'kubernetes.rollout-undo', params }],
    })
  else if (wanted > 0 && (updated < wanted || (status.observedGeneration ?? 0) < generation))
    findings.push({
      ...base,
      severity: 'warn',
      code: 'rollout.in-progress',
      title: `${updated} of ${wanted} pods of ${name} run the newest revision`,
      remedies: [{ operation: 'kubernetes.rollout-undo', params }],
    })
  return { findings, figure: `${ready} of ${wanted} ready` }
}
