import { count, howLong } from './durations'
import type { Finding, Remedy, Severity, View } from './types'

export interface LogEntry {
  at: number
  pod: string
  text: string
}

interface Problem {
  code: string
  pattern: RegExp
  severity: 'info' | 'warn' | 'fail'
  say: string
  remedies?: Remedy[]
  explainedBy?: string[]
}

const RESTART: Remedy = {
  operation: 'kubernetes.rollout-restart',
  params: { workload: 'deployment/backend-api' },
}

/** Named problems, the most telling first. A line belongs to the first that matches. */
const PROBLEMS: Problem[] = [
  {
    code: 'logs.pool-exhausted',
    pattern: /timeout acquiring connection|pool (is )?exhausted|no free connection/i,
    severity: 'fail',
    say: 'The connection pool is exhausted',
    remedies: [{ operation: 'kubernetes.edit-configmap', params: { key: 'DB_POOL_SIZE' } }],
    explainedBy: ['config.pool'],
  },
  {
    code: 'logs.credentials',
    pattern: /password authentication failed/i,
    severity: 'fail',
    say: 'The database refuses the password',
    remedies: [RESTART],
    explainedBy: ['secret.pods-older'],
  },
  {
    code: 'logs.too-many-clients',
    pattern: /too many clients|remaining connection slots/i,
    severity: 'fail',
    say: 'The database has no connection left',
    remedies: [{ operation: 'postgres.terminate-idle' }],
    explainedBy: ['postgres.idle-in-transaction'],
  },
  {
    code: 'logs.refused',
    pattern: /connection refused|ECONNREFUSED/i,
    severity: 'fail',
    say: 'Connections are refused',
    explainedBy: ['postgres.down', 'redis.down'],
  },
  {
    code: 'logs.workers-blocked',
    pattern: /workers=(\d+)\/\1\b|request timed out/i,
    severity: 'fail',
    say: 'Requests time out, all workers are busy',
    remedies: [RESTART],
  },
  {
    // A full Redis that evicts nothing says so; it is not the process that has no memory left.
    code: 'logs.redis-full',
    pattern: /OOM command not allowed|used memory > 'maxmemory'/i,
    severity: 'fail',
    say: 'Redis is full and refuses writes',
    remedies: [{ operation: 'redis.unlink-prefix', params: { pattern: 'cache:*' } }],
    explainedBy: ['redis.memory'],
  },
  {
    code: 'logs.oom',
    pattern: /out of memory|heap limit|allocation failed|\boom(killed)?\b/i,
    severity: 'fail',
    say: 'The process runs out of memory',
    remedies: [{ operation: 'kubernetes.set-resources' }],
    explainedBy: ['limits.oom-killed', 'pods.oom-killed'],
  },
  {
    code: 'logs.signature',
    pattern: /invalid signature/i,
    severity: 'fail',
    say: 'Tokens are refused for a wrong signature',
    remedies: [RESTART],
    explainedBy: ['secret.pods-older', 'token.key-not-in-use'],
  },
  {
    code: 'logs.token-expired',
    pattern: /token expired/i,
    severity: 'warn',
    say: 'Tokens are refused as expired',
    remedies: [{ operation: 'kubernetes.edit-configmap', params: { key: 'JWT_TTL_SECONDS' } }],
    explainedBy: ['config.ttl'],
  },
  { code: 'logs.unauthorized', pattern: /\b401\b/, severity: 'warn', say: 'Requests are refused with 401' },
  {
    code: 'logs.rate-limited',
    pattern: /\b429\b|rate limit exceeded/i,
    severity: 'warn',
    say: 'Clients are turned away with 429',
    remedies: [
      { operation: 'kubernetes.edit-configmap', params: { key: 'rateLimit' } },
      { operation: 'redis.unlink-prefix', params: { pattern: 'ratelimit:*' } },
    ],
    explainedBy: ['redis.keys-without-ttl', 'config.rate-limit'],
  },
  {
    code: 'logs.projection-corrupt',
    pattern: /corrupt|checksum mismatch/i,
    severity: 'fail',
    say: 'A read model is corrupt',
    remedies: [{ operation: 'http.rebuild', params: { path: '/events/rebuild' } }],
    explainedBy: ['events.order', 'events.corrupt'],
  },
  {
    code: 'logs.projection-stalled',
    pattern: /stalled/i,
    severity: 'fail',
    say: 'Event processing has stalled',
    remedies: [RESTART],
    explainedBy: ['events.stalled'],
  },
  {
    code: 'logs.stale-events',
    pattern: /stale event/i,
    severity: 'warn',
    say: 'Stale event snapshots are read from the cache',
    remedies: [{ operation: 'redis.unlink-prefix', params: { pattern: 'events:*' } }],
  },
  {
    code: 'logs.stale-cache',
    pattern: /stale entry/i,
    severity: 'warn',
    say: 'The cache serves stale entries',
    remedies: [{ operation: 'http.refresh', params: { path: '/cache/refresh' } }],
  },
  {
    code: 'logs.breaker-open',
    pattern: /\bopen: call rejected|circuit .{0,200}\bopen\b/i,
    severity: 'warn',
    say: 'A circuit breaker rejects calls',
    remedies: [{ operation: 'http.post', params: { path: '/circuit-breaker/reset' } }],
    explainedBy: ['config.breaker', 'breaker.open'],
  },
  { code: 'logs.disk-full', pattern: /no space left|disk full/i, severity: 'fail', say: 'The disk is full' },
  {
    // A server that starts says so to whoever comes too early; it is over when it has started.
    code: 'logs.starting',
    pattern:
      /the database system is (starting up|shutting down|not yet accepting connections|in recovery mode)|terminating connection due to administrator command/i,
    severity: 'info',
    say: 'The database was starting or stopping',
  },
  {
    code: 'logs.fatal',
    pattern: /\b(FATAL|PANIC)\b|^F\d{4} |\b(?:level|lvl|severity)"?\s*[=:]\s*"?(?:[Ff]atal|[Pp]anic|60\b)/,
    severity: 'fail',
    say: 'Fatal errors are logged',
  },
  {
    code: 'logs.unavailable',
    pattern: /unavailable/i,
    severity: 'fail',
    say: 'Something it needs is unavailable',
    explainedBy: ['redis.down'],
  },
  {
    code: 'logs.errors',
    pattern: /\bERROR\b|^E\d{4} |\b(?:level|lvl|severity)"?\s*[=:]\s*"?(?:[Ee]rr|50\b)/,
    severity: 'warn',
    say: 'Errors are logged',
  },
]

