import type { LogLine } from '../targets/log-text'
import { count, howLong } from './durations'
import { type Meaning, meaningOf, type Problem } from './log-meaning'
import type { Finding, Severity, View } from './types'

export interface LogEntry extends LogLine {
  /** What it says, once somebody asked: checks share what they read of a log, and a log is remembered. */
  meaning?: Meaning
}

function meaning(entry: LogEntry): Meaning {
  entry.meaning ??= meaningOf(entry.text)
  return entry.meaning
}

export interface LogJudgement {
  findings: Finding[]
  views: View[]
  /** Lines that matched. */
  matched: number
}

/** Quiet for longer than this is "stopped": 10 s, or five times the usual distance of such lines. */
function isOngoing(times: number[], now: number): boolean {
  const last = times.at(-1) ?? 0
  const first = times[0] ?? last
  const mean = times.length > 1 ? (last - first) / (times.length - 1) : 10_000
  return now - last <= Math.max(10_000, 5 * Math.min(mean, 12_000))
}

/** Judges lines: named problems that go on are findings; those that stopped are told and do not weigh. */
export function judgeLog(
  entries: LogEntry[],
  now: number,
  subject: string,
  weighs: (entry: LogEntry) => boolean = () => true,
): LogJudgement {
  const sorted = [...entries].sort((a, b) => a.at - b.at)
  const byProblem = new Map<Problem, LogEntry[]>()
  for (const entry of sorted) {
    const { problem } = meaning(entry)
    if (!problem || !weighs(entry)) continue
    const lines = byProblem.get(problem)
    if (lines) lines.push(entry)
    else byProblem.set(problem, [entry])
  }
  const findings = [...byProblem].map(([problem, lines]): Finding => {
    const first = lines[0] as LogEntry
    const last = lines.at(-1) as LogEntry
    const ongoing = isOngoing(
      lines.map((line) => line.at),
      now,
    )
    const pods = new Set(lines.map((line) => line.pod))
    const facts = `${count(lines.length, 'line')} on ${count(pods.size, 'pod')}`
    return {
      severity: ongoing ? problem.severity : 'info',
      code: problem.code,
      title: ongoing
        ? `${problem.say}: ${facts} in ${howLong(now - first.at)}`
        : `${problem.say} until ${howLong(now - last.at)} ago (${facts}); it has stopped`,
      evidence: lines.slice(-3).map((line) => `${line.pod}: ${line.text}`),
      since: new Date(first.at).toISOString(),
      remedies: ongoing ? (problem.remedies ?? []) : [],
      subject: { kind: 'Workload', name: subject },
      ...(problem.explainedBy ? { explainedBy: problem.explainedBy } : {}),
    }
  })
  return {
    findings,
    views: sorted.length > 0 ? [histogram(sorted, now), groups(sorted)] : [],
    matched: sorted.length,
  }
}

function histogram(entries: LogEntry[], now: number): View {
  const minutes = 24
  const start = Math.floor(now / 60_000) * 60_000 - (minutes - 1) * 60_000
  const buckets = Array.from({ length: minutes }, (_, i) => ({
    at: new Date(start + i * 60_000).toISOString(),
    count: 0,
    bad: 0,
  }))
  for (const entry of entries) {
    const bucket = buckets[Math.floor((entry.at - start) / 60_000)]
    if (!bucket) continue
    bucket.count += 1
    if (meaning(entry).trouble) bucket.bad += 1
  }
  return {
    type: 'histogram',
    label: `Matching lines a minute, last ${minutes} min`,
    bucketSeconds: 60,
    buckets,
  }
}

function groups(entries: LogEntry[]): View {
  const byTemplate = new Map<string, LogEntry[]>()
  for (const entry of entries) {
    const { template } = meaning(entry)
    const lines = byTemplate.get(template)
    if (lines) lines.push(entry)
    else byTemplate.set(template, [entry])
  }
  const severity = (entry: LogEntry): Severity | 'normal' => {
    const { trouble, problem } = meaning(entry)
    return trouble ? (problem?.severity ?? 'warn') : 'normal'
  }
  const rank = { fail: 0, warn: 1, unknown: 1, info: 2, normal: 2 }
  const all = [...byTemplate].map(([template, lines]) => {
    const last = lines.at(-1) as LogEntry
    return {
      template,
      count: lines.length,
      severity: severity(last),
      first: new Date((lines[0] as LogEntry).at).toISOString(),
      last: new Date(last.at).toISOString(),
      example: last.text.slice(0, 500),
      pods: [...new Set(lines.map((line) => line.pod))].slice(0, 10),
    }
  })
  all.sort((a, b) => rank[a.severity] - rank[b.severity] || b.count - a.count)
  return {
    type: 'groups',
    label: 'Message groups',
    groups: all.slice(0, 30),
    ...(all.length > 30 ? { more: all.length - 30 } : {}),
  }
}
