// What the service does all day: queries, cache, rate limits, projections, calls to what is downstream.
import { connect } from 'node:net'
import pg from 'pg'
import { parse } from 'yaml'
import { RedisClient } from './redis-client.mjs'

const number = (name, otherwise) => Number(process.env[name] ?? otherwise)

export const settings = {
  poolSize: number('DB_POOL_SIZE', 20),
  cacheTtl: number('CACHE_TTL_SECONDS', 300),
  failures: number('CIRCUIT_BREAKER_FAILURE_THRESHOLD', 5),
  resetSeconds: number('CIRCUIT_BREAKER_RESET_SECONDS', 30),
  rateLimit: parse(process.env.rateLimit ?? '') ?? {},
  databaseHost: process.env.host ?? 'postgresql.storage',
}

/** How many requests at a time each hold a connection, and for how long. */
const AT_ONCE = 8
const HELD_MS = 500
/** A request that gets no connection within this gives up. */
const ACQUIRE_MS = 2_000

export const state = {
  database: { up: false, error: 'not connected yet' },
  redis: { up: false, error: 'not connected yet' },
  kafka: { up: false, error: 'not connected yet' },
  acquireTimeouts: [],
  cacheHits: 0,
  cacheMisses: 0,
  applied: 0,
  lastEventAt: undefined,
  lag: 0,
  rebuilds: {
    events: { state: 'done', done: 0, total: 0 },
    cache: { state: 'done', done: 0, total: 0 },
  },
}

export const pool = new pg.Pool({
  host: settings.databaseHost,
  port: number('DB_PORT', 5432),
  database: process.env.database ?? 'aic_production',
  user: process.env.username,
  password: process.env.password,
  max: settings.poolSize,
  connectionTimeoutMillis: ACQUIRE_MS,
  idleTimeoutMillis: 10_000,
  application_name: 'backend-api',
})
pool.on('error', () => {}) // an idle connection that breaks is seen by the next query
// One that breaks while a request holds it is seen by that request; unheard it would end the process.
pool.on('connect', (client) => client.on('error', () => {}))

const redis = new RedisClient(process.env.REDIS_HOST ?? 'redis.storage', number('REDIS_PORT', 6379))

export const breakers = {
  'orders-db': { state: 0, failures: 0, total: 0, openedAt: 0, call: () => pool.query('SELECT 1') },
  inference: {
    state: 0,
    failures: 0,
    total: 0,
    openedAt: 0,
    call: () => reach('inference-gateway.ai-services'),
  },
  cms: { state: 0, failures: 0, total: 0, openedAt: 0, call: () => reach('cms-web.cms') },
}

async function reach(host) {
  const answer = await fetch(`http://${host}/health`, { signal: AbortSignal.timeout(2_000) })
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
}

/** Whether the pool was too small within the last seconds. */
export function poolExhausted() {
  return state.acquireTimeouts.filter((at) => Date.now() - at < 5_000).length > 0
}

const QUERIES = [
  [
    'SELECT id, total, state FROM orders WHERE user_id = $1 ORDER BY id DESC LIMIT 20',
    () => [1 + Math.floor(Math.random() * 500)],
  ],
  ['SELECT id, email FROM users WHERE id = $1', () => [1 + Math.floor(Math.random() * 500)]],
  ['SELECT count(*) FROM sessions WHERE user_id = $1', () => [1 + Math.floor(Math.random() * 500)]],
]

async function oneRequest(say, count) {
  const [sql, parameters] = QUERIES[Math.floor(Math.random() * QUERIES.length)]
  let client
  try {
    client = await pool.connect()
    await client.query(sql, parameters())
    state.database = { up: true }
    await new Promise((resolve) => setTimeout(resolve, HELD_MS))
    count('/api/v1/orders', 200)
  } catch (cause) {
    count('/api/v1/orders', 503)
    databaseTrouble(cause, say)
  } finally {
    client?.release()
  }
}

function databaseTrouble(cause, say) {
  const text = String(cause.message || cause.code || cause)
  if (
    /timeout exceeded when trying to connect/i.test(text) &&
    state.database.up &&
    pool.totalCount >= settings.poolSize
  ) {
    state.acquireTimeouts = [...state.acquireTimeouts.slice(-50), Date.now()]
    say(
      'ERROR',
      'pool',
      `timeout acquiring connection after ${ACQUIRE_MS} ms in_use=${pool.totalCount} size=${settings.poolSize} waiting=${pool.waitingCount}`,
    )
    return
  }
  const word = /password authentication/.test(text)
    ? `connection failed: ${text}`
    : /too many clients|remaining connection slots/.test(text)
      ? `connection failed: ${text}`
      : `connection refused host=${settings.databaseHost} port=5432`
  state.database = { up: false, error: word }
  say('ERROR', 'db', word)
}

