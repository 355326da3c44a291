import { createHmac, timingSafeEqual } from 'node:crypto'
import { parse } from 'yaml'
import type { ContainerInstance, ExecOutcome, ProgramHttpRequest, ProgramHttpResponse } from '../../types'
import { failed, jsonAnswer, Log, MIB, marked, noProgram, type Process, printed, type Scene } from '../scene'
import { curl } from './curl'

/** Connections a pod needs at the practice load: a smaller pool makes requests wait. */
const CONNECTIONS_NEEDED = 8
/** Requests a minute of the busiest client; a lower limit makes 429s. */
const BUSIEST_CLIENT = 380
/** Memory the process grows to; a lower limit gets it killed. */
const WORKING_SET = 420 * MIB

const ROUTES = ['/api/v1/orders', '/api/v1/user', '/api/v1/search', '/api/v1/recommendations']
const BREAKERS: Record<string, { app: string; namespace: string }> = {
  'orders-db': { app: 'postgresql', namespace: 'storage' },
  inference: { app: 'inference-gateway', namespace: 'ai-services' },
  cms: { app: 'cms-web', namespace: 'cms' },
}
const PROJECTIONS = ['orders', 'users', 'search']

interface Rebuild {
  state: 'idle' | 'running' | 'done' | 'failed'
  done: number
  total: number
}

type Level = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'

/** One backend-api process. It reads its ConfigMap and Secrets when it starts, never again. */
export class BackendApi implements Process {
  readonly log = new Log()
  readonly config: Record<string, string>
  readonly secrets: { jwt: string; previous: string | undefined; password: string }
  readonly exited: Promise<{ exitCode: number; reason: 'Error' | 'OOMKilled' }>
  readonly breakers = new Map(Object.keys(BREAKERS).map((name) => [name, { state: 0, failures: 0 }]))
  private readonly counters = new Map<string, number>()
  private readonly rebuilds: Record<'cache' | 'events', Rebuild> = {
    cache: { state: 'idle', done: 0, total: 1_200 },
    events: { state: 'idle', done: 0, total: 900 },
  }
  private readonly startedAt: number
  private readonly rateLimit: number
  private cacheHits = 0
  private cacheMisses = 0
  private ticks = 0
  private kill: (exit: { exitCode: number; reason: 'Error' | 'OOMKilled' }) => void = () => {}

  constructor(
    readonly instance: ContainerInstance,
    private readonly scene: Scene,
    history: boolean,
  ) {
    const { namespace } = instance.pod.metadata
    this.config = { ...scene.cluster.get('ConfigMap', namespace, 'backend-api-config')?.data }
    this.rateLimit = rateLimit(this.config.rateLimit)
    const value = (name: string, key: string) =>
      Buffer.from(scene.cluster.get('Secret', namespace, name)?.data?.[key] ?? '', 'base64').toString('utf8')
    this.secrets = {
      jwt: value('jwt-secret', 'secret'),
      previous: value('jwt-secret', 'previous') || undefined,
      password: value('backend-db-secret', 'password'),
    }
    this.startedAt = scene.now()
    this.exited = new Promise((resolve) => {
      this.kill = resolve
    })
    if (history) this.backfill()
    else {
      this.say('INFO', 'main', `backend-api starting version=${this.version} pid=1`)
      this.say('INFO', 'pool', `connection pool ready size=${this.poolSize}`)
    }
  }

  private get version(): string {
    return String(this.instance.pod.spec.containers[0].image).split(':')[1] ?? 'unknown'
  }

  get poolSize(): number {
    return Number(this.config.DB_POOL_SIZE ?? 20)
  }

  private get memoryLimit(): number {
    const text = String(this.instance.pod.spec.containers[0].resources?.limits?.memory ?? '1Gi')
    return Number.parseFloat(text) * (text.endsWith('Gi') ? 1024 : 1) * MIB
  }

