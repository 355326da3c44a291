import 'server-only'
import { z } from 'zod'
import { fail, ok } from '@/lib/core/result'
import { podArgument, programInside } from '@/lib/operations/commands'
import { changeIn, onePod, runIn } from '@/lib/operations/in-pods'
import { asJson, type PodTarget, podTarget } from '@/lib/operations/pod-fix'
import { podSelection } from '@/lib/operations/pod-selection'
import type { Check, Fix, ReadContext } from '@/lib/operations/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { bytes, count, howLong } from '@/lib/verdicts/durations'
import type { Finding } from '@/lib/verdicts/types'
import { select } from './psql'

const PATH = z.string().regex(/^\/backup\/[\w.-]+$/, 'A dump lies in /backup.')
const NAME = z.string().regex(/^[\w-]+$/, 'A database name is letters, digits, _ and -.')
/** A daily dump with two hours of grace. */
const STALE_MS = 26 * 3_600_000

const dumpsParams = podSelection.extend({ path: PATH })

interface DumpFile {
  path: string
  bytes: number
  at: number
}

/** Size and time of a dump from `ls -l --full-time`. */
async function fileOf(
  context: Pick<ReadContext, 'cluster'>,
  selection: z.infer<typeof podSelection>,
  path: string,
) {
  const found = await onePod(context, selection)
  if (!found.ok) return found
  const listed = await runIn(context, found.value.pod, ['ls', '-l', '--full-time', path])
  if (!listed.ok) return listed
  const match = /^\S+\s+\d+\s+\S+\s+\S+\s+(\d+)\s+(\d{4}-\d\d-\d\d)\s+([\d:]+)\S*\s+([+-]\d{4})/.exec(
    listed.value.stdout.trim(),
  )
  if (!match)
    return fail('internal', `the listing of ${path} is not understood: ${listed.value.stdout.slice(0, 120)}`)
  const file: DumpFile = {
    path,
    bytes: Number(match[1]),
    at: Date.parse(`${match[2]}T${match[3]}${(match[4] ?? '+0000').slice(0, 3)}:00`),
  }
  return ok({ file, pod: found.value.pod })
}

/** The newest dump: there, readable, young enough. */
export const dumps: Check<z.infer<typeof dumpsParams>> = {
  id: 'postgres.dumps',
  title: 'Look at the newest dump',
  effect: 'read',
  several: true,
  params: dumpsParams,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const [first] = commands
    const calls = commands.map(
      (command) => programInside([command], hints, 'pg_restore') ?? programInside([command], hints, 'ls'),
    )
    if (!first || calls.some((call) => !call || call.filters.length > 0)) return undefined
    const list = calls.find(
      (call) =>
        call?.args.some((word) => word === '-l' || word === '--list') &&
        call.args.some((word) => PATH.safeParse(word).success),
    )
    const path = list?.args.find((word) => PATH.safeParse(word).success)
    return list && path && !list.args.includes('-d') ? { ...list.pods, path } : undefined
  },
  kubectl: (p) =>
    `kubectl exec ${podArgument(p)} -n ${p.namespace} -- ls -l --full-time ${p.path}\nkubectl exec ${podArgument(p)} -n ${p.namespace} -- pg_restore -l ${p.path}`,
  async run(context, p) {
    const found = await fileOf(context, p, p.path)
    if (!found.ok) {
      if (/No such file/.test(found.error.message))
        return conclude({
          findings: [
            {
              severity: 'fail',
              code: 'dump.missing',
              title: `There is no dump at ${p.path}`,
              evidence: [],
              remedies: [{ operation: 'postgres.dump' }],
            },
          ],
          healthy: '',
        })
      return couldNotLook(found.error)
    }
    const { file, pod } = found.value
    const age = context.now().getTime() - file.at
    const contents = await runIn(context, pod, ['pg_restore', '-l', p.path])
    const findings: Finding[] = []
    if (!contents.ok)
      findings.push({
        severity: 'fail',
        code: 'dump.unreadable',
        title: `The dump at ${p.path} cannot be read: ${contents.error.message}`,
        evidence: [],
        remedies: [{ operation: 'postgres.dump' }],
      })
    if (age > STALE_MS)
      findings.push({
        severity: 'fail',
        code: 'dump.stale',
        title: `The newest dump is ${howLong(age)} old`,
        evidence: [`${p.path}, ${bytes(file.bytes)}, ${new Date(file.at).toISOString()}`],
        remedies: [{ operation: 'postgres.dump' }],
      })
    if (file.bytes < 1_024)
      findings.push({
        severity: 'fail',
        code: 'dump.empty',
        title: `The dump at ${p.path} has only ${file.bytes} bytes`,
        evidence: [],
        remedies: [{ operation: 'postgres.dump' }],
      })
    const tables = contents.ok
      ? contents.value.stdout.split('\n').filter((line) => /\bTABLE DATA\b/.test(line)).length
      : 0
    return conclude({
      findings,
      healthy: `Last dump ${howLong(age)} ago, ${bytes(file.bytes)}, ${count(tables, 'table')}`,
      figure: `last dump ${howLong(age)} ago`,
      views: [
        {
          type: 'facts',
          items: [
            { label: 'File', value: p.path },
            { label: 'Age', value: howLong(age), tone: age > STALE_MS ? 'fail' : 'pass' },
            { label: 'Size', value: bytes(file.bytes) },
            { label: 'Tables', value: String(tables) },
          ],
        },
      ],
      raw: contents.ok
        ? [
            {
              label: 'Contents (pg_restore -l)',
              text: contents.value.stdout,
              truncatedBytes: contents.value.truncatedBytes,
            },
          ]
        : [],
    })
  },
}

