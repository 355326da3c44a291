import type { ContainerInstance, ExecOutcome, ProgramHttpResponse } from '../../types'
import { failed, Log, MIB, noProgram, type Process, printed, type Scene } from '../scene'

interface Entry {
  value: string
  /** Unix ms at which it goes; undefined stays. */
  expires?: number
}

/** A glob as Redis matches it (util.c stringmatchlen), in the forms people type: * ? [abc]. */
function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
  return new RegExp(`^${source}$`, 's')
}

/** The keyspace behind redis-0. It outlives the process, as with append-only persistence. */
export class Redis {
  private keys = new Map<string, Entry>()
  maxMemory = 512 * MIB
  hits = 940_000
  misses = 52_000
  evicted = 0
  private commands = 0

  constructor(private readonly scene: () => Scene) {
    this.fill()
  }

  private readonly settings = new Map([
    ['maxmemory-policy', 'allkeys-lru'],
    ['timeout', '0'],
    ['databases', '16'],
    ['appendonly', 'yes'],
    ['save', '3600 1 300 100 60 10000'],
  ])

  /** The healthy keyspace. */
  fill(): void {
    const now = Date.now()
    this.keys = new Map()
    for (let i = 0; i < 400; i++)
      this.keys.set(`session:${i}`, { value: 'x'.repeat(200), expires: now + 3_600_000 })
    for (let i = 0; i < 700; i++)
      this.keys.set(`cache:product:${i}`, { value: 'x'.repeat(900), expires: now + 300_000 })
    for (let i = 0; i < 30; i++) this.keys.set(`ratelimit:app-${i}`, { value: '12', expires: now + 60_000 })
    for (let i = 0; i < 40; i++)
      this.keys.set(`events:order-${i}`, { value: '{"snapshot":true}', expires: now + 600_000 })
    this.maxMemory = 512 * MIB
    this.hits = 940_000
    this.misses = 52_000
    this.evicted = 0
  }

  reachable(): boolean {
    return [...this.scene().processes.values()].some(
      (one) => one.instance.pod.metadata.labels?.app === 'redis' && one.listens(6379),
    )
  }

  set(key: string, value: string, expires?: number): void {
    this.keys.set(key, { value, ...(expires === undefined ? {} : { expires }) })
  }

  stuckRateLimits(): number {
    return this.match('ratelimit:*').filter((key) => this.keys.get(key)?.expires === undefined).length
  }

  hasStaleEvents(): boolean {
    return this.match('events:*').some((key) => this.keys.get(key)?.value.includes('stale'))
  }

  usedMemory(): number {
    let bytes = 3 * MIB
    for (const [key, entry] of this.keys) bytes += key.length + entry.value.length * 96
    return bytes
  }

  match(pattern: string): string[] {
    const prefix = /^([^*?[\]\\]*)\*$/.exec(pattern)?.[1]
    const test = prefix === undefined ? glob(pattern) : undefined
    // Most patterns are a prefix, and programs look by them many times a second.
    const fits = (key: string) => (test ? test.test(key) : key.startsWith(prefix ?? ''))
    return [...this.keys.keys()].filter(fits)
  }

  remove(keys: string[]): number {
    return keys.filter((key) => this.keys.delete(key)).length
  }

  /** Traffic of a second: sessions and caches come and go, limits expire and return. */
  tick(): void {
    const now = Date.now()
    for (const [key, entry] of this.keys)
      if (entry.expires !== undefined && entry.expires < now) this.keys.delete(key)
    if (!this.reachable()) return
    const ttl = this.scene().cacheTtl()
    const room = this.usedMemory() < this.maxMemory
    if (room)
      for (let i = 0; i < 4; i++)
        this.set(`cache:product:${Math.floor(Math.random() * 700)}`, 'x'.repeat(900), now + ttl * 1000)
    else this.evicted += 20
    for (let i = 0; i < 30; i++)
      if (!this.keys.has(`ratelimit:app-${i}`)) this.set(`ratelimit:app-${i}`, '1', now + 60_000)
    // Counters of a busy cache: they follow within seconds, in both directions, though they never go back.
    if (ttl < 30 || !room) this.misses += Math.max(9_000, Math.round(this.hits / 10))
    else if (this.misses > this.hits / 16) this.hits += this.misses
    else this.hits += 120
    this.commands += 180
  }

