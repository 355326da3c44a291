import { howLong } from './durations'
import type { LogEntry } from './log-lines'
import type { Finding } from './types'

/** Silence is a failure: no line for 20 s, or for ten times the usual distance of lines, if that is longer. */
export function judgeSilence(
  lines: LogEntry[],
  now: number,
  name: string,
  where: { namespace: string; workload?: string | undefined },
): Finding[] {
  const times = lines.map((line) => line.at).sort((a, b) => a - b)
  const newest = times.at(-1)
  const mean =
    newest !== undefined && times.length > 1 ? (newest - (times[0] ?? newest)) / (times.length - 1) : 0
  if (newest !== undefined && now - newest <= Math.max(20_000, 10 * mean)) return []
  return [
    {
      severity: 'fail',
      code: 'logs.silent',
      title:
        newest === undefined
          ? `${name} has written no logs`
          : `${name} has written nothing for ${howLong(now - newest)}`,
      evidence: [],
      ...(newest === undefined ? {} : { since: new Date(newest).toISOString() }),
      remedies: [
        {
          operation: 'kubernetes.rollout-restart',
          params: { namespace: where.namespace, ...(where.workload ? { workload: where.workload } : {}) },
        },
      ],
    },
  ]
}
