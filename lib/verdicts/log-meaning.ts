import type { Remedy } from './types'

export interface Problem {
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
    say: 'The database refuses the login',
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

/** What a line says by itself, whichever check reads it. */
export interface Meaning {
  /** Its level is a warning or worse. */
  trouble: boolean
  /** The first problem that a line of such a level matches. */
  problem: Problem | undefined
  template: string
}

/** Reads a line. Bounded by the length of the text. */
export function meaningOf(text: string): Meaning {
  const trouble = TROUBLE_LEVEL.test(text)
  return {
    trouble,
    problem: trouble ? PROBLEMS.find(({ pattern }) => pattern.test(text)) : undefined,
    template: templateOf(text),
  }
}
