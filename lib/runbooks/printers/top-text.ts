import 'server-only'
import type { KubeObject } from '../../targets/types'
import { goSort } from './go-sort'
import { Budget } from './limits'
import { quantity, roundedUp } from './quantity'
import { alignColumns } from './tabwriter'

/** What is used, in billionths of a core and of an octet. */
interface Usage {
  cpu: bigint
  memory: bigint
}

export interface TopOptions {
  allNamespaces: boolean
  /** --containers */
  containers: boolean
  noHeaders: boolean
  /** `cpu` or `memory`; any other order is by name. */
  sortBy?: string
  /** --sum */
  sum: boolean
}

const BILLION = 10n ** 9n
const MILLI = 10n ** 6n
const MEBI = 1n << 20n
const MAX_OUTPUT = 4 << 20

/**
 * `kubectl top pods`, of objects of metrics.k8s.io: after k8s.io/kubectl/pkg/metricsutil/metrics_printer.go. Every
 * cell ends with the blanks of its column there, the last one too.
 */
export function podsTopText(metrics: readonly KubeObject[], options: TopOptions): string {
  if (metrics.length === 0) return ''
  const { allNamespaces, containers, noHeaders, sortBy } = options
  const pods = metrics.map(({ metadata, containers: parts = [] }) => ({
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    containers: (parts as { name: string; usage?: unknown }[]).map(({ name, usage }) => ({
      name,
      usage: usageOf(usage),
    })),
  }))
  const rows = pods.map((pod) => ({ ...pod, usage: sumOf(pod.containers) }))
  goSort(rows, (a, b) =>
    allNamespaces && sortBy === undefined && a.namespace !== b.namespace
      ? a.namespace < b.namespace
      : isMore(a, b, sortBy),
  )
  const before = [...(allNamespaces ? ['NAMESPACE'] : []), ...(containers ? ['POD'] : [])]
  const lines = noHeaders ? [] : [[...before, 'NAME', 'CPU(cores)', 'MEMORY(bytes)', '']]
  for (const row of rows) {
    const where = allNamespaces ? [row.namespace] : []
    if (!containers) lines.push([...where, row.name, ...usageCells(row.usage), ''])
    else
      for (const one of goSort([...row.containers], (a, b) => isMore(a, b, sortBy)))
        lines.push([...where, row.name, one.name, ...usageCells(one.usage), ''])
  }
  if (options.sum) {
    // Without headings kubectl forgets the columns in front.
    const gap = noHeaders ? [] : before.map(() => '')
    const line = '_'.repeat(8)
    lines.push([...gap, '', line, line, ''], [...gap, '', ...usageCells(sumOf(rows)), ''])
  }
  return alignColumns(lines, new Budget(MAX_OUTPUT))
}

/**
 * `kubectl top nodes`: what they use, and of what they can give (`allocatable`, or `capacity`). A node without metrics
 * comes last; kubectl leaves the order of several to chance.
 */
export function nodesTopText(
  metrics: readonly KubeObject[],
  nodes: readonly KubeObject[],
  options: { noHeaders: boolean; sortBy?: string; of: 'allocatable' | 'capacity' },
): string {
  if (metrics.length === 0) return ''
  const rooms = new Map(nodes.map((node) => [node.metadata.name, node.status?.[options.of] ?? {}]))
  const rows = metrics.map(({ metadata, usage }) => ({ name: metadata.name, usage: usageOf(usage) }))
  goSort(rows, (a, b) => isMore(a, b, options.sortBy))
  const lines = options.noHeaders ? [] : [['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)', '']]
  for (const { name, usage } of rows) {
    const room = rooms.get(name) ?? {}
    const [cpu = '', memory = ''] = usageCells(usage)
    lines.push([
      name,
      cpu,
      ...shareCells(usage.cpu, room.cpu),
      memory,
      ...shareCells(usage.memory, room.memory),
      '',
    ])
    rooms.delete(name)
  }
  const missing = [...rooms.keys()].sort()
  for (const name of missing) lines.push([name, ...Array<string>(4).fill('<unknown>'), ''])
  return alignColumns(lines, new Budget(MAX_OUTPUT))
}

function usageOf(usage: unknown): Usage {
  const { cpu, memory } = (usage ?? {}) as Record<string, unknown>
  return { cpu: quantity(String(cpu ?? '0')) ?? 0n, memory: quantity(String(memory ?? '0')) ?? 0n }
}

function sumOf(parts: readonly { usage: Usage }[]): Usage {
  return parts.reduce((all, { usage }) => ({ cpu: all.cpu + usage.cpu, memory: all.memory + usage.memory }), {
    cpu: 0n,
    memory: 0n,
  })
}

/** Whether one stands before another: what uses more, or by name. */
function isMore(
  a: { name: string; usage: Usage },
  b: { name: string; usage: Usage },
  sortBy: string | undefined,
): boolean {
  if (sortBy === 'cpu') return roundedUp(a.usage.cpu, MILLI) > roundedUp(b.usage.cpu, MILLI)
  if (sortBy === 'memory') return roundedUp(a.usage.memory, BILLION) > roundedUp(b.usage.memory, BILLION)
  return a.name < b.name
}

function usageCells({ cpu, memory }: Usage): string[] {
  return [`${roundedUp(cpu, MILLI)}m`, `${roundedUp(memory, BILLION) / MEBI}Mi`]
}

/** The share that is used, in whole percents; no cell at all where it is not known of what. */
function shareCells(used: bigint, room: unknown): string[] {
  const most = room === undefined ? undefined : quantity(String(room))
  if (most === undefined) return []
  if (most === 0n) return ['0%']
  return [`${Math.trunc((Number(roundedUp(used, MILLI)) / Number(roundedUp(most, MILLI))) * 100)}%`]
}