  /** What is wrong for this process now, from the state of the world. Each is looked at when it is asked for. */
  private trouble() {
    const { scene, instance, config, secrets } = this
    const { uid } = instance.pod.metadata
    const waiting = () => this.pool().waiting
    const rateLimit = this.rateLimit
    return {
      get hung() {
        return scene.hung.has(uid)
      },
      get databaseDown() {
        return ![...scene.processes.values()].some(
          (one) => one.instance.pod.metadata.labels?.role === 'primary' && one.listens(5432),
        )
      },
      get tooManyClients() {
        return scene.leaked() > 80
      },
      get credentials() {
        const current = scene.cluster.get('Secret', 'backend-services', 'backend-db-secret')?.data?.password
        return secrets.password !== Buffer.from(current ?? '', 'base64').toString('utf8')
      },
      get poolWaiting() {
        return waiting()
      },
      get redisDown() {
        return !scene.redis.reachable()
      },
      get kafkaDown() {
        return scene.kafka.brokersUp() === 0
      },
      get limited() {
        return rateLimit < BUSIEST_CLIENT || scene.redis.stuckRateLimits() > 0
      },
      get stalled() {
        return marked(scene, instance, 'projection-stalled')
      },
      get corrupt() {
        return scene.flags.has('read-model-corrupt')
      },
      get stale() {
        return scene.flags.has('cache-stale')
      },
      get silent() {
        return marked(scene, instance, 'log-silent')
      },
      get metricsBroken() {
        return marked(scene, instance, 'metrics-broken')
      },
      get staleEvents() {
        return scene.redis.hasStaleEvents()
      },
      get shortTtl() {
        return Number(config.JWT_TTL_SECONDS ?? 3600) < 300
      },
      get staleJwt() {
        return secrets.jwt !== scene.jwtSecret()
      },
    }
  }

  pool(): { inUse: number; size: number; waiting: number } {
    const wanted = CONNECTIONS_NEEDED - (this.ticks % 3)
    const size = this.poolSize
    return {
      inUse: Math.min(wanted, size),
      size,
      waiting: size < CONNECTIONS_NEEDED - 2 ? (CONNECTIONS_NEEDED - size) * 4 : 0,
    }
  }

  listens(port: number): boolean {
    return port === 8080
  }

  usage(): { cpuMillicores: number; memoryBytes: number } {
    return {
      cpuMillicores: 118 + (this.ticks % 7) * 3,
      memoryBytes: Math.min(WORKING_SET, this.memoryLimit * 0.99) - (this.ticks % 5) * MIB,
    }
  }

  async http(_port: number, request: ProgramHttpRequest): Promise<ProgramHttpResponse | 'refused'> {
    const path = request.path.split('?')[0] ?? '/'
    const trouble = this.trouble()
    if (path === '/health/live') return jsonAnswer(200, { status: 'alive' })
    if (trouble.hung && path !== '/metrics')
      return jsonAnswer(503, { status: 'not ready', reason: 'worker threads are blocked: 64 of 64 busy' })
    if (path === '/health') return this.health()
    if (path === '/ready') {
      const reason = this.notReady()
      return reason ? jsonAnswer(503, { status: 'not ready', reason }) : jsonAnswer(200, { status: 'ready' })
    }
    if (path === '/metrics')
      return trouble.metricsBroken
        ? { status: 500, headers: { 'content-type': 'text/plain' }, body: 'registry: collector panicked\n' }
        : { status: 200, headers: { 'content-type': 'text/plain; version=0.0.4' }, body: this.metrics() }
    if (path === '/events/health') return this.eventsHealth()
    if (path === '/api/v1/user') return this.user(request)
    if (request.method === 'POST' && path === '/circuit-breaker/reset') {
      const { uid } = this.instance.pod.metadata
      this.scene.marks.get(uid)?.delete('breakers-stuck')
      for (const breaker of this.breakers.values()) Object.assign(breaker, { state: 0, failures: 0 })
      this.say('INFO', 'circuit', 'all circuit breakers reset to closed by request')
      return jsonAnswer(200, { reset: [...this.breakers.keys()] })
    }
    if (request.method === 'POST' && path === '/cache/refresh') {
      this.scene.flags.delete('cache-stale')
      this.say('INFO', 'cache', 'cache refreshed by request keys=1200')
      return jsonAnswer(202, { state: 'done', done: 1_200, total: 1_200 })
    }
    const rebuild = path === '/cache/rebuild' ? 'cache' : path === '/events/rebuild' ? 'events' : undefined
    if (rebuild) {
      if (request.method === 'POST' && this.rebuilds[rebuild].state !== 'running') {
        Object.assign(this.rebuilds[rebuild], { state: 'running', done: 0 })
        this.say(
          'INFO',
          rebuild === 'cache' ? 'cache' : 'event',
          `rebuild started total=${this.rebuilds[rebuild].total}`,
        )
      }
      return jsonAnswer(request.method === 'POST' ? 202 : 200, this.rebuilds[rebuild])
    }
    return jsonAnswer(404, { error: 'not found' })
  }

