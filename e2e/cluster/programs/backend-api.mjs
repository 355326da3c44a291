// The reference's service, small but real: its answers come from the PostgreSQL, Redis and Kafka beside it.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import client from 'prom-client'
import {
  breakers,
  callDownstream,
  pool,
  poolExhausted,
  project,
  reachKafka,
  rebuild,
  refreshCache,
  serveTraffic,
  settings,
  state,
  useRedis,
} from './backend-work.mjs'

const say = (level, area, text) =>
  process.stdout.write(`${new Date().toISOString()} ${level} [${area}] ${text}\n`)

if (process.env.FAIL_AT_START) {
  say('FATAL', 'main', 'configuration is broken: FAIL_AT_START is set')
  process.exit(1)
}

// SIGUSR1 blocks every worker, and lets them go again.
let hung = false
process.on('SIGUSR1', () => {
  hung = !hung
})

const requests = new client.Counter({
  name: 'backend_api_requests_total',
  help: 'Requests served.',
  labelNames: ['route', 'method', 'status'],
})
const duration = new client.Histogram({
  name: 'backend_api_request_duration_seconds',
  help: 'Request latency.',
  buckets: [0.05, 0.1, 0.25, 0.5, 1],
})
const count = (route, status) => requests.inc({ route, method: 'GET', status: String(status) })
const gauge = (name, help, labelNames, collect) => new client.Gauge({ name, help, labelNames, collect })
gauge('circuit_breaker_state', '0 closed, 1 half-open, 2 open.', ['name'], function () {
  for (const [name, one] of Object.entries(breakers)) this.set({ name }, one.state)
})
gauge('circuit_breaker_failures_total', 'Failures counted by the breaker.', ['name'], function () {
  for (const [name, one] of Object.entries(breakers)) this.set({ name }, one.total)
})
gauge('db_pool_in_use', 'Connections in use.', [], function () {
  this.set(pool.totalCount - pool.idleCount)
})
gauge('db_pool_size', 'Connections the pool may open.', [], function () {
  this.set(settings.poolSize)
})
gauge('db_pool_waiting', 'Requests waiting for a connection.', [], function () {
  this.set(pool.waitingCount)
})
gauge('cache_hits_total', 'Cache hits.', [], function () {
  this.set(state.cacheHits)
})
gauge('cache_misses_total', 'Cache misses.', [], function () {
  this.set(state.cacheMisses)
})
gauge('event_projection_lag', 'Events a projection is behind.', ['projection'], function () {
  for (const projection of ['orders', 'users', 'search']) this.set({ projection }, state.lag)
})
client.collectDefaultMetrics()

function json(answer, status, body) {
  answer.writeHead(status, { 'content-type': 'application/json' })
  answer.end(JSON.stringify(body))
}

function notReady() {
  if (!state.database.up) return state.database.error
  return poolExhausted() ? 'db pool timeout' : undefined
}

function health(answer) {
  const reason = notReady()
  const part = (one) => (one.up ? { status: 'up' } : { status: 'down', error: one.error })
  json(answer, reason ? 503 : 200, {
    status: reason || !state.redis.up || !state.kafka.up ? 'degraded' : 'ok',
    checks: {
      database: part(state.database),
      pool: {
        inUse: pool.totalCount - pool.idleCount,
        size: settings.poolSize,
        waiting: pool.waitingCount,
        ...(poolExhausted() ? { status: 'exhausted', error: 'db pool timeout' } : {}),
      },
      redis: part(state.redis),
      kafka: part(state.kafka),
    },
  })
}

