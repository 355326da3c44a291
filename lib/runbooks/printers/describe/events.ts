import 'server-only'
import type { CoreV1Event } from '@kubernetes/client-node'
import type { KubeObject } from '../../../targets/types'
import { goSort } from '../go-sort'
import { instantOf, since } from './times'
import type { Writer } from './writer'

/** The events at the end of a description, oldest first; nothing where kubectl shows none. */
export function writeEvents(w: Writer, events: readonly KubeObject[] | undefined, now: number) {
  if (!events) return
  if (events.length === 0) return w.row(0, 'Events:', '<none>')
  w.row(0, 'Events:')
  w.row(1, 'Type', 'Reason', 'Age', 'From', 'Message')
  w.row(1, '----', '------', '----', '----', '-------')
  const dated = (events as unknown as CoreV1Event[]).map((event) => ({
    event,
    last: instantOf(event.lastTimestamp) ?? Number.NEGATIVE_INFINITY,
  }))
  // Many happen within one second, and kubectl leaves the order of those to Go.
  for (const { event } of goSort(dated, (a, b) => a.last < b.last)) {
    const { type = '', reason = '', message = '', source, reportingComponent } = event
    const from = source?.component || reportingComponent || ''
    w.row(1, type, reason, ageOf(event, now), from, trimmed(message))
  }
}

/** `3m`, or `5s (x4 over 3m)` for what came several times. */
function ageOf(event: CoreV1Event, now: number): string {
  const { eventTime, firstTimestamp, lastTimestamp, series, count = 0 } = event
  const first = since(instantOf(eventTime) === undefined ? firstTimestamp : eventTime, now)
  if (series) return `${since(series.lastObservedTime, now)} (x${series.count ?? 0} over ${first})`
  return count > 1 ? `${since(lastTimestamp, now)} (x${count} over ${first})` : first
}

/** Without the white space around it that Go knows (unicode.IsSpace), which is JavaScript's but for U+FEFF and U+0085. */
function trimmed(text: string): string {
  const blank = (at: number) => /[^\S\uFEFF]/.test(text[at] ?? '')
  let [from, to] = [0, text.length]
  while (from < to && blank(from)) from++
  while (to > from && blank(to - 1)) to--
  return text.slice(from, to)
}