/** Levels as plain words, nginx's brackets, klog's letters, and fields of logfmt or JSON (pino's numbers too). */
const TROUBLE_LEVEL =
  /\b(WARN|WARNING|ERROR|FATAL|PANIC|CRITICAL)\b|\[(error|warn|crit|alert|emerg)\]|^[WEF]\d{4} |\b(?:level|lvl|severity)"?\s*[=:]\s*"?(?:[Ww]arn|[Ee]rr|[Ff]atal|[Pp]anic|[Cc]rit|[456]0\b)/

/** Characters of a line that are looked at and shown: a program decides how long its lines are. */
const LINE_AT_MOST = 4_000

/** Splits the log text of one pod; each line starts with an RFC 3339 timestamp (`timestamps=true`). */
export function parseLog(text: string, pod: string): LogEntry[] {
  return text.split('\n').flatMap((line) => {
    const space = line.indexOf(' ')
    const at = space > 0 ? Date.parse(line.slice(0, space).replace(/(\.\d{3})\d+Z$/, '$1Z')) : Number.NaN
    const text = line.slice(space + 1, space + 1 + LINE_AT_MOST)
    const rest = line.length - space - 1 - text.length
    return Number.isNaN(at) ? [] : [{ at, pod, text: rest > 0 ? `${text}… (${rest} characters more)` : text }]
  })
}

/** A message with what varies masked, so that equal kinds of lines fall together (after Drain, He et al. 2017). */
export function templateOf(text: string): string {
  return text
    .replace(/^\d{4}-\d\d-\d\d[T ][\d:.,]+(Z| ?UTC)?\s*/, '')
    .replace(/"[^"]*"|'[^']*'/g, '"…"')
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/gi, '…')
    .replace(/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g, '…')
    .replace(/\/\d+(?=[/\s]|$)/g, '/…')
    .replace(/(?<=[=:#-])\d[\w.:-]*/g, '…')
    .replace(/\b\d[\d.,]*(ms|s|MiB|GiB|%)?\b/g, '…')
    .replace(/\/api\/v1\/\w+/g, '/api/v1/…')
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
    if (!TROUBLE_LEVEL.test(entry.text) || !weighs(entry)) continue
    const problem = PROBLEMS.find((one) => one.pattern.test(entry.text))
    if (!problem) continue
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
    if (TROUBLE_LEVEL.test(entry.text)) bucket.bad += 1
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
    const template = templateOf(entry.text)
    const lines = byTemplate.get(template)
    if (lines) lines.push(entry)
    else byTemplate.set(template, [entry])
  }
  const severity = (text: string): Severity | 'normal' =>
    !TROUBLE_LEVEL.test(text)
      ? 'normal'
      : (PROBLEMS.find((one) => one.pattern.test(text))?.severity ?? 'warn')
  const rank = { fail: 0, warn: 1, unknown: 1, info: 2, normal: 2 }
  const all = [...byTemplate].map(([template, lines]) => {
    const last = lines.at(-1) as LogEntry
    return {
      template,
      count: lines.length,
      severity: severity(last.text),
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
