import type { ExecOutcome } from '../../types'
import { failed, printed, type Scene } from '../scene'

/** A dump: for each table its definition and rows, as taken from the real database. */
export interface Dump {
  path: string
  database: string
  takenAt: number
  tables: { name: string; columns: { name: string; type: string }[]; rows: string }[]
}

function bytes(dump: Dump): number {
  return dump.tables.reduce((sum, table) => sum + table.rows.length, 4_096)
}

/** `ls -l /backup`. */
export function listBackups(scene: Scene, argv: string[]): ExecOutcome {
  const path = argv.slice(1).find((word) => !word.startsWith('-')) ?? '/'
  if (!path.startsWith('/backup'))
    return failed(`ls: cannot access '${path}': No such file or directory\n`, 2)
  const found = [...scene.dumps.values()].filter(
    (dump) => path === '/backup' || path === '/backup/' || dump.path === path,
  )
  if (found.length === 0) return failed(`ls: cannot access '${path}': No such file or directory\n`, 2)
  const full = argv.some((word) => word.includes('full-time') || word.includes('time-style'))
  const rows = found.map((dump) => {
    const when = new Date(dump.takenAt).toISOString()
    const shown = full
      ? `${when.slice(0, 10)} ${when.slice(11, 19)}.000000000 +0000`
      : `${when.slice(0, 10)} ${when.slice(11, 16)}`
    return `-rw-r--r-- 1 postgres postgres ${bytes(dump)} ${shown} ${path === dump.path ? dump.path : dump.path.slice('/backup/'.length)}\n`
  })
  return printed(
    path.startsWith('/backup/') && path !== '/backup/'
      ? rows.join('')
      : `total ${rows.length * 8}\n${rows.join('')}`,
  )
}

/** Reads a database into a dump. */
export async function takeDump(scene: Scene, database: string, path: string, takenAt: number): Promise<Dump> {
  const client = scene.postgres.client('primary', database, 'pg_dump')
  await client.connect()
  try {
    const tables = await client.query(
      "SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY c.oid",
    )
    const dump: Dump = { path, database, takenAt, tables: [] }
    for (const { name } of tables.rows) {
      const columns = await client.query(
        'SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum',
        [name],
      )
      const rows = await client.query(`SELECT coalesce(json_agg(t), '[]') AS rows FROM ${pgName(name)} t`)
      dump.tables.push({ name, columns: columns.rows, rows: JSON.stringify(rows.rows[0].rows) })
    }
    return dump
  } finally {
    await client.end()
  }
}

function pgName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function option(argv: string[], short: string, long: string): string | undefined {
  const at = argv.findIndex((word) => word === short || word === long)
  if (at >= 0) return argv[at + 1]
  return argv.find((word) => word.startsWith(`${long}=`))?.slice(long.length + 1)
}

/** `pg_dump -Fc -f PATH DATABASE`. */
export async function pgDump(scene: Scene, argv: string[]): Promise<ExecOutcome> {
  const path = option(argv, '-f', '--file')
  const words = argv
    .slice(1)
    .filter(
      (word, index, all) =>
        !word.startsWith('-') &&
        !['-f', '--file', '-d', '--dbname', '-F', '--format'].includes(all[index - 1] ?? ''),
    )
  const database = option(argv, '-d', '--dbname') ?? words[0] ?? scene.postgres.defaultDatabase
  if (!path?.startsWith('/backup/'))
    return failed('pg_dump: error: could not open output file: Permission denied\n')
  try {
    scene.dumps.set(path, await takeDump(scene, database, path, scene.now()))
    return printed('')
  } catch (cause) {
    return failed(
      `pg_dump: error: connection to server failed: FATAL:  ${cause instanceof Error ? cause.message : cause}\n`,
    )
  }
}

/** `pg_restore -l PATH`, and `pg_restore -d DATABASE [--single-transaction] PATH`. */
export async function pgRestore(scene: Scene, argv: string[], up: boolean): Promise<ExecOutcome> {
  const path =
    argv
      .slice(1)
      .filter(
        (word, index, all) => !word.startsWith('-') && !['-d', '--dbname'].includes(all[index - 1] ?? ''),
      )
      .at(-1) ?? ''
  const dump = scene.dumps.get(path)
  if (!dump)
    return failed(`pg_restore: error: could not open input file "${path}": No such file or directory\n`)
  if (argv.includes('-l') || argv.includes('--list')) {
    const when = new Date(dump.takenAt).toISOString().replace('T', ' ').slice(0, 19)
    const entries = dump.tables.flatMap((table, i) => [
      `${215 + i}; 1259 ${16_400 + i} TABLE public ${table.name} postgres\n`,
      `${3_400 + i}; 0 ${16_400 + i} TABLE DATA public ${table.name} postgres\n`,
    ])
    return printed(
      `;\n; Archive created at ${when} UTC\n;     dbname: ${dump.database}\n;     TOC Entries: ${entries.length}\n;     Compression: gzip\n;     Dump Version: 1.16-0\n;     Format: CUSTOM\n;\n;\n; Selected TOC Entries:\n;\n${entries.join('')}`,
    )
  }
  const database = option(argv, '-d', '--dbname')
  if (!database) return failed('pg_restore: error: one of -d/--dbname and -f/--file must be specified\n')
  if (!up) return failed('pg_restore: error: connection to server failed\n')
  const single = argv.includes('-1') || argv.includes('--single-transaction')
  return restore(scene, dump, database, single)
}

async function restore(scene: Scene, dump: Dump, database: string, single: boolean): Promise<ExecOutcome> {
  const client = scene.postgres.client('primary', database, 'pg_restore')
  try {
    await client.connect()
  } catch (cause) {
    return failed(
      `pg_restore: error: connection to server failed: FATAL:  ${cause instanceof Error ? cause.message : cause}\n`,
    )
  }
  let errors = ''
  try {
    if (single) await client.query('BEGIN')
    for (const table of dump.tables) {
      try {
        await client.query(
          `CREATE TABLE public.${pgName(table.name)} (${table.columns.map((column) => `${pgName(column.name)} ${column.type}`).join(', ')})`,
        )
        await client.query(
          `INSERT INTO public.${pgName(table.name)} SELECT * FROM json_populate_recordset(NULL::public.${pgName(table.name)}, $1)`,
          [table.rows],
        )
      } catch (cause) {
        errors += `pg_restore: error: could not execute query: ERROR:  ${cause instanceof Error ? cause.message : cause}\n`
        if (single) break
      }
    }
    if (single) await client.query(errors ? 'ROLLBACK' : 'COMMIT')
    return errors
      ? failed(`${errors}pg_restore: warning: errors ignored on restore: ${errors.split('\n').length - 1}\n`)
      : printed('')
  } finally {
    await client.end()
  }
}
