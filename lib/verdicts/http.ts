import { count } from './durations'
import type { Finding, Remedy, View } from './types'

/** Slower than this is worth a word. It includes the way through the API server, so it is no latency of the service. */
const SLOW_MS = 3_000
const EXPLAINED = [
  'postgres.down',
  'logs.pool-exhausted',
  'logs.credentials',
  'logs.too-many-clients',
  'logs.workers-blocked',
  'postgres.connections-exhausted',
  'limits.oom-killed',
  'pods.oom-killed',
  'pods.image',
  'workload.scaled-to-zero',
  'service.selector',
]

/** What one pod (or a Service) answered; `error` when there was no HTTP answer. */
export interface Answer {
  from: string
  status?: number
  ms?: number
  body?: string
  error?: string
}

interface Body {
  status?: string
  reason?: string
  lag?: number
  checks?: Record<
    string,
    { status?: string; error?: string; inUse?: number; size?: number; waiting?: number }
  >
  projections?: { name?: string; lag?: number; status?: string }[]
}

function parsed(answer: Answer): Body | undefined {
  try {
    const body: unknown = JSON.parse(answer.body ?? '')
    return typeof body === 'object' && body !== null ? (body as Body) : undefined
  } catch {
    return undefined
  }
}

/** Why a health body says it is not well: the names of its failing parts with their own words. */
function why(body: Body | undefined): string {
  const parts = Object.entries(body?.checks ?? {}).flatMap(([name, check]) =>
    check.error ? [`${name}: ${check.error}`] : [],
  )
  return parts.length > 0 ? parts.slice(0, 3).join('; ') : (body?.reason ?? '')
}

/** What each of them answered, as a table. */
export function rows(answers: Answer[]): View {
  return {
    type: 'table',
    columns: [
      { key: 'from', label: 'Asked' },
      { key: 'status', label: 'Answer' },
      { key: 'ms', label: 'Time', align: 'right' },
      { key: 'says', label: 'Says' },
    ],
    rows: answers.slice(0, 100).map((one) => ({
      from: { text: one.from, mono: true },
      status:
        one.status === undefined
          ? { text: 'none', tone: 'fail' as const }
          : { text: `HTTP ${one.status}`, tone: one.status < 400 ? ('pass' as const) : ('fail' as const) },
      ms: { text: one.ms === undefined ? '' : `${Math.round(one.ms)} ms` },
      says: { text: (one.error ?? (why(parsed(one)) || (parsed(one)?.status ?? ''))).slice(0, 160) },
    })),
    ...(answers.length > 100 ? { more: answers.length - 100 } : {}),
  }
}

/** The bodies of the answers, cut. */
export function raw(answers: Answer[]) {
  return answers.slice(0, 10).map((one) => ({
    label: one.from,
    text: (one.body ?? one.error ?? '').slice(0, 64_000),
    truncatedBytes: Math.max(0, (one.body ?? '').length - 64_000),
  }))
}

/** ` on 2 of 3`; nothing when only one was asked. */
function on(some: number, all: number): string {
  return all === 1 ? '' : ` on ${some} of ${all}`
}

/** Silence and HTTP errors, which every kind of endpoint is judged by. */
export function judgeAnswers(what: string, answers: Answer[], remedies: Remedy[]): Finding[] {
  const findings: Finding[] = []
  const silent = answers.filter((one) => one.status === undefined)
  const bad = answers.filter((one) => one.status !== undefined && one.status >= 400)
  const all = answers.length
  const evidence = (some: Answer[]) =>
    some
      .slice(0, 5)
      .map((one) => `${one.from}: ${one.error ?? `HTTP ${one.status} ${(one.body ?? '').slice(0, 200)}`}`)
  if (silent.length > 0)
    findings.push({
      severity: silent.length === all ? 'fail' : 'warn',
      code: 'http.silent',
      title: `${what} does not answer${on(silent.length, all)}: ${silent[0]?.error ?? 'no answer'}`,
      evidence: evidence(silent),
      remedies,
      explainedBy: EXPLAINED,
    })
  if (bad.length > 0) {
    const reason = why(parsed(bad[0] as Answer))
    findings.push({
      severity: bad.length === all ? 'fail' : 'warn',
      code: 'http.error',
      title: `${what} answers HTTP ${bad[0]?.status}${on(bad.length, all)}${reason ? `: ${reason}` : ''}`,
      evidence: evidence(bad),
      remedies,
      explainedBy: EXPLAINED,
    })
  }
  const slow = answers.filter((one) => (one.ms ?? 0) > SLOW_MS)
  if (slow.length > 0)
    findings.push({
      severity: 'warn',
      code: 'http.slow',
      title: `${what} takes ${Math.round(Math.max(...slow.map((one) => one.ms ?? 0)))} ms${on(slow.length, all)}`,
      evidence: [],
      remedies: [],
    })
  return findings
}

