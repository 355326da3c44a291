import 'server-only'
import type { KubeObject } from '../../targets/types'
import { since } from './age'
import { goSort } from './go-sort'
import { Budget } from './limits'
import { alignColumns, escapeCell } from './tabwriter'

const MAX_OUTPUT = 4 << 20

/**
 * `kubectl events` of the core group's events, the latest last: after k8s.io/kubectl/pkg/cmd/events. `now` is in
 * milliseconds since 1970.
 */
export function eventsText(
  events: readonly KubeObject[],
  now: number,
  options: { allNamespaces: boolean; noHeaders: boolean },
): string {
  if (events.length === 0) return ''
  const timed = events.map((event) => ({ event, at: timeOf(event) }))
  goSort(timed, (a, b) => a.at < b.at)
  const namespace = (name: string) => (options.allNamespaces ? [name] : [])
  const headings = [...namespace('NAMESPACE'), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE']
  const rows = timed.map(({ event }) => {
    const { kind, name } = event.involvedObject ?? {}
    return [
      ...namespace(event.metadata.namespace ?? ''),
      lastSeen(event, now),
      text(event.type),
      text(event.reason),
      `${text(kind)}/${text(name)}`,
      text(String(event.message ?? '').trim()),
    ]
  })
  return alignColumns(options.noHeaders ? rows : [headings, ...rows], new Budget(MAX_OUTPUT))
}

function text(value: unknown): string {
  return escapeCell(typeof value === 'string' ? value : '')
}

function lastSeen(event: KubeObject, now: number): string {
  const first = since(event.eventTime || event.firstTimestamp, now)
  if (event.series)
    return `${since(event.series.lastObservedTime, now)} (x${event.series.count ?? 0} over ${first})`
  return event.count > 1 ? `${since(event.lastTimestamp, now)} (x${event.count} over ${first})` : first
}

/** When an event was seen last, in microseconds since 1970; what has no time was before everything. */
function timeOf({ series, lastTimestamp, eventTime }: KubeObject): number {
  const timestamp = series ? series.lastObservedTime : lastTimestamp || eventTime
  const ms = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN
  if (Number.isNaN(ms)) return Number.NEGATIVE_INFINITY
  const fraction = /\.(\d+)/.exec(timestamp)?.[1] ?? ''
  return Math.floor(ms / 1_000) * 1e6 + Number(fraction.slice(0, 6).padEnd(6, '0'))
}
