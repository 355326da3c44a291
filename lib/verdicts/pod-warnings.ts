import type { KubeObject } from '../targets/types'

/** Warning events by the UID of their pod. Looking through all events for each pod would take seconds in a large cluster. */
export type Warnings = Map<string, KubeObject[]>

/** Sorts the warnings out of events. */
export function warningsOf(events: KubeObject[]): Warnings {
  const warnings: Warnings = new Map()
  for (const event of events) {
    if (event.type !== 'Warning') continue
    const uid = String(event.involvedObject?.uid ?? '')
    const own = warnings.get(uid)
    if (own) own.push(event)
    else warnings.set(uid, [event])
  }
  return warnings
}

/** The latest warning about a pod. */
export function newestWarning(pod: KubeObject, warnings: Warnings): KubeObject | undefined {
  return [...(warnings.get(pod.metadata.uid ?? '') ?? [])].sort((a, b) =>
    String(b.lastTimestamp ?? '').localeCompare(String(a.lastTimestamp ?? '')),
  )[0]
}

/** The last warnings about a pod as lines of evidence. */
export function eventLines(pod: KubeObject, warnings: Warnings): string[] {
  return (warnings.get(pod.metadata.uid ?? '') ?? [])
    .slice(-4)
    .map(
      (event) =>
        `${pod.metadata.name}: ${event.reason}: ${event.message}${event.count > 1 ? ` (${event.count} times)` : ''}`,
    )
}
