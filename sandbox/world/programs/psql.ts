import type pg from 'pg'
import type { ExecOutcome } from '../../types'
import type { PostgresServers } from '../postgres-servers'
import { failed } from '../scene'

interface Options {
  commands: string[]
  database: string
  csv: boolean
  tuplesOnly: boolean
  unaligned: boolean
}

function parse(argv: string[], database: string): Options | string {
  const options: Options = { commands: [], database, csv: false, tuplesOnly: false, unaligned: false }
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (word === '-c' || word === '--command') options.commands.push(argv[++i] ?? '')
    else if (word.startsWith('--command=')) options.commands.push(word.slice(10))
    else if (word === '-d' || word === '--dbname') options.database = argv[++i] ?? database
    else if (word === '-U' || word === '-h' || word === '-p' || word === '-v' || word === '-P') i++
    else if (word === '--csv') options.csv = true
    else if (/^-[AtXq1w]+$/.test(word)) {
      options.tuplesOnly ||= word.includes('t')
      options.unaligned ||= word.includes('A')
    } else if (['--no-psqlrc', '--tuples-only', '--no-align', '--quiet', '--no-password'].includes(word)) {
      options.tuplesOnly ||= word === '--tuples-only'
      options.unaligned ||= word === '--no-align'
    } else if (word.startsWith('-')) return `psql: unrecognized option '${word}'\n`
    else options.database = word
  }
  return options
}

/** psql with -c commands on the real server, printing what psql prints. One session for all commands. */
export async function psql(
  argv: string[],
  servers: PostgresServers,
  role: 'primary' | 'replica',
): Promise<ExecOutcome> {
  const options = parse(argv, servers.defaultDatabase)
  if (typeof options === 'string') return failed(options)
  if (options.commands.length === 0)
    return failed('psql: error: the practice cluster runs commands given with -c only\n', 2)
  const client = servers.client(role, options.database)
  try {
    await client.connect()
  } catch (cause) {
    return failed(`psql: error: connection to server failed: FATAL:  ${message(cause)}\n`, 2)
  }
  let stdout = ''
  let stderr = ''
  client.on('notice', (notice) => {
    stderr += `${notice.severity}:  ${notice.message}\n`
  })
  try {
    for (const sql of options.commands) {
      const answered = await client.query({
        text: sql,
        rowMode: 'array',
        types: { getTypeParser: () => (value: unknown) => value },
      } as pg.QueryArrayConfig)
      for (const result of Array.isArray(answered) ? answered : [answered])
        stdout += render(result as pg.QueryArrayResult<(string | null)[]>, options)
    }
    return { stdout, stderr, exitCode: 0 }
  } catch (cause) {
    const error = cause as pg.DatabaseError
    return {
      stdout,
      stderr: `${stderr}ERROR:  ${message(error)}\n${error.hint ? `HINT:  ${error.hint}\n` : ''}`,
      exitCode: 1,
    }
  } finally {
    await client.end().catch(() => {})
  }
}

function message(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function render(result: pg.QueryArrayResult<(string | null)[]>, options: Options): string {
  if (result.fields.length === 0) {
    if (options.tuplesOnly || options.csv) return ''
    return `${result.command}${result.command === 'INSERT' ? ' 0' : ''}${['INSERT', 'UPDATE', 'DELETE'].includes(result.command) ? ` ${result.rowCount}` : ''}\n`
  }
  const names = result.fields.map((one) => one.name)
  const rows = result.rows.map((row) => row.map((value) => value ?? ''))
  if (options.csv) {
    const cell = (value: string) => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
    return [...(options.tuplesOnly ? [] : [names]), ...rows]
      .map((row) => `${row.map(cell).join(',')}\n`)
      .join('')
  }
  if (options.unaligned) {
    const body = [...(options.tuplesOnly ? [] : [names]), ...rows].map((row) => `${row.join('|')}\n`).join('')
    return options.tuplesOnly ? body : `${body}(${rows.length} row${rows.length === 1 ? '' : 's'})\n`
  }
  return aligned(
    names,
    rows,
    result.fields.map((one) => isNumeric(one.dataTypeID)),
    options.tuplesOnly,
  )
}

/** OIDs of types that psql aligns to the right (pg_type). */
function isNumeric(oid: number): boolean {
  return [20, 21, 23, 26, 28, 29, 700, 701, 1700].includes(oid)
}

function aligned(names: string[], rows: string[][], right: boolean[], tuplesOnly: boolean): string {
  const widths = names.map((name, index) =>
    Math.max(tuplesOnly ? 0 : name.length, ...rows.map((row) => row[index]?.length ?? 0)),
  )
  const line = (cells: string[]) =>
    ` ${cells.map((cell, i) => (i === cells.length - 1 && !right[i] ? cell : right[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join(' | ')}\n`
  const centred = names.map((name, i) => {
    const space = (widths[i] ?? 0) - name.length
    const before = Math.floor(space / 2)
    return ' '.repeat(before) + name + ' '.repeat(space - before)
  })
  const body = rows.map(line).join('')
  if (tuplesOnly) return body
  return ` ${centred.join(' | ')} \n${widths.map((width) => '-'.repeat(width + 2)).join('+')}\n${body}(${rows.length} row${rows.length === 1 ? '' : 's'})\n\n`
}