  /** Forgets the hit statistics, as a restart of the process does. */
  resetStatistics(): void {
    this.hits = 9_400
    this.misses = 520
    this.evicted = 0
  }

  async command(args: string[]): Promise<string> {
    const [name = '', ...rest] = args
    this.commands += 1
    switch (name.toUpperCase()) {
      case 'PING':
        return 'PONG'
      case 'DBSIZE':
        return String(this.keys.size)
      case 'INFO':
        return this.info(rest[0])
      case 'GET':
        return this.keys.get(rest[0] ?? '')?.value ?? ''
      case 'SET':
        this.set(rest[0] ?? '', rest[1] ?? '')
        return 'OK'
      case 'TTL': {
        const entry = this.keys.get(rest[0] ?? '')
        if (!entry) return '-2'
        return entry.expires === undefined ? '-1' : String(Math.round((entry.expires - Date.now()) / 1000))
      }
      case 'EXISTS':
        return String(rest.filter((key) => this.keys.has(key)).length)
      case 'DEL':
      case 'UNLINK':
        return String(this.remove(rest))
      case 'FLUSHDB':
      case 'FLUSHALL':
        this.keys.clear()
        return 'OK'
      case 'SCAN': {
        const pattern = rest[rest.findIndex((word) => word.toUpperCase() === 'MATCH') + 1]
        const found = rest.some((word) => word.toUpperCase() === 'MATCH')
          ? this.match(pattern ?? '*')
          : [...this.keys.keys()]
        const count = Number(rest[rest.findIndex((word) => word.toUpperCase() === 'COUNT') + 1] ?? 10) || 10
        const from = Number(rest[0] ?? 0)
        const next = from + count >= found.length ? 0 : from + count
        return [String(next), ...found.slice(from, from + count)].join('\n')
      }
      case 'CONFIG':
        return this.config(rest)
      case 'CLIENT':
        return 'id=3 addr=10.244.0.10:41320 name=backend-api db=0 cmd=get'
      case 'SLOWLOG':
        return ''
      case 'MEMORY':
        return String((this.keys.get(rest[1] ?? '')?.value.length ?? 0) + 64)
      default:
        return `ERR unknown command '${name}', with args beginning with: ${rest.map((one) => `'${one}' `).join('')}`
    }
  }

  private config([verb = '', ...words]: string[]): string {
    const present = new Map(this.settings).set('maxmemory', String(this.maxMemory))
    switch (verb.toUpperCase()) {
      case 'GET': {
        const wanted = words.map((word) => new RegExp(`^${word.replaceAll('*', '.*')}$`, 'i'))
        const found = [...present].filter(([name]) => wanted.some((one) => one.test(name)))
        return found.map(([name, value]) => `${name}\n${value}`).join('\n')
      }
      case 'SET': {
        const [name = '', value = ''] = words
        if (!present.has(name.toLowerCase()))
          return `ERR Unknown option or number of arguments for CONFIG SET - '${name}'`
        if (name.toLowerCase() === 'maxmemory') this.maxMemory = bytesOf(value)
        else this.settings.set(name.toLowerCase(), value)
        return 'OK'
      }
      case 'RESETSTAT':
        this.hits = 0
        this.misses = 0
        this.evicted = 0
        return 'OK'
      default:
        return `ERR unknown subcommand '${verb}'. Try CONFIG HELP.`
    }
  }