function user(asked, answer) {
  const token = /^Bearer (.+)$/.exec(asked.headers.authorization ?? '')?.[1]
  if (!token) return json(answer, 401, { error: 'missing bearer token' })
  const [head = '', body = '', signature = ''] = token.split('.')
  const good = [process.env.JWT_SECRET, process.env.JWT_PREVIOUS].some((key) => {
    if (!key) return false
    const expected = createHmac('sha256', key).update(`${head}.${body}`).digest()
    const given = Buffer.from(signature, 'base64url')
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  if (!good) return json(answer, 401, { error: 'invalid signature' })
  try {
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
    if (typeof claims.exp === 'number' && claims.exp < Date.now() / 1000)
      return json(answer, 401, { error: 'token expired' })
    return json(answer, 200, { sub: claims.sub ?? null })
  } catch {
    return json(answer, 401, { error: 'malformed token' })
  }
}

function eventsHealth(answer) {
  const rebuilding = state.rebuilds.events.state === 'running'
  json(answer, 200, {
    status: state.kafka.up ? 'ok' : 'degraded',
    lag: state.lag,
    lastEventAt: state.lastEventAt,
    projections: ['orders', 'users', 'search'].map((name) => ({
      name,
      lag: state.lag,
      status: rebuilding ? 'rebuilding' : 'running',
    })),
  })
}

const ROUTES = {
  'GET /health': (_asked, answer) => health(answer),
  'GET /health/live': (_asked, answer) => json(answer, 200, { status: 'ok' }),
  'GET /ready': (_asked, answer) => {
    const reason = notReady()
    json(answer, reason ? 503 : 200, reason ? { status: 'not ready', reason } : { status: 'ready' })
  },
  'GET /metrics': async (_asked, answer) => {
    const text = await client.register.metrics()
    answer.writeHead(200, { 'content-type': client.register.contentType })
    answer.end(text)
  },
  'GET /events/health': (_asked, answer) => eventsHealth(answer),
  'GET /api/v1/user': user,
  'POST /circuit-breaker/reset': (_asked, answer) => {
    for (const one of Object.values(breakers)) Object.assign(one, { state: 0, failures: 0 })
    say('INFO', 'circuit', 'all breakers reset by request')
    json(answer, 200, { status: 'reset', breakers: Object.keys(breakers) })
  },
  'POST /cache/refresh': async (_asked, answer) =>
    json(answer, 200, { status: 'refreshed', entries: await refreshCache() }),
  'POST /cache/rebuild': (_asked, answer) => json(answer, 202, rebuild('cache', refreshCache)),
  'GET /cache/rebuild': (_asked, answer) => json(answer, 200, state.rebuilds.cache),
  'POST /events/rebuild': (_asked, answer) => json(answer, 202, rebuild('events', project)),
  'GET /events/rebuild': (_asked, answer) => json(answer, 200, state.rebuilds.events),
}

createServer((asked, answer) => {
  const path = asked.url.split('?')[0]
  if (hung && path !== '/health/live') {
    say('ERROR', 'http', `request timed out after 30000ms route=${path} workers=64/64`)
    return
  }
  const stop = duration.startTimer()
  answer.on('finish', () => stop())
  const route = ROUTES[`${asked.method} ${path}`]
  if (!route) return json(answer, 404, { error: 'no such route' })
  Promise.resolve(route(asked, answer)).catch((cause) => {
    say('ERROR', 'http', `${asked.method} ${path} 500 ${cause.message}`)
    if (!answer.headersSent) json(answer, 500, { error: cause.message })
  })
}).listen(8080, '0.0.0.0')

process.on('SIGTERM', () => {
  say('INFO', 'main', 'SIGTERM received, shutting down')
  process.exit(0)
})

say('INFO', 'main', 'started port=8080')
serveTraffic(say, count)
let n = 0
setInterval(async () => {
  n += 1
  await useRedis(say, n)
  if (n % 2 === 0) await reachKafka(say)
  if (n % 2 === 0) await callDownstream(say)
  // Trouble with the database is told by the requests; here it would be said twice.
  if (n % 3 === 0) await project().catch(() => undefined)
  const healthy = [
    ['INFO', 'http', `GET /api/v1/orders 200 ${10 + (n % 30)}ms`],
    [
      'DEBUG',
      'pool',
      `connection acquired in_use=${pool.totalCount - pool.idleCount} size=${settings.poolSize} waiting=${pool.waitingCount}`,
    ],
    ['INFO', 'auth', `token accepted sub=user-${n % 400}`],
    ['INFO', 'rate', `window rolled clients=${4 + (n % 3)} limited=0`],
    ['INFO', 'event', `projection orders applied sequence=${state.applied} lag=${state.lag}`],
    [
      'INFO',
      'cache',
      `hit ratio ${(state.cacheHits / Math.max(1, state.cacheHits + state.cacheMisses)).toFixed(2)}`,
    ],
    [
      'INFO',
      'circuit',
      `orders-db ${breakers['orders-db'].state === 0 ? 'closed' : 'open'} failures=${breakers['orders-db'].failures}`,
    ],
    ['DEBUG', 'memory', `heap used=${Math.round(process.memoryUsage().heapUsed / 1048576)}MiB`],
  ][n % 8]
  say(...healthy)
}, 1_000)
