import 'server-only'
import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { redact } from '@/lib/core/redact'
import { fail, ok, type Result } from '@/lib/core/result'

/** The number that Prisma's own `migrate deploy` locks, so that the two never run at the same time. */
const LOCK = 72707369

/** As Prisma creates it. */
const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`

interface Migration {
  name: string
  sql: string
  /** SHA-256 of the file, hex: what Prisma compares. */
  checksum: string
}

/** The migrations of a folder, oldest first. */
async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

interface Recorded {
  migration_name: string
  checksum: string
  finished_at: Date | null
}

/** What stands in the way of going on, in a sentence, or undefined. */
function obstacle(migrations: readonly Migration[], recorded: readonly Recorded[]): string | undefined {
  const unfinished = recorded.find((row) => row.finished_at === null)
  if (unfinished) {
    return `Migration ${unfinished.migration_name} was begun and not finished. Repair the database, then run \`prisma migrate resolve\`.`
  }
  const edited = migrations.find((migration) =>
    recorded.some((row) => row.migration_name === migration.name && row.checksum !== migration.checksum),
  )
  if (edited) return `Migration ${edited.name} was applied from a different text than the one in the program.`
  const missing = recorded.find((row) => !migrations.some(({ name }) => name === row.migration_name))
  if (missing) {
    return `The database has migration ${missing.migration_name}, which this version does not know. Start the newer version.`
  }
  return undefined
}

/**
 * Brings a database to the newest schema. Safe to call from several processes at once: they wait for
 * each other. Each migration and its record are one transaction; the record is the one `prisma migrate
 * deploy` writes.
 * @param url connection string of an owner of the database
 * @param folder where the migrations are
 * @returns the names applied now; `precondition_failed` when the database is in a state that needs a
 *   person, `target_unavailable` when it cannot be reached
 */
export async function migrate(
  url: string,
  folder = join(/* turbopackIgnore: true */ process.cwd(), 'prisma', 'migrations'),
): Promise<Result<{ applied: string[] }>> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  // A connection that breaks makes the next query fail, which is where it is reported.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (cause) {
    return fail('target_unavailable', `The database cannot be reached: ${reason(cause)}`, {
      hint: 'Look at DATABASE_URL, and whether PostgreSQL is running.',
    })
  }
  try {
    const migrations = await readMigrations(folder)
    // Held until the connection ends.
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    await client.query(TABLE)
    const { rows } = await client.query<Recorded>(
      'SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL',
    )
    const why = obstacle(migrations, rows)
    if (why) return fail('precondition_failed', why)
    const done = new Set(rows.map((row) => row.migration_name))
    const applied: string[] = []
    for (const migration of migrations.filter(({ name }) => !done.has(name))) {
      const applyingFailed = await apply(client, migration)
      if (applyingFailed) return fail('precondition_failed', applyingFailed)
      applied.push(migration.name)
    }
    return ok({ applied })
  } catch (cause) {
    return fail('precondition_failed', `The database could not be prepared: ${reason(cause)}`)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** What PostgreSQL or Node said, redacted: it goes to whoever starts the server. */
function reason(cause: unknown): string {
  return redact(cause instanceof Error ? cause.message || cause.name : String(cause))
}

/** Applies one migration and records it; a sentence when it did not work, and then nothing happened. */
async function apply(client: Client, migration: Migration): Promise<string | undefined> {
  await client.query('BEGIN')
  try {
    await client.query(migration.sql)
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    )
    await client.query('COMMIT')
    return undefined
  } catch (cause) {
    await client.query('ROLLBACK')
    return `Migration ${migration.name} failed and was taken back: ${reason(cause)}`
  }
}