  private info(section?: string): string {
    const withTtl = [...this.keys.values()].filter((entry) => entry.expires !== undefined).length
    const sections: Record<string, Record<string, string | number>> = {
      Server: {
        redis_version: '7.4.1',
        redis_mode: 'standalone',
        tcp_port: 6379,
        uptime_in_seconds: 1_987_200,
      },
      Clients: { connected_clients: 14, maxclients: 10_000, blocked_clients: 0 },
      Memory: {
        used_memory: Math.round(this.usedMemory()),
        used_memory_human: `${(this.usedMemory() / MIB).toFixed(2)}M`,
        maxmemory: this.maxMemory,
        maxmemory_human: `${(this.maxMemory / MIB).toFixed(2)}M`,
        maxmemory_policy: this.settings.get('maxmemory-policy') ?? '',
        mem_fragmentation_ratio: 1.08,
      },
      Persistence: {
        loading: 0,
        rdb_last_save_time: Math.floor(Date.now() / 1000) - 240,
        rdb_last_bgsave_status: 'ok',
        aof_enabled: 1,
        aof_last_write_status: 'ok',
      },
      Stats: {
        total_connections_received: 4_210,
        total_commands_processed: 91_000_000 + this.commands,
        instantaneous_ops_per_sec: 184,
        rejected_connections: 0,
        expired_keys: 120_443,
        evicted_keys: this.evicted,
        keyspace_hits: this.hits,
        keyspace_misses: this.misses,
      },
      Replication: { role: 'master', connected_slaves: 0 },
      Keyspace: { db0: `keys=${this.keys.size},expires=${withTtl},avg_ttl=251000` },
    }
    const wanted = section
      ? Object.entries(sections).filter(([name]) => name.toLowerCase() === section.toLowerCase())
      : Object.entries(sections)
    return wanted
      .map(
        ([name, values]) =>
          `# ${name}\r\n${Object.entries(values)
            .map(([key, value]) => `${key}:${value}\r\n`)
            .join('')}`,
      )
      .join('\r\n')
  }
}

/** `512mb`, `1gb`, a number of bytes (redis.conf, "units"). */
function bytesOf(text: string): number {
  const [, number = '0', unit = ''] = /^(\d+)([kmg]?b?)$/i.exec(text.trim()) ?? []
  const units: Record<string, number> = {
    k: 1_000,
    kb: 1_024,
    m: 1_000_000,
    mb: MIB,
    g: 1e9,
    gb: 1_024 * MIB,
  }
  return Number(number) * (units[unit.toLowerCase()] ?? 1)
}

/** The redis-server process and the redis-cli beside it. */
export class RedisProcess implements Process {
  readonly log = new Log()

  constructor(
    readonly instance: ContainerInstance,
    private readonly scene: Scene,
  ) {
    this.log.write(scene.now(), '1:M * Ready to accept connections tcp')
  }

  listens(port: number): boolean {
    return port === 6379 && !this.scene.hung.has(this.instance.pod.metadata.uid)
  }

  async http(): Promise<ProgramHttpResponse | 'refused'> {
    return 'refused'
  }

  async exec(argv: string[], stdin: string): Promise<ExecOutcome> {
    const name = argv[0] ?? ''
    if (name !== 'redis-cli') return noProgram(name)
    if (!this.listens(6379))
      return failed('Could not connect to Redis at 127.0.0.1:6379: Connection refused\n')
    const args = argv.slice(1)
    const scan = args.indexOf('--scan')
    if (scan >= 0) {
      const pattern = args[args.indexOf('--pattern') + 1]
      return printed(
        this.scene.redis
          .match(args.includes('--pattern') ? (pattern ?? '*') : '*')
          .map((key) => `${key}\n`)
          .join(''),
      )
    }
    const words = args.filter(
      (word, index) => word !== '--raw' && word !== '--no-raw' && word !== '-n' && args[index - 1] !== '-n',
    )
    const extra = args.includes('-x') ? [stdin] : []
    const answer = await this.scene.redis.command([...words.filter((word) => word !== '-x'), ...extra])
    return answer.startsWith('ERR ') ? printed(`(error) ${answer}\n`) : printed(`${answer}\n`)
  }

  usage() {
    return { cpuMillicores: 34, memoryBytes: 60 * MIB + this.scene.redis.usedMemory() }
  }

  tick(): void {}

  async stop(): Promise<void> {
    this.log.write(this.scene.now(), '1:M # User requested shutdown...')
  }
}
