import { randomBytes } from 'node:crypto'
import type { ClusterHandle, ContainerInstance, LogLine, PodRuntime, World } from '../types'
import { createFaults, type FaultRecipe } from './faults/catalogue'
import { LeakedSessions } from './leaked-sessions'
import { manifests } from './manifests'
import { PostgresServers } from './postgres-servers'
import { BackendApi } from './programs/backend-api'
import { Kafka, KafkaProcess } from './programs/kafka'
import { Kong } from './programs/kong'
import { PlainService } from './programs/plain'
import { PostgresProcess } from './programs/postgres'
import { takeDump } from './programs/postgres-backups'
import { Prometheus } from './programs/prometheus'
import { Redis, RedisProcess } from './programs/redis'
import { type Log, marked, type Process, processesOf, type Scene } from './scene'

const TICK_MS = 1_000
const HOUR = 3_600_000

/**
 * The workloads of the practice cluster and everything that can go wrong with them.
 * @param options.settle false: `inject` does not wait until symptoms have reached logs, probes and statistics
 */
export function createWorld(options: { settle?: boolean } = {}): World {
  return new PracticeWorld(options.settle ?? true)
}

class PracticeWorld implements World {
  readonly faults: World['faults']
  readonly runtime: PodRuntime
  private readonly recipes: FaultRecipe[]
  private readonly previousLogs = new Map<string, Log>()
  private readonly sessions: LeakedSessions
  private readonly scene: Scene
  private timer: NodeJS.Timeout | undefined
  private settled = false

  constructor(private readonly settles: boolean) {
    const postgres = new PostgresServers()
    this.sessions = new LeakedSessions(postgres)
    const scene: Scene = {
      cluster: undefined as unknown as ClusterHandle,
      postgres,
      redis: new Redis(() => scene),
      kafka: new Kafka(() => scene),
      hung: new Set(),
      marks: new Map(),
      flags: new Set(),
      dumps: new Map(),
      processes: new Map(),
      leaked: () => this.sessions.count,
      jwtSecret: () =>
        Buffer.from(
          scene.cluster.get('Secret', 'backend-services', 'jwt-secret')?.data?.secret ?? '',
          'base64',
        ).toString('utf8'),
      cacheTtl: () =>
        Number(
          (processesOf(scene, 'backend-api')[0] as BackendApi | undefined)?.config.CACHE_TTL_SECONDS ?? 300,
        ),
      groupLag: () =>
        processesOf(scene, 'backend-api').some((one) => marked(scene, one.instance, 'projection-stalled'))
          ? 4_800
          : 0,
      now: () => Date.now(),
    }
    this.scene = scene
    this.recipes = createFaults(scene, this.sessions)
    this.faults = this.recipes.map(({ inject: _inject, clear: _clear, active: _active, ...fault }) => fault)
    this.runtime = this.makeRuntime()
  }

  async start(cluster: ClusterHandle): Promise<void> {
    this.scene.cluster = cluster
    await this.scene.postgres.start()
    const secrets = {
      jwt: randomBytes(48).toString('base64url'),
      password: randomBytes(18).toString('base64url'),
    }
    for (const object of manifests(this.scene.now(), secrets)) cluster.apply(object, 'ci-deployer')
    await this.backups()
    this.timer = setInterval(() => this.tick(), TICK_MS)
    // Processes that start from now on have no past.
    setTimeout(() => {
      this.settled = true
    }, 1_500).unref()
  }

  private async backups(): Promise<void> {
    const now = this.scene.now()
    for (const [path, age] of [
      ['/backup/latest.dump', 3 * HOUR],
      ['/backup/2-days-ago.dump', 50 * HOUR],
    ] as const) {
      this.scene.dumps.set(
        path,
        await takeDump(this.scene, this.scene.postgres.defaultDatabase, path, now - age),
      )
    }
  }

  private tick(): void {
    this.scene.redis.tick()
    for (const process of this.scene.processes.values()) process.tick()
    // A little real traffic, so that statistics of the database move.
    if (this.primaryUp() && this.sessions.count === 0) {
      void this.scene.postgres
        .query('primary', 'SELECT o.id, o.total FROM orders o WHERE o.user_id = 7 LIMIT 5')
        .catch(() => {
          // The next tick tries again; a database that refuses shows in the checks, not here.
        })
    }
  }

