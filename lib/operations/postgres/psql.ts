import 'server-only'
import { fail, ok, type Result } from '@/lib/core/result'
import { programInside } from '@/lib/operations/commands'
import { onePod, runIn } from '@/lib/operations/in-pods'
import type { PodSelection } from '@/lib/operations/pod-selection'
import type { ReadContext, RecogniseHints } from '@/lib/operations/types'
import type { Command } from '@/lib/runbooks/command'
import type { KubeObject } from '@/lib/targets/types'

const READ_ONLY = 'SET default_transaction_read_only = on'

/** Rows of a CSV text (RFC 4180), the first line as names. */
export function parseCsv(text: string): Record<string, string>[] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (quoted) {
      if (char === '"' && text[i + 1] === '"') {
        cell += '"'
        i += 1
      } else if (char === '"') quoted = false
      else cell += char
    } else if (char === '"') quoted = true
    else if (char === ',' || char === '\n') {
      row.push(cell)
      cell = ''
      if (char === '\n') {
        rows.push(row)
        row = []
      }
    } else if (char !== '\r') cell += char
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell])
  const [names = [], ...body] = rows
  return body
    .filter((one) => one.length === names.length)
    .map((one) => Object.fromEntries(names.map((name, index) => [name, one[index] ?? ''])))
}

export interface Answered {
  rows: Record<string, string>[]
  pod: KubeObject
  note?: string
}

/** Runs one reading statement in a read-only session of the pod's own psql. */
export async function select(
  context: Pick<ReadContext, 'cluster'>,
  pods: PodSelection,
  sql: string,
  database?: string,
): Promise<Result<Answered>> {
  const found = await onePod(context, pods)
  if (!found.ok) return found
  const { pod, note } = found.value
  const answer = await runIn(context, pod, [
    'psql',
    '-X',
    '--csv',
    ...(database ? ['-d', database] : []),
    '-c',
    READ_ONLY,
    '-c',
    sql,
  ])
  if (!answer.ok) return answer
  if (answer.value.truncatedBytes > 0)
    return fail('internal', 'the answer of psql is too large to be read whole')
  // psql confirms the SET with a line of its own.
  return ok({ rows: parseCsv(answer.value.stdout.replace(/^SET\n/, '')), pod, ...(note ? { note } : {}) })
}

/** A psql call inside pods with its statements and database. */
export function psqlInside(
  commands: readonly Command[],
  hints: RecogniseHints,
): { pods: PodSelection; sql: string[]; database?: string } | undefined {
  const inside = commands.map((command) => programInside([command], hints, 'psql'))
  const [first] = inside
  if (
    !first ||
    inside.some(
      (one) => !one || one.filters.length > 0 || JSON.stringify(one.pods) !== JSON.stringify(first.pods),
    )
  )
    return undefined
  const args = inside.flatMap((one) => one?.args ?? [])
  // Another host, a file or a setting would make it another command than the one that is run here.
  const understood = args.every(
    (word, index) =>
      ['-c', '-d', '-U'].includes(args[index - 1] ?? '') ||
      ['-c', '-d', '-U', '-X', '-A', '-t', '-At', '-q', '-x', '-w', '--csv'].includes(word),
  )
  if (!understood) return undefined
  const sql = args
    .flatMap((word, index) => (args[index - 1] === '-c' ? word.split(';') : []))
    .map((one) => one.trim())
    .filter(Boolean)
  const at = args.indexOf('-d')
  return sql.length > 0
    ? { pods: first.pods, sql, ...(at >= 0 && args[at + 1] ? { database: args[at + 1] as string } : {}) }
    : undefined
}

/** The kubectl line for a psql statement. */
export function psqlLine(p: PodSelection, sql: string, database?: string): string {
  return `kubectl exec ${p.pod ?? p.workload ?? '<pod-name>'} -n ${p.namespace} -- psql${database ? ` -d ${database}` : ''} -c "${sql}"`
}