  private health(): ProgramHttpResponse {
    const trouble = this.trouble()
    const reason = this.notReady()
    const pool = this.pool()
    const body = {
      status: reason || trouble.redisDown || trouble.kafkaDown ? 'degraded' : 'ok',
      checks: {
        database:
          trouble.databaseDown || trouble.credentials || trouble.tooManyClients
            ? { status: 'down', error: reason }
            : { status: 'up', latencyMs: 2 },
        pool: { ...pool, ...(pool.waiting > 0 ? { status: 'exhausted', error: 'db pool timeout' } : {}) },
        redis: trouble.redisDown
          ? { status: 'down', error: 'connect ECONNREFUSED redis.storage:6379' }
          : { status: 'up', latencyMs: 1 },
        kafka: trouble.kafkaDown ? { status: 'down', error: 'no broker available' } : { status: 'up' },
      },
    }
    return jsonAnswer(reason ? 503 : 200, body)
  }

  private notReady(): string | undefined {
    const trouble = this.trouble()
    if (trouble.databaseDown) return 'database connection refused: postgresql.storage:5432'
    if (trouble.credentials) return 'password authentication failed for user "backend"'
    if (trouble.tooManyClients) return 'sorry, too many clients already'
    if (trouble.poolWaiting > 0) return 'db pool timeout'
    return undefined
  }

  private eventsHealth(): ProgramHttpResponse {
    const trouble = this.trouble()
    const projections = PROJECTIONS.map((name) => {
      if (this.rebuilds.events.state === 'running') return { name, lag: 0, status: 'rebuilding' }
      if (trouble.corrupt && name === 'search') return { name, lag: 0, status: 'corrupt' }
      if (trouble.stalled && name === 'orders') return { name, lag: this.lag(), status: 'stalled' }
      return { name, lag: this.ticks % 3, status: 'running' }
    })
    const lag = Math.max(...projections.map((one) => one.lag))
    const bad =
      projections.some((one) => one.status === 'stalled' || one.status === 'corrupt') || trouble.kafkaDown
    return jsonAnswer(200, {
      status: bad ? 'degraded' : 'ok',
      lag,
      lastEventAt: new Date(this.scene.now() - (trouble.kafkaDown ? 240_000 : 800)).toISOString(),
      projections,
    })
  }

  private lag(): number {
    return 4_200 + this.ticks * 12
  }

  private user(request: ProgramHttpRequest): ProgramHttpResponse {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (!token) return jsonAnswer(401, { error: 'missing bearer token' })
    const [head = '', body = '', signature = ''] = token.split('.')
    const good = [this.secrets.jwt, this.secrets.previous].some((key) => {
      if (!key) return false
      const expected = createHmac('sha256', key).update(`${head}.${body}`).digest()
      const given = Buffer.from(signature, 'base64url')
      return given.length === expected.length && timingSafeEqual(given, expected)
    })
    if (!good) return jsonAnswer(401, { error: 'invalid signature' })
    try {
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
      const now = this.scene.now() / 1000
      if (typeof claims.exp === 'number' && claims.exp < now)
        return jsonAnswer(401, { error: 'token expired' })
      return jsonAnswer(200, { sub: claims.sub ?? null })
    } catch {
      return jsonAnswer(401, { error: 'malformed token' })
    }
  }

