import 'server-only'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEMO_ACCOUNTS } from '../access/demo-accounts'
import type { Role } from '../access/roles'
import type { Result } from '../core/result'
import { db } from '../db/client'
import { type TestDatabase, testDatabase } from '../db/testing'
import { subscribe } from '../live/hub'
import { executions } from './execute-fix'
import { runningSweeps } from './results'
import { forgetCluster } from './target'
import type { Actor, LiveEvent } from './types'

/** The engine of a test: a database of its own, a practice cluster, and everything that was sent to browsers. */
export interface EngineAtHand {
  database: TestDatabase
  events: LiveEvent[]
  /** Points the engine at another cluster until it is called again without an argument. */
  pointAt(kubeconfig?: string): void
  /** Points the engine at a database where nothing listens, or back at the real one. */
  databaseAway(away: boolean): Promise<void>
  /** Rows of any table, as text, in which a word occurs: `FixRun: 2`. */
  rowsWith(word: string): Promise<string[]>
  /** Waits for what is under way, then takes everything away. */
  stop(): Promise<void>
}

/** The value of a result that has to be one. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
  return result.value
}

/** How long work that was begun may take to end before its database goes. */
const ENDS_WITHIN_MS = 60_000

/** Waits for fixes under way, and for the sweep that follows each that took effect. */
async function workEnded(): Promise<void> {
  await Promise.all(executions().values())
  const end = Date.now() + ENDS_WITHIN_MS
  while (runningSweeps().size > 0) {
    if (Date.now() > end) throw new Error('The last sweep has not ended.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** A person of the practice cluster, as the engine takes one. */
export function person(role: Role): Actor {
  const account = DEMO_ACCOUNTS.find((one) => one.role === role)
  if (!account) throw new Error(`There is no demo account with the role ${role}.`)
  return { id: account.id, name: account.name, email: account.email, role }
}

/** Starts a database and points this process at it and at a running practice cluster. Call `stop()` at the end. */
export async function engineAtHand(sandbox: { kubeconfig: string; url: string }): Promise<EngineAtHand> {
  const database = await testDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'crashcart-test-engine-'))
  let files = 0
  const pointAt = (kubeconfig = sandbox.kubeconfig) => {
    // A file name of its own each time: connections are kept by it.
    const file = join(folder, `kubeconfig-${files++}.yaml`)
    writeFileSync(file, kubeconfig, { mode: 0o600 })
    process.env.CRASHCART_PRACTICE_KUBECONFIG = file
  }
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    NEXTAUTH_URL: 'http://localhost:3000',
    NEXTAUTH_SECRET: 'k'.repeat(32),
    CRASHCART_PRACTICE_URL: sandbox.url,
    LOG_LEVEL: 'silent',
  })
  delete process.env.CRASHCART_CONTEXT
  pointAt()
  const events: LiveEvent[] = []
  const unsubscribe = subscribe((event) => events.push(event))
  return {
    database,
    events,
    pointAt,
    async databaseAway(away) {
      await db().$disconnect()
      // Port 1 is reserved and refuses at once.
      process.env.DATABASE_URL = away ? 'postgresql://nobody:nothing@127.0.0.1:1/none' : database.url
    },
    async rowsWith(word) {
      const tables = await database.db.$queryRaw<{ name: string }[]>`
        SELECT table_name AS name FROM information_schema.tables
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`
      const found: string[] = []
      for (const { name } of tables) {
        const [row] = await database.db.$queryRawUnsafe<{ count: bigint }[]>(
          `SELECT count(*) FROM "${name}" AS t WHERE position($1 in t::text) > 0`,
          word,
        )
        if (row && row.count > 0n) found.push(`${name}: ${row.count}`)
      }
      return found
    },
    async stop() {
      await workEnded()
      unsubscribe()
      forgetCluster()
      await db().$disconnect()
      await database.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