const dumpParams = podSelection.extend({ database: NAME, path: PATH })
interface DumpPayload extends PodTarget {
  database: string
  path: string
}

/** Takes a dump in PostgreSQL's custom format. */
export const dump: Fix<z.infer<typeof dumpParams>> = {
  id: 'postgres.dump',
  title: 'Take a dump',
  effect: 'write',
  needs: 'fix:run',
  risk: 'low',
  params: dumpParams,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const call = commands.length === 1 ? programInside(commands, hints, 'pg_dump') : undefined
    if (!call || call.filters.length > 0) return undefined
    const path = call.args[call.args.indexOf('-f') + 1]
    const database = call.args
      .filter((word, index) => !word.startsWith('-') && call.args[index - 1] !== '-f')
      .at(-1)
    return path && database && PATH.safeParse(path).success ? { ...call.pods, database, path } : undefined
  },
  kubectl: (p) =>
    `kubectl exec ${podArgument(p)} -n ${p.namespace} -- pg_dump -Fc -f ${p.path} ${p.database}`,
  async plan(context, p) {
    const [target, size, existing] = await Promise.all([
      podTarget(context, p),
      select(context, p, `SELECT pg_database_size('${p.database}') AS bytes`),
      fileOf(context, p, p.path),
    ])
    if (!target.ok) return target
    if (!size.ok) return size
    return ok({
      act: `Dump ${p.database}`,
      target: { kind: 'PostgreSQL', namespace: p.namespace, name: target.value.target.pod },
      changes: [
        {
          type: 'text',
          title: 'What will change',
          text: `A new file ${p.path} in ${target.value.target.pod}; the database is ${bytes(Number(size.value.rows[0]?.bytes ?? 0))}.`,
        },
      ],
      touches: [p.path],
      warnings: [
        ...target.value.warnings,
        ...(existing.ok
          ? [
              {
                level: 'warn' as const,
                text: `${p.path} of ${howLong(context.now().getTime() - existing.value.file.at)} ago is replaced.`,
              },
            ]
          : []),
      ],
      undo: {
        possible: false,
        text: 'A dump changes nothing in the database; a replaced file does not come back.',
      },
      confirmName: p.database,
      bindings: [target.value.binding],
      payload: asJson({ ...target.value.target, database: p.database, path: p.path } satisfies DumpPayload),
    })
  },
  async apply(context, plan) {
    const p = plan.payload as unknown as DumpPayload
    const at = context.now().toISOString()
    const done = await changeIn(context, p, ['pg_dump', '-Fc', '-f', p.path, p.database], 10 * 60_000)
    return done.ok ? ok({ summary: `${p.database} dumped to ${p.path}`, at, payload: {} }) : done
  },
  async *verify(context, plan) {
    const p = plan.payload as unknown as DumpPayload
    const file = await fileOf(context, { namespace: p.namespace, pod: p.pod }, p.path)
    yield file.ok
      ? { state: 'done', message: `${p.path} has ${bytes(file.value.file.bytes)}` }
      : { state: 'failed', message: `The dump is not there: ${file.error.message}` }
  },
}

const restoreParams = podSelection.extend({ database: NAME, path: PATH })
interface RestorePayload extends PodTarget {
  database: string
  path: string
  fresh: string
  former: string
  safety: string
}