  async exec(argv: string[]): Promise<ExecOutcome> {
    const name = (argv[0] ?? '').split('/').at(-1) ?? ''
    if (name === 'curl') return curl(argv, this.scene, this)
    if (name === 'pg_isready') return this.pgIsReady(argv)
    if (name === 'free') return printed(free())
    if (name === 'cat') return this.cat(argv.slice(1))
    if (name === 'env')
      return printed(
        Object.entries(this.config)
          .filter(([key]) => key !== 'rateLimit')
          .map(([key, value]) => `${key}=${value}\n`)
          .join(''),
      )
    return noProgram(name)
  }

  private pgIsReady(argv: string[]): ExecOutcome {
    const option = (short: string) => argv[argv.indexOf(short) + 1]
    const host = argv.includes('-h') ? option('-h') : 'localhost'
    const port = argv.includes('-p') ? option('-p') : '5432'
    if (
      !host ||
      !['postgresql', 'postgresql.storage', 'postgresql-replica', 'postgresql-replica.storage'].includes(host)
    ) {
      return { stdout: `${host}:${port} - no response\n`, stderr: '', exitCode: 2 }
    }
    const role = host.startsWith('postgresql-replica') ? 'replica' : 'primary'
    const server = [...this.scene.processes.values()].find(
      (one) => one.instance.pod.metadata.labels?.role === role,
    )
    if (!server?.listens(5432)) return { stdout: `${host}:${port} - no response\n`, stderr: '', exitCode: 2 }
    if (this.scene.leaked() > 90)
      return { stdout: `${host}:${port} - rejecting connections\n`, stderr: '', exitCode: 1 }
    return printed(`${host}:${port} - accepting connections\n`)
  }

  private cat(files: string[]): ExecOutcome {
    const known: Record<string, string> = {
      '/sys/fs/cgroup/memory.current': `${Math.round(this.usage().memoryBytes)}\n`,
      '/sys/fs/cgroup/memory.max': `${Math.round(this.memoryLimit)}\n`,
      '/sys/fs/cgroup/memory.events': 'low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\n',
    }
    const missing = files.find((file) => !(file in known))
    return missing
      ? failed(`cat: ${missing}: No such file or directory\n`)
      : printed(files.map((file) => known[file]).join(''))
  }

  private metrics(): string {
    const pool = this.pool()
    const lines: string[] = []
    const family = (name: string, type: string, help: string, samples: [string, number][]) => {
      lines.push(
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(([labels, value]) => `${name}${labels} ${value}`),
      )
    }
    family(
      'backend_api_requests_total',
      'counter',
      'Requests served.',
      [...this.counters].map(([labels, value]) => [labels, value]),
    )
    const total = [...this.counters.values()].reduce((a, b) => a + b, 0)
    family('backend_api_request_duration_seconds', 'histogram', 'Request latency.', [])
    for (const [bound, share] of [
      ['0.05', 0.62],
      ['0.1', 0.84],
      ['0.25', 0.95],
      ['0.5', 0.985],
      ['1', 0.997],
      ['+Inf', 1],
    ] as const)
      lines.push(`backend_api_request_duration_seconds_bucket{le="${bound}"} ${Math.round(total * share)}`)
    lines.push(
      `backend_api_request_duration_seconds_sum ${(total * 0.061).toFixed(3)}`,
      `backend_api_request_duration_seconds_count ${total}`,
    )
    family(
      'circuit_breaker_state',
      'gauge',
      '0 closed, 1 half-open, 2 open.',
      [...this.breakers].map(([name, one]) => [`{name="${name}"}`, one.state]),
    )
    family(
      'circuit_breaker_failures_total',
      'counter',
      'Failures counted by the breaker.',
      [...this.breakers].map(([name, one]) => [`{name="${name}"}`, one.failures]),
    )
    family('db_pool_in_use', 'gauge', 'Connections in use.', [['', pool.inUse]])
    family('db_pool_size', 'gauge', 'Connections the pool may open.', [['', pool.size]])
    family('db_pool_waiting', 'gauge', 'Requests waiting for a connection.', [['', pool.waiting]])
    family('process_resident_memory_bytes', 'gauge', 'Resident memory.', [['', this.usage().memoryBytes]])
    family('cache_hits_total', 'counter', 'Cache hits.', [['', this.cacheHits]])
    family('cache_misses_total', 'counter', 'Cache misses.', [['', this.cacheMisses]])
    family(
      'event_projection_lag',
      'gauge',
      'Events a projection is behind.',
      PROJECTIONS.map((name) => [
        `{projection="${name}"}`,
        name === 'orders' && this.trouble().stalled ? this.lag() : this.ticks % 3,
      ]),
    )
    return `${lines.join('\n')}\n`
  }

