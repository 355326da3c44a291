import type { KubeObject } from '../targets/types'
import { bytes } from './durations'
import { workloadOf } from './pods'
import { parseQuantity } from './quantity'
import type { Finding, Tone, View } from './types'

export interface UsageRow {
  pod: string
  workload: string | undefined
  namespace: string
  /** Cores in use. */
  cpu: number
  /** Bytes in use. */
  memory: number
  cpuLimit?: number
  memoryLimit?: number
  /** Use over limit, 0 to 1 and above; absent without a limit. */
  cpuShare?: number
  memoryShare?: number
}

function total(pod: KubeObject, kind: 'requests' | 'limits', resource: string): number | undefined {
  const values = (pod.spec?.containers ?? []).map(
    (one: { resources?: Record<string, Record<string, string>> }) =>
      parseQuantity(one.resources?.[kind]?.[resource]),
  )
  return values.some((value: number | undefined) => value === undefined)
    ? undefined
    : values.reduce((a: number, b: number) => a + b, 0)
}

/** Usage joined with what each pod may use. */
export function usageOf(pods: KubeObject[], metrics: KubeObject[]): UsageRow[] {
  const key = ({ metadata }: KubeObject) => `${metadata.namespace ?? ''}/${metadata.name}`
  const byName = new Map(pods.map((pod) => [key(pod), pod]))
  return metrics.flatMap((metric) => {
    const pod = byName.get(key(metric))
    if (!pod) return []
    const sum = (resource: string) =>
      (metric.containers ?? []).reduce(
        (all: number, one: { usage?: Record<string, string> }) =>
          all + (parseQuantity(one.usage?.[resource]) ?? 0),
        0,
      )
    const cpu = sum('cpu')
    const memory = sum('memory')
    const cpuLimit = total(pod, 'limits', 'cpu')
    const memoryLimit = total(pod, 'limits', 'memory')
    return [
      {
        pod: pod.metadata.name,
        workload: workloadOf(pod),
        namespace: pod.metadata.namespace ?? '',
        cpu,
        memory,
        ...(cpuLimit ? { cpuLimit, cpuShare: cpu / cpuLimit } : {}),
        ...(memoryLimit ? { memoryLimit, memoryShare: memory / memoryLimit } : {}),
      },
    ]
  })
}

/** Near a limit: 85 % and above warns, 95 % and above fails. */
export function judgeUsage(rows: UsageRow[]): Finding[] {
  const findings: Finding[] = []
  if (rows.length === 0)
    findings.push({
      severity: 'unknown',
      code: 'usage.none',
      title: 'Could not look: the cluster has no usage figures for these pods yet',
      evidence: [],
      remedies: [],
    })
  for (const [name, key] of [
    ['memory', 'memoryShare'],
    ['CPU', 'cpuShare'],
  ] as const) {
    const near = rows.filter((row) => (row[key] ?? 0) >= 0.85).sort((a, b) => (b[key] ?? 0) - (a[key] ?? 0))
    const top = near[0]
    if (!top) continue
    const share = top[key] ?? 0
    findings.push({
      severity: share >= 0.95 ? 'fail' : 'warn',
      code: `usage.${name.toLowerCase()}`,
      title: `${top.pod} uses ${Math.round(share * 100)} % of its ${name} limit${near.length > 1 ? `, ${near.length - 1} more above 85 %` : ''}`,
      evidence: near.slice(0, 6).map((row) => `${row.pod}: ${Math.round((row[key] ?? 0) * 100)} %`),
      remedies: [
        { operation: 'kubernetes.set-resources', params: { workload: top.workload } },
        { operation: 'kubernetes.scale', params: { workload: top.workload } },
      ],
      ...(name === 'memory' ? { explainedBy: [] } : {}),
    })
  }
  return findings
}

/** A gauge for the fullest pod and a table of all. */
export function usageViews(rows: UsageRow[]): View[] {
  const tone = (share: number | undefined): Tone =>
    share === undefined ? 'neutral' : share >= 0.95 ? 'fail' : share >= 0.85 ? 'warn' : 'pass'
  const fullest = [...rows].sort((a, b) => (b.memoryShare ?? 0) - (a.memoryShare ?? 0))[0]
  const gauge: View[] = fullest?.memoryLimit
    ? [
        {
          type: 'gauge',
          label: `Memory, ${fullest.pod}`,
          value: Math.round(fullest.memory / 2 ** 20),
          max: Math.round(fullest.memoryLimit / 2 ** 20),
          unit: 'MiB',
          tone: tone(fullest.memoryShare),
        },
      ]
    : []
  const percent = (share: number | undefined) =>
    share === undefined ? 'no limit' : `${Math.round(share * 100)} %`
  return [
    ...gauge,
    {
      type: 'table',
      columns: [
        { key: 'pod', label: 'Pod' },
        { key: 'cpu', label: 'CPU', align: 'right' },
        { key: 'cpuShare', label: 'of limit', align: 'right' },
        { key: 'memory', label: 'Memory', align: 'right' },
        { key: 'memoryShare', label: 'of limit', align: 'right' },
      ],
      rows: rows.slice(0, 200).map((row) => ({
        pod: { text: row.pod, mono: true },
        cpu: { text: `${Math.round(row.cpu * 1000)}m` },
        cpuShare: { text: percent(row.cpuShare), tone: tone(row.cpuShare) },
        memory: { text: bytes(row.memory) },
        memoryShare: { text: percent(row.memoryShare), tone: tone(row.memoryShare) },
      })),
    },
  ]
}