/** Workers that hold connections, each of its own pace. */
export function serveTraffic(say, count) {
  const worker = async (n) => {
    for (;;) {
      await oneRequest(say, count)
      await new Promise((resolve) => setTimeout(resolve, state.database.up ? 250 + 20 * n : 1_000))
    }
  }
  for (let n = 0; n < AT_ONCE; n++) void worker(n)
}

/** Cache reads and rate limit counters, once a second. */
export async function useRedis(say, n) {
  try {
    for (let i = 0; i < 10; i++) {
      const key = `cache:product:${1 + Math.floor(Math.random() * 40)}`
      if ((await redis.command('GET', key)) !== null) state.cacheHits += 1
      else {
        state.cacheMisses += 1
        await redis.command('SET', key, `v${n}`, 'EX', settings.cacheTtl)
      }
    }
    const { keyPrefix = 'ratelimit:', windowSeconds = 60 } = settings.rateLimit
    const key = `${keyPrefix}app-${n % 4}`
    if ((await redis.command('INCR', key)) === 1) await redis.command('EXPIRE', key, windowSeconds)
    state.redis = { up: true }
  } catch (cause) {
    state.redis = { up: false, error: `connect ECONNREFUSED redis.storage:6379` }
    say(
      'ERROR',
      'cache',
      `redis unavailable: ${cause.code === 'ECONNREFUSED' ? state.redis.error : cause.message}`,
    )
  }
}

/** Writes every entry of the cache anew; what it holds comes from the database. */
export async function refreshCache() {
  const { rows } = await pool.query('SELECT id, total FROM orders ORDER BY id LIMIT 200')
  for (const row of rows)
    await redis.command('SET', `cache:product:${row.id}`, row.total, 'EX', settings.cacheTtl)
  return rows.length
}

/** Reads new events, and how many are still ahead. */
export async function project() {
  const { rows } = await pool.query(
    'SELECT coalesce(max(id), 0)::int AS newest, max(recorded_at) AS at FROM event_store',
  )
  state.lag = Math.max(0, rows[0].newest - state.applied)
  state.applied = rows[0].newest
  state.lastEventAt = rows[0].at ?? undefined
}

/** A rebuild in the background; its state is asked for by GET. */
export function rebuild(name, work) {
  const one = state.rebuilds[name]
  if (one.state === 'running') return one
  Object.assign(one, { state: 'running', done: 0, total: 3 })
  void (async () => {
    try {
      for (let step = 0; step < one.total; step++) {
        await work()
        one.done += 1
        await new Promise((resolve) => setTimeout(resolve, 300))
      }
      one.state = 'done'
    } catch (cause) {
      one.state = 'failed'
      one.error = cause.message
    }
  })()
  return one
}

/** Whether a broker takes connections: enough to say that the event bus is there. */
export function reachKafka(say) {
  return new Promise((resolve) => {
    const end = (up, error) => {
      socket.destroy()
      state.kafka = up ? { up } : { up, error }
      if (!up) say('ERROR', 'event', 'event bus unavailable: no broker available')
      resolve()
    }
    const socket = connect(
      { host: process.env.KAFKA_HOST ?? 'kafka.messaging', port: 9092, timeout: 2_000 },
      () => end(true),
    )
    socket.on('timeout', () => end(false, 'no answer'))
    socket.on('error', (cause) => end(false, cause.message))
  })
}

/** Calls through each breaker: closed lets through, open refuses, half-open tries once. */
export async function callDownstream(say) {
  for (const [name, one] of Object.entries(breakers)) {
    if (one.state === 2) {
      if (Date.now() - one.openedAt < settings.resetSeconds * 1000) {
        say('WARN', 'circuit', `${name} open: call rejected failures=${one.failures}`)
        continue
      }
      one.state = 1
    }
    try {
      await one.call()
      one.state = 0
      one.failures = 0
    } catch {
      one.failures += 1
      one.total += 1
      if (one.failures >= settings.failures || one.state === 1) {
        if (one.state !== 2) one.openedAt = Date.now()
        one.state = 2
      }
    }
  }
}