  private count(route: string, status: number, by: number): void {
    const labels = `{route="${route}",method="GET",status="${status}"}`
    this.counters.set(labels, (this.counters.get(labels) ?? 0) + by)
  }

  /** Total of requests so far, for Prometheus. */
  requests(): number {
    return [...this.counters.values()].reduce((a, b) => a + b, 0)
  }

  private say(level: Level, area: string, message: string, at = this.scene.now()): void {
    this.log.write(at, `${new Date(at).toISOString()} ${level} [${area}] ${message}`)
  }

  /** What a healthy process writes, one line a call. */
  private normal(at: number, n: number): void {
    const user = 100 + ((n * 37) % 400)
    const lines: [Level, string, string][] = [
      ['INFO', 'http', `GET ${ROUTES[n % ROUTES.length]} 200 ${12 + (n % 40)}ms user=${user}`],
      ['DEBUG', 'pool', `connection acquired in_use=${4 + (n % 4)} size=${this.poolSize} waiting=0`],
      ['INFO', 'auth', `token accepted sub=user-${user}`],
      ['INFO', 'rate', `window rolled clients=${20 + (n % 9)} limited=0`],
      ['INFO', 'event', `projection orders applied sequence=${4_000 + n} lag=${n % 3}`],
      ['INFO', 'cache', `hit ratio 0.94 keys=${1_180 + (n % 40)}`],
      ['INFO', 'circuit', 'orders-db closed failures=0'],
      ['DEBUG', 'memory', `heap used=${300 + (n % 30)}MiB`],
      ['INFO', 'db', `connection healthy latency=${1 + (n % 3)}ms`],
    ]
    const [level, area, message] = lines[n % lines.length] ?? ['INFO', 'main', 'idle']
    this.say(level, area, message, at)
  }

  private backfill(): void {
    const now = this.scene.now()
    for (let n = 0; n < 750; n++) this.normal(now - (750 - n) * 2_000, n)
    this.ticks = 750
    for (const route of ROUTES) this.count(route, 200, 41_000)
    this.cacheHits = 940_000
    this.cacheMisses = 60_000
  }

  tick(): void {
    this.ticks += 1
    const trouble = this.trouble()
    if (this.memoryLimit < WORKING_SET && this.scene.now() - this.startedAt > 300) {
      this.say(
        'ERROR',
        'memory',
        `allocation failed: heap limit reached limit=${Math.round(this.memoryLimit / MIB)}MiB`,
      )
      this.kill({ exitCode: 137, reason: 'OOMKilled' })
      return
    }
    this.runRebuilds()
    this.turnBreakers()
    if (trouble.silent) return
    const failing = trouble.hung || this.notReady() !== undefined
    for (const route of ROUTES) this.count(route, failing ? 503 : 200, 18)
    if (trouble.limited) this.count('/api/v1/search', 429, 9)
    this.cacheHits += trouble.redisDown ? 0 : 47
    this.cacheMisses += trouble.redisDown ? 50 : 3
    this.normal(this.scene.now(), this.ticks)
    this.complain(trouble)
  }

