import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate } from './migrate'
import { type TestDatabase, testDatabase } from './testing'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase({ migrated: false })
})
afterAll(() => database?.stop())

/** A fresh database on the same server. */
async function freshUrl(name: string): Promise<string> {
  await query(database.url, `CREATE DATABASE "${name}"`)
  const url = new URL(database.url)
  url.pathname = `/${name}`
  return url.href
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

function folderWith(migrations: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'crashcart-migrations-'))
  for (const [name, sql] of Object.entries(migrations)) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'migration.sql'), sql)
  }
  return folder
}

/** The SQL with which Prisma would make schema.prisma's tables in an empty database. */
async function scriptOfSchema(url: string): Promise<string> {
  // The package's own loader wants a bundler that imports WebAssembly; this is that step.
  const wasm = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm')
  const module = await WebAssembly.compile(readFileSync(join(dirname(wasm), 'schema_engine_bg.wasm')))
  const { exports } = await WebAssembly.instantiate(module, { './schema_engine_bg.js': engine as never })
  const loaded = engine as typeof engine & { __wbg_set_wasm(value: unknown): void }
  loaded.__wbg_set_wasm(exports)
  ;(exports as { __wbindgen_start(): void }).__wbindgen_start()
  const content = readFileSync('prisma/schema.prisma', 'utf8')
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: url }))
  const prisma = await engine.SchemaEngine.new(
    { datamodels: [['schema.prisma', content]] },
    () => undefined,
    adapter,
  )
  const { stdout } = await prisma.diff({
    from: { tag: 'empty' },
    to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  })
  return stdout ?? ''
}

/** Columns, constraints and indexes, but for what schema.prisma has no words for: partial indexes. */
async function shapeOf(url: string): Promise<string[]> {
  const rows = await query(
    url,
    `SELECT format('%s.%s %s %s %s', table_name, column_name, udt_name || coalesce(datetime_precision::text, ''),
       is_nullable, column_default) AS line
     FROM information_schema.columns WHERE table_schema = 'public'
     UNION ALL
     SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace
     UNION ALL
     SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexdef NOT LIKE '% WHERE %'
     ORDER BY 1`,
  )
  return rows.map((row) => String(row.line)).filter((line) => !line.includes('_prisma_migrations'))
}

describe('migrate', () => {
  it('makes exactly the tables of schema.prisma', async () => {
    const [byMigrations, bySchema] = await Promise.all([freshUrl('by_migrations'), freshUrl('by_schema')])
    expect(await migrate(byMigrations)).toMatchObject({ ok: true })
    await query(bySchema, await scriptOfSchema(bySchema))
    expect(await shapeOf(byMigrations)).toEqual(await shapeOf(bySchema))
  })

  it('runs once however many processes start together', async () => {
    const url = await freshUrl('together')
    const done = await Promise.all([migrate(url), migrate(url), migrate(url)])
    const applied = done.map((result) => (result.ok ? result.value.applied.length : -1))
    const rows = await query(url, 'SELECT * FROM "_prisma_migrations" ORDER BY migration_name')
    expect(applied.sort()).toEqual([0, 0, rows.length])
    expect(rows[0]).toMatchObject({
      migration_name: '20261124030000_start',
      applied_steps_count: 1,
      rolled_back_at: null,
    })
  })

  it('takes a migration back whole when it fails, and says which', async () => {
    const url = await freshUrl('failing')
    const folder = folderWith({
      '1_good': 'CREATE TABLE a (x int)',
      '2_bad': 'CREATE TABLE b (x int); SELECT nonsense',
    })
    const done = await migrate(url, folder)
    expect(done).toMatchObject({ ok: false, error: { code: 'precondition_failed' } })
    expect(done.ok || done.error.message).toContain('2_bad')
    expect(await query(url, "SELECT to_regclass('a')::text AS a, to_regclass('b')::text AS b")).toEqual([
      { a: 'a', b: null },
    ])
    rmSync(folder, { recursive: true })
  })

  it('refuses a database that another text or a newer version has touched', async () => {
    const url = await freshUrl('touched')
    const folder = folderWith({ '1_a': 'CREATE TABLE a (x int)' })
    await migrate(url, folder)
    writeFileSync(join(folder, '1_a', 'migration.sql'), 'CREATE TABLE a (y int)')
    const edited = await migrate(url, folder)
    expect(edited.ok || edited.error.message).toContain('from a different text')
    rmSync(join(folder, '1_a'), { recursive: true })
    const newer = await migrate(url, folder)
    expect(newer.ok || newer.error.message).toContain('does not know')
    rmSync(folder, { recursive: true })
  })

  it('says so when the database is not there', async () => {
    expect(await migrate('postgresql://x:y@127.0.0.1:1/z')).toMatchObject({
      ok: false,
      error: { code: 'target_unavailable' },
    })
  })
})