  private primaryUp(): boolean {
    return [...this.scene.processes.values()].some(
      (one) => one.instance.pod.metadata.labels?.role === 'primary' && one.listens(5432),
    )
  }

  active(name: string): boolean {
    return this.recipes.find((one) => one.name === name)?.active() ?? false
  }

  async inject(name: string, options: { settle?: boolean } = {}): Promise<void> {
    const recipe = this.recipes.find((one) => one.name === name)
    if (!recipe) throw new Error(`There is no fault named ${name}.`)
    await recipe.inject()
    await until(() => recipe.active(), 20_000)
    if (!this.settles || options.settle === false) return
    // Let the symptoms reach logs, probes and statistics before anyone looks.
    await new Promise((resolve) => setTimeout(resolve, recipe.settleMs ?? 2_500))
  }

  async clear(name: string): Promise<void> {
    const recipe = this.recipes.find((one) => one.name === name)
    if (!recipe) throw new Error(`There is no fault named ${name}.`)
    if (recipe.active()) await recipe.clear()
    await until(() => !recipe.active(), 30_000)
  }

  async reset(): Promise<void> {
    for (const recipe of this.recipes) if (recipe.active()) await this.clear(recipe.name)
    this.scene.redis.fill()
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.sessions.closeAll()
    await this.scene.postgres.stop()
  }

  private makeRuntime(): PodRuntime {
    const { scene } = this
    const key = (instance: ContainerInstance) => `${instance.pod.metadata.uid}/${instance.container}`
    const process = (instance: ContainerInstance) => scene.processes.get(key(instance))
    return {
      start: (instance) => {
        const image = String(
          instance.pod.spec.containers.find((one: { name: string }) => one.name === instance.container)
            ?.image,
        )
        if (image.includes('backend-api') && !/:2\.1[0-4]\.\d+$/.test(image)) {
          return {
            pullError: `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": not found`,
            exited: new Promise(() => {}),
          }
        }
        const started = this.create(instance)
        const before = scene.processes.get(key(instance))
        if (before) this.previousLogs.set(key(instance), before.log)
        scene.processes.set(key(instance), started)
        const exited = started.exited ?? new Promise<never>(() => {})
        return { exited }
      },
      stop: async (instance) => {
        const running = process(instance)
        await running?.stop()
        scene.processes.delete(key(instance))
        scene.hung.delete(instance.pod.metadata.uid)
        scene.marks.delete(instance.pod.metadata.uid)
        this.previousLogs.delete(key(instance))
      },
      exec: async (instance, argv, stdin) =>
        process(instance)?.exec(argv, stdin) ?? {
          stdout: '',
          stderr: 'container not running\n',
          exitCode: 137,
        },
      http: async (instance, port, request) => {
        const running = process(instance)
        return running?.listens(port) ? running.http(port, request) : 'refused'
      },
      connect: (instance, port) => process(instance)?.connect?.(port),
      listens: (instance, port) => process(instance)?.listens(port) === true,
      logs: (instance, previous): LogLine[] =>
        (previous ? this.previousLogs.get(key(instance))?.lines : process(instance)?.log.lines) ?? [],
      follow: (instance, line) => process(instance)?.log.follow(line) ?? (() => {}),
      usage: (instance) => process(instance)?.usage(),
    }
  }

  private create(instance: ContainerInstance): Process {
    const { scene } = this
    const history = !this.settled && instance.restart === 0
    switch (instance.container) {
      case 'backend-api':
        return new BackendApi(instance, scene, history)
      case 'postgresql':
        return new PostgresProcess(instance, scene)
      case 'redis':
        if (!history) scene.redis.resetStatistics()
        return new RedisProcess(instance, scene)
      case 'kafka':
        return new KafkaProcess(instance, scene)
      case 'kong':
        return new Kong(instance, scene)
      case 'prometheus':
        return new Prometheus(instance, scene, true)
      default:
        return new PlainService(instance, scene)
    }
  }
}

async function until(condition: () => boolean, limitMs: number): Promise<void> {
  const end = Date.now() + limitMs
  while (!condition()) {
    if (Date.now() > end) throw new Error('The practice cluster did not get there in time.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
