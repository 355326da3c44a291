import 'server-only'
import { randomBytes } from 'node:crypto'
import { ok, type Result } from '../core/result'
import type { ClusterReader, ExecAnswer, ExecRequest } from './types'

type Exec = ClusterReader['exec']

interface Waiting {
  request: ExecRequest
  answer(given: Result<ExecAnswer> | Promise<Result<ExecAnswer>>): void
}

/**
 * Lets reading statements for the same database, asked at the same time, share one psql in the pod: a process and
 * a database session for each is most of what such a check costs. Those of one sweep are asked in one go, as soon as
 * the pods are known, so nothing waits for more. Each statement is a transaction of its own, as it
 * is alone. When anything about the common run is unusual (an error, a word on stderr, too much output), each
 * statement runs by itself, so that its failure is its own. Everything else passes through.
 */
export function shareSessions(exec: Exec): Exec {
  const gathering = new Map<string, Waiting[]>()
  return (request) => {
    const statement = statementOf(request)
    if (!statement) return exec(request)
    const { namespace, pod, container, timeoutMs } = request
    const key = JSON.stringify([namespace, pod, container, timeoutMs, statement.session])
    return new Promise((answer) => {
      const waiting = gathering.get(key)
      if (waiting) return void waiting.push({ request, answer })
      const first = [{ request, answer }]
      gathering.set(key, first)
      setImmediate(() => {
        gathering.delete(key)
        void runTogether(exec, first)
      })
    })
  }
}

async function runTogether(exec: Exec, waiting: Waiting[]): Promise<void> {
  const [first] = waiting
  const shared = first && waiting.length > 1 ? await oneRun(exec, first.request, waiting) : undefined
  waiting.forEach(({ request, answer }, index) => {
    const own = shared?.[index]
    answer(own ? ok(own) : exec(request))
  })
}

/** The answers of one psql for all, in order; undefined when it cannot be said for sure which output is whose. */
async function oneRun(
  exec: Exec,
  request: ExecRequest,
  waiting: Waiting[],
): Promise<ExecAnswer[] | undefined> {
  const statements = waiting.map((one) => statementOf(one.request))
  // A word that no output can contain by chance. As a constant it makes no new entry in pg_stat_statements.
  const word = randomBytes(12).toString('hex')
  const session = statements[0]?.session ?? []
  const argv = [
    ...session,
    ...statements.flatMap((one, index) => [
      ...(index > 0 ? ['-c', `SELECT '${word}' AS part`] : []),
      '-c',
      one?.sql ?? '',
    ]),
  ]
  const answer = await exec({ ...request, argv })
  if (!answer.ok) return undefined
  const { stdout, stderr, exitCode, truncatedBytes } = answer.value
  const parts = stdout.split(`part\n${word}\n`)
  if (exitCode !== 0 || stderr !== '' || truncatedBytes > 0 || parts.length !== waiting.length)
    return undefined
  return parts.map((part) => ({ ...answer.value, stdout: part }))
}

/** The statement of a read-only psql call in CSV, and the words before it; undefined for any other call. */
function statementOf({ argv, stdin }: ExecRequest): { session: string[]; sql: string } | undefined {
  const sql = argv.at(-1)
  const commands = argv.filter((word) => word === '-c').length
  if (argv[0] !== 'psql' || !argv.includes('--csv') || stdin !== undefined || sql === undefined)
    return undefined
  return commands === 2 && argv.at(-2) === '-c' ? { session: argv.slice(0, -2), sql } : undefined
}