/** Restores into a new database and swaps the names; the former one stays beside it. */
export const restore: Fix<z.infer<typeof restoreParams>> = {
  id: 'postgres.restore',
  title: 'Restore a database from a dump',
  effect: 'write',
  needs: 'fix:run',
  risk: 'high',
  params: restoreParams,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const call = commands.length === 1 ? programInside(commands, hints, 'pg_restore') : undefined
    const at = call?.args.indexOf('-d') ?? -1
    const database = at >= 0 ? call?.args[at + 1] : undefined
    const path = call?.args.find((word) => PATH.safeParse(word).success)
    return call && database && path && call.filters.length === 0
      ? { ...call.pods, database, path }
      : undefined
  },
  kubectl: (p) =>
    `kubectl exec ${podArgument(p)} -n ${p.namespace} -- pg_restore -d ${p.database} --single-transaction ${p.path}`,
  async plan(context, p) {
    const [target, file, open] = await Promise.all([
      podTarget(context, p),
      fileOf(context, p, p.path),
      select(
        context,
        p,
        `SELECT count(*) AS sessions, pg_database_size('${p.database}') AS bytes FROM pg_stat_activity WHERE datname = '${p.database}' AND pid <> pg_backend_pid()`,
      ),
    ])
    if (!target.ok) return target
    if (!file.ok) return file
    if (!open.ok) return open
    const contents = await runIn(context, file.value.pod, ['pg_restore', '-l', p.path])
    if (!contents.ok) return contents
    const tables = contents.value.stdout
      .split('\n')
      .flatMap((line) => /\bTABLE DATA \S+ (\S+)/.exec(line)?.[1] ?? [])
    const stamp = context.now().toISOString().slice(0, 16).replace(/\D/g, '')
    const age = howLong(context.now().getTime() - file.value.file.at)
    const payload: RestorePayload = {
      ...target.value.target,
      database: p.database,
      path: p.path,
      fresh: `${p.database}_restored_${stamp}`,
      former: `${p.database}_before_${stamp}`,
      safety: `/backup/before-restore-${stamp}.dump`,
    }
    return ok({
      act: `Restore ${p.database}`,
      target: { kind: 'PostgreSQL', namespace: p.namespace, name: target.value.target.pod },
      changes: [
        {
          type: 'list',
          title: 'In this order',
          items: [
            `Safety dump of ${p.database} to ${payload.safety}`,
            `New database ${payload.fresh}`,
            `pg_restore of ${p.path} into it, in one transaction`,
            `End the ${open.value.rows[0]?.sessions ?? '?'} open sessions of ${p.database}`,
            `${p.database} → ${payload.former}`,
            `${payload.fresh} → ${p.database}`,
          ],
        },
        {
          type: 'list',
          title: `Contents of ${p.path} (${age} old, ${bytes(file.value.file.bytes)})`,
          items: tables.slice(0, 40),
        },
      ],
      touches: [`${open.value.rows[0]?.sessions ?? '?'} open sessions of ${p.database}`],
      warnings: [
        ...target.value.warnings,
        {
          level: 'danger',
          text: `What was written in the last ${age} is not in the dump. It stays in ${payload.former}.`,
        },
      ],
      undo: {
        possible: false,
        text: `The former database stays as ${payload.former}; a person can rename it back.`,
      },
      confirmName: p.database,
      bindings: [{ ...target.value.binding, fields: String(file.value.file.at) }],
      payload: asJson({ ...payload }),
    })
  },
  async apply(context, plan) {
    const p = plan.payload as unknown as RestorePayload
    const at = context.now().toISOString()
    const steps: [string, string[]][] = [
      ['taking the safety dump', ['pg_dump', '-Fc', '-f', p.safety, p.database]],
      ['creating the new database', statement(`CREATE DATABASE "${p.fresh}"`)],
      ['restoring into it', ['pg_restore', '-d', p.fresh, '--single-transaction', p.path]],
      // The application connects again within milliseconds, and a database with a session cannot be renamed.
      ['closing the database to new sessions', statement(allowConnections(p.database, false))],
      [
        'ending open sessions',
        statement(
          `SELECT count(pg_terminate_backend(pid)) AS ended FROM pg_stat_activity WHERE datname = '${p.database}' AND pid <> pg_backend_pid()`,
        ),
      ],
      ['renaming the former database', statement(`ALTER DATABASE "${p.database}" RENAME TO "${p.former}"`)],
      ['renaming the new database', statement(`ALTER DATABASE "${p.fresh}" RENAME TO "${p.database}"`)],
      ['opening the former database again', statement(allowConnections(p.former, true))],
    ]
    let closed = false
    for (const [what, argv] of steps) {
      const done = await changeIn(context, p, argv, 30 * 60_000)
      closed ||= what.startsWith('closing')
      if (done.ok) continue
      // Whichever name it has now: nobody must be left outside of a database that was not replaced.
      if (closed)
        for (const name of [p.database, p.former])
          await changeIn(context, p, statement(allowConnections(name, true)), 10_000)
      return fail(done.error.code, `Stopped while ${what}: ${done.error.message}`, {
        hint: `The former data is in ${p.database} or ${p.former}, and in ${p.safety}.`,
        retryable: false,
      })
    }
    return ok({
      summary: `${p.database} restored from ${p.path}; the former one is ${p.former}`,
      at,
      payload: {},
    })
  },
  async *verify(context, plan) {
    const p = plan.payload as unknown as RestorePayload
    const answer = await select(
      context,
      { namespace: p.namespace, pod: p.pod },
      'SELECT count(*) AS tables FROM pg_stat_user_tables',
      p.database,
    )
    if (!answer.ok)
      yield { state: 'failed', message: `${p.database} cannot be read: ${answer.error.message}` }
    else yield { state: 'done', message: `${p.database} has ${answer.value.rows[0]?.tables} tables` }
  },
}

/** One statement as the server's owner, outside of the database that it is about. */
function statement(sql: string): string[] {
  return ['psql', '-X', '-d', 'postgres', '-c', sql]
}

function allowConnections(database: string, allowed: boolean): string {
  return `ALTER DATABASE "${database}" ALLOW_CONNECTIONS ${allowed}`
}