  private complain(trouble: ReturnType<BackendApi['trouble']>): void {
    const n = this.ticks
    if (trouble.hung)
      this.say(
        'ERROR',
        'http',
        `request timed out after 30000ms route=${ROUTES[n % ROUTES.length]} workers=64/64`,
      )
    if (trouble.databaseDown) this.say('ERROR', 'db', 'connection refused host=postgresql.storage port=5432')
    else if (trouble.credentials)
      this.say('ERROR', 'db', 'connection failed: password authentication failed for user "backend"')
    else if (trouble.tooManyClients)
      this.say('ERROR', 'db', 'connection failed: sorry, too many clients already')
    else if (trouble.poolWaiting > 0)
      this.say(
        'ERROR',
        'pool',
        `timeout acquiring connection after 5000 ms in_use=${this.poolSize} size=${this.poolSize} waiting=${trouble.poolWaiting}`,
      )
    if (trouble.limited)
      this.say(
        'WARN',
        'rate',
        `429 rate limit exceeded client=app-${n % 4} route=/api/v1/search limit=${this.rateLimit}`,
      )
    if (trouble.redisDown)
      this.say('ERROR', 'cache', 'redis unavailable: connect ECONNREFUSED redis.storage:6379')
    if (trouble.kafkaDown) this.say('ERROR', 'event', 'event bus unavailable: no broker available')
    if (trouble.stalled) this.say('ERROR', 'event', `projection orders stalled lag=${this.lag()}`)
    if (trouble.corrupt)
      this.say('ERROR', 'event', `projection search is corrupt: checksum mismatch at sequence=${3_900 + n}`)
    if (trouble.staleEvents)
      this.say('WARN', 'event', `stale event snapshot read from cache key=events:order-${n % 40}`)
    if (trouble.stale) this.say('WARN', 'cache', `stale entry served key=cache:product:${n % 90} age=7200s`)
    if (trouble.shortTtl)
      this.say(
        'WARN',
        'auth',
        `401 token expired sub=user-${100 + (n % 400)} ttl=${this.config.JWT_TTL_SECONDS}s`,
      )
    if (trouble.staleJwt) this.say('WARN', 'auth', `401 invalid signature sub=user-${100 + (n % 400)}`)
    for (const [name, breaker] of this.breakers)
      if (breaker.state === 2)
        this.say('WARN', 'circuit', `${name} open: call rejected failures=${breaker.failures}`)
  }

  private runRebuilds(): void {
    for (const [name, rebuild] of Object.entries(this.rebuilds)) {
      if (rebuild.state !== 'running') continue
      rebuild.done = Math.min(rebuild.total, rebuild.done + Math.ceil(rebuild.total / 3))
      if (rebuild.done < rebuild.total) continue
      rebuild.state = 'done'
      if (name === 'events') this.scene.flags.delete('read-model-corrupt')
      else this.scene.flags.delete('cache-stale')
      this.say('INFO', name === 'events' ? 'event' : 'cache', `rebuild finished total=${rebuild.total}`)
    }
  }

  private turnBreakers(): void {
    const stuck = marked(this.scene, this.instance, 'breakers-stuck')
    const threshold = Number(this.config.CIRCUIT_BREAKER_FAILURE_THRESHOLD ?? 5)
    for (const [name, breaker] of this.breakers) {
      const target = BREAKERS[name]
      const down = name !== 'orders-db' && target !== undefined && !this.reaches(target.namespace, target.app)
      if (down) breaker.failures += 1
      // With a threshold of 1 the odd failure, which always happens, opens the breaker.
      const flaky = threshold < 3 && name === 'cms'
      breaker.state = (stuck && name === 'orders-db') || down || flaky ? 2 : 0
      if (breaker.state === 2) breaker.failures = Math.max(breaker.failures, threshold)
    }
  }

  private reaches(namespace: string, app: string): boolean {
    return this.scene.cluster
      .list('Pod', namespace, { app })
      .some((pod) =>
        (pod.status?.conditions ?? []).some(
          (one: { type: string; status: string }) => one.type === 'Ready' && one.status === 'True',
        ),
      )
  }

  async stop(): Promise<void> {
    this.say('INFO', 'main', 'SIGTERM received, shutting down')
  }
}

/** requestsPerMinute of the rateLimit setting; unreadable means no limit is applied. */
export function rateLimit(yaml: string | undefined): number {
  try {
    const parsed = parse(yaml ?? '') as { requestsPerMinute?: number } | null
    return parsed?.requestsPerMinute ?? Number.POSITIVE_INFINITY
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** `free -h` of a node with 32 GiB: what the program sees inside a container. */
function free(): string {
  return `               total        used        free      shared  buff/cache   available
Mem:            31Gi        11Gi        12Gi        82Mi       7.9Gi        19Gi
Swap:             0B          0B          0B
`
}