function slowest(answers: Answer[]): string {
  return `${Math.round(Math.max(0, ...answers.map((one) => one.ms ?? 0)))} ms`
}

/** A health endpoint: its answer, and what its body says of its parts. */
export function judgeHealth(what: string, answers: Answer[], remedies: Remedy[]) {
  const findings = judgeAnswers(what, answers, remedies)
  const degraded = answers.filter(
    (one) => one.status !== undefined && one.status < 400 && parsed(one)?.status === 'degraded',
  )
  if (degraded.length > 0)
    findings.push({
      severity: 'warn',
      code: 'http.degraded',
      title: `${what} says degraded${on(degraded.length, answers.length)}: ${why(parsed(degraded[0] as Answer)) || 'no reason given'}`,
      evidence: degraded.slice(0, 3).map((one) => `${one.from}: ${(one.body ?? '').slice(0, 200)}`),
      remedies: [],
      explainedBy: ['redis.down', 'kafka.down'],
    })
  return {
    findings,
    views: [rows(answers)],
    raw: raw(answers),
    healthy: `${what} answers 200 on ${answers.length} of ${answers.length} in at most ${slowest(answers)}`,
    figure: `${what.split(' ').at(-1)} in ${slowest(answers)}`,
  }
}

/** The health of an event store: lag, projections that stopped or are corrupt. */
export function judgeEvents(what: string, answers: Answer[], remedies: Remedy[]) {
  const findings = judgeAnswers(what, answers, remedies)
  const bodies = answers.flatMap((one) => {
    const body = parsed(one)
    return body ? [body] : []
  })
  const seen = new Map<string, { status: string; lag: number }>()
  for (const projection of bodies.flatMap((body) => body.projections ?? [])) {
    const name = projection.name ?? 'unnamed'
    const before = seen.get(name)
    const worse = before === undefined || (before.status === 'running' && projection.status !== 'running')
    if (worse) seen.set(name, { status: projection.status ?? 'unknown', lag: projection.lag ?? 0 })
  }
  for (const [name, one] of seen) {
    if (one.status === 'stalled')
      findings.push({
        severity: 'fail',
        code: 'events.stalled',
        title: `The projection ${name} has stopped, ${one.lag.toLocaleString('en')} events behind`,
        evidence: [],
        remedies,
        explainedBy: ['kafka.offline'],
      })
    else if (one.status === 'corrupt')
      findings.push({
        severity: 'fail',
        code: 'events.corrupt',
        title: `The read model ${name} is corrupt`,
        evidence: [],
        remedies: [{ operation: 'http.rebuild', params: { path: '/events/rebuild' } }],
        explainedBy: ['events.order'],
      })
  }
  const others = [...seen].filter(
    ([, one]) => !['running', 'rebuilding', 'stalled', 'corrupt'].includes(one.status),
  )
  for (const [name, one] of others)
    findings.push({
      severity: 'warn',
      code: 'events.state',
      title: `The projection ${name} is ${one.status}`,
      evidence: [],
      remedies,
    })
  if (findings.length === 0 && bodies.length < answers.length)
    findings.push({
      severity: 'unknown',
      code: 'events.unreadable',
      title: `Could not look: ${what} answers ${answers.length - bodies.length} of ${answers.length} times with something that is not JSON`,
      evidence: [],
      remedies: [],
    })
  if (bodies.some((body) => body.status === 'degraded') && findings.length === 0)
    findings.push({
      severity: 'warn',
      code: 'events.degraded',
      title: `${what} says degraded`,
      evidence: answers.slice(0, 3).map((one) => `${one.from}: ${(one.body ?? '').slice(0, 200)}`),
      remedies: [],
      explainedBy: ['kafka.down'],
    })
  const lag = Math.max(0, ...bodies.map((body) => body.lag ?? 0))
  const table: View = {
    type: 'table',
    columns: [
      { key: 'name', label: 'Projection' },
      { key: 'status', label: 'State' },
      { key: 'lag', label: 'Behind', align: 'right' },
    ],
    rows: [...seen].map(([name, one]) => ({
      name: { text: name, mono: true },
      status: {
        text: one.status,
        tone:
          one.status === 'running'
            ? ('pass' as const)
            : one.status === 'rebuilding'
              ? ('warn' as const)
              : ('fail' as const),
      },
      lag: { text: one.lag.toLocaleString('en') },
    })),
  }
  return {
    findings,
    views: seen.size > 0 ? [table, rows(answers)] : [rows(answers)],
    raw: raw(answers),
    healthy: `${count(seen.size, 'projection')} running, at most ${lag} events behind`,
    figure: `lag ${lag}`,
  }
}
