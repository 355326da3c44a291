import 'server-only'
import { z } from 'zod'
import { fail, ok } from '@/lib/core/result'
import { changeIn } from '@/lib/operations/in-pods'
import { asJson, type PodTarget, podTarget } from '@/lib/operations/pod-fix'
import { podSelection } from '@/lib/operations/pod-selection'
import type { Fix } from '@/lib/operations/types'
import { psqlInside, psqlLine, select } from './psql'

const logParams = podSelection.extend({
  setting: z.enum(['log_statement', 'log_min_duration_statement']),
  value: z.string().regex(/^(\w+|RESET)$/),
})
interface LogPayload extends PodTarget {
  setting: string
  value: string
  former: string
  source: string
}

function settingNow(setting: string) {
  return `SELECT current_setting(name) AS setting, source FROM pg_settings WHERE name = '${setting}'`
}

/** Milliseconds of each unit that PostgreSQL takes for a time (its manual, "Parameter Names and Values"). */
const UNITS: Record<string, number> = { us: 0.001, ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** Whether two values of a setting are the same to PostgreSQL, which shows `1000ms` as `1s` and takes `250` for `250ms`. */
export function sameSetting(a: string, b: string): boolean {
  const [first, second] = [a, b].map((text) => {
    const [, number, unit = 'ms'] = /^(-?\d+)(us|ms|s|min|h|d)?$/.exec(text) ?? []
    return number === undefined ? undefined : Number(number) * (UNITS[unit] ?? 1)
  })
  return a === b || (first !== undefined && first === second)
}

/** Sets or resets which statements are logged, and reloads the configuration so that it counts. */
export const logStatement: Fix<z.infer<typeof logParams>> = {
  id: 'postgres.log-statement',
  title: 'Set which statements are logged',
  effect: 'write',
  several: true,
  needs: 'fix:run',
  risk: 'medium',
  params: logParams,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const call = psqlInside(commands, hints)
    const [alter, reload, ...more] = call?.sql ?? []
    if (!call || !alter || more.length > 0 || (reload && !/pg_reload_conf/i.test(reload))) return undefined
    const set =
      /^ALTER\s+SYSTEM\s+SET\s+(log_statement|log_min_duration_statement)\s*(?:=|TO)\s*'?(\w+)'?$/i.exec(
        alter,
      )
    const reset = /^ALTER\s+SYSTEM\s+RESET\s+(log_statement|log_min_duration_statement)$/i.exec(alter)
    const setting = (set?.[1] ?? reset?.[1])?.toLowerCase() as 'log_statement' | undefined
    return setting ? { ...call.pods, setting, value: reset ? 'RESET' : (set?.[2] ?? '') } : undefined
  },
  kubectl: (p) =>
    psqlLine(
      p,
      `ALTER SYSTEM ${p.value === 'RESET' ? `RESET ${p.setting}` : `SET ${p.setting} = '${p.value}'`};`,
    ).replace(/"$/, '" -c "SELECT pg_reload_conf();"'),
  async plan(context, p) {
    const [found, now] = await Promise.all([podTarget(context, p), select(context, p, settingNow(p.setting))])
    if (!found.ok) return found
    if (!now.ok) return now
    const { setting: former = '', source = '' } = now.value.rows[0] ?? {}
    if (sameSetting(p.value, former) || (p.value === 'RESET' && source !== 'configuration file'))
      return fail('precondition_failed', `${p.setting} is ${former} already; nothing would change.`)
    return ok({
      act: p.value === 'RESET' ? `Reset ${p.setting}` : `Set ${p.setting} to ${p.value}`,
      target: { kind: 'PostgreSQL', namespace: p.namespace, name: found.value.target.pod },
      changes: [
        {
          type: 'diff',
          title: 'postgresql.auto.conf',
          before: `${p.setting} = ${former}\n`,
          after: p.value === 'RESET' ? `# ${p.setting}: as shipped\n` : `${p.setting} = ${p.value}\n`,
        },
      ],
      touches: [`PostgreSQL in ${found.value.target.pod}; its configuration is reloaded, no session ends`],
      warnings: [
        ...found.value.warnings,
        ...(p.value === 'all'
          ? [
              {
                level: 'warn' as const,
                text: 'Every statement goes to the log, with personal data in it. log_min_duration_statement logs the slow ones only.',
              },
            ]
          : []),
      ],
      undo: {
        possible: true,
        text: p.value === 'RESET' ? `It can be set to ${former} again.` : 'RESET takes it back.',
      },
      confirmName: found.value.target.pod,
      bindings: [{ ...found.value.binding, fields: former }],
      payload: asJson({
        ...found.value.target,
        setting: p.setting,
        value: p.value,
        former,
        source,
      } satisfies LogPayload),
    })
  },
  async apply(context, plan) {
    const p = plan.payload as unknown as LogPayload
    const at = context.now().toISOString()
    const alter =
      p.value === 'RESET' ? `ALTER SYSTEM RESET ${p.setting}` : `ALTER SYSTEM SET ${p.setting} = '${p.value}'`
    // ALTER SYSTEM cannot run in one transaction with another statement: each -c is its own.
    const done = await changeIn(context, p, ['psql', '-X', '-c', alter, '-c', 'SELECT pg_reload_conf()'])
    return done.ok
      ? ok({
          summary: `${p.setting} ${p.value === 'RESET' ? 'reset' : `set to ${p.value}`} and reloaded`,
          at,
          payload: {},
        })
      : done
  },
  async *verify(context, plan) {
    const p = plan.payload as unknown as LogPayload
    for (let i = 0; i < 10; i++) {
      const now = await select(context, { namespace: p.namespace, pod: p.pod }, settingNow(p.setting))
      const value = now.ok ? now.value.rows[0]?.setting : undefined
      if (
        p.value === 'RESET' ? value !== undefined && value !== p.former : value && sameSetting(value, p.value)
      ) {
        yield { state: 'done', message: `${p.setting} is ${value}` }
        return
      }
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    yield { state: 'failed', message: `${p.setting} has not changed after the reload` }
  },
  undo(plan) {
    const p = plan.payload as unknown as LogPayload
    const value = p.value === 'RESET' ? p.former : 'RESET'
    return {
      operation: 'postgres.log-statement',
      params: { namespace: p.namespace, pod: p.pod, setting: p.setting, value },
    }
  },
}

const idleParams = podSelection.extend({ seconds: z.coerce.number().int().min(0).max(86_400) })
interface IdlePayload extends PodTarget {
  seconds: number
  found: number
}

const idleSessions = (seconds: number) =>
  `SELECT pid, coalesce(usename::text, '') AS usename, application_name, extract(epoch FROM now() - state_change)::int AS idle_seconds FROM pg_stat_activity WHERE state = 'idle in transaction' AND state_change < now() - interval '${seconds} seconds' AND pid <> pg_backend_pid() ORDER BY idle_seconds DESC LIMIT 200`

const TERMINATE =
  /^SELECT\s+pg_terminate_backend\s*\(\s*pid\s*\)\s+FROM\s+pg_stat_activity\s+WHERE\b.*\bstate\s*=\s*'idle in transaction'/is
const TERMINATE_WHERE =
  /^(state\s*=\s*'idle in transaction'|state_change\s*<\s*now\(\)\s*-\s*interval\s+'\d+\s*(second|minute|hour)s?'|pid\s*<>\s*pg_backend_pid\(\))$/i

/** Ends sessions that have been idle in transaction for some time; the application opens new ones. */
export const terminateIdle: Fix<z.infer<typeof idleParams>> = {
  id: 'postgres.terminate-idle',
  title: 'End sessions that are idle in transaction',
  effect: 'write',
  several: true,
  needs: 'fix:run',
  risk: 'medium',
  params: idleParams,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const call = psqlInside(commands, hints)
    const sql = call?.sql.length === 1 ? (call.sql[0] ?? '') : ''
    if (
      !call ||
      !TERMINATE.test(sql) ||
      // Any other condition would end fewer sessions, or other ones, than this fix does.
      !(sql.split(/\bwhere\b/i)[1] ?? '').split(/\band\b/i).every((one) => TERMINATE_WHERE.test(one.trim()))
    )
      return undefined
    const time = /interval\s+'(\d+)\s*(second|minute|hour)s?'/i.exec(sql)
    const factor = { second: 1, minute: 60, hour: 3_600 }[(time?.[2] ?? 'second').toLowerCase() as 'second']
    return { ...call.pods, seconds: time ? Number(time[1]) * factor : 0 }
  },
  kubectl: (p) =>
    psqlLine(
      p,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND state_change < now() - interval '${p.seconds} seconds';`,
    ),
  inputs: (p) => [
    {
      name: 'seconds',
      label: 'Idle for at least (seconds)',
      type: 'integer',
      required: true,
      min: 0,
      max: 86_400,
      default: String(p.seconds ?? 60),
    },
  ],
  async plan(context, p) {
    const [target, sessions] = await Promise.all([
      podTarget(context, p),
      select(context, p, idleSessions(p.seconds)),
    ])
    if (!target.ok) return target
    if (!sessions.ok) return sessions
    const { rows } = sessions.value
    if (rows.length === 0)
      return fail(
        'precondition_failed',
        `No session has been idle in transaction for ${p.seconds} s or more; there is nothing to end.`,
      )
    return ok({
      act: `End ${rows.length} idle sessions`,
      target: { kind: 'PostgreSQL', namespace: p.namespace, name: target.value.target.pod },
      changes: [
        {
          type: 'list',
          title: 'Sessions that end',
          items: rows
            .slice(0, 30)
            .map(
              (row) =>
                `pid ${row.pid} · ${row.usename || 'unknown user'} · ${row.application_name || 'no name'} · idle for ${row.idle_seconds} s`,
            ),
          ...(rows.length > 30 ? { more: rows.length - 30 } : {}),
        },
      ],
      touches: [`${rows.length} sessions of PostgreSQL in ${target.value.target.pod}`],
      warnings: [
        ...target.value.warnings,
        { level: 'warn', text: 'Their open transactions are rolled back.' },
      ],
      undo: {
        possible: false,
        text: 'A session that ended does not come back; the application opens new ones.',
      },
      confirmName: target.value.target.pod,
      // The list changes by the second; which server it is must not.
      bindings: [target.value.binding],
      payload: asJson({
        ...target.value.target,
        seconds: p.seconds,
        found: rows.length,
      } satisfies IdlePayload),
    })
  },
  async apply(context, plan) {
    const p = plan.payload as unknown as IdlePayload
    const at = context.now().toISOString()
    const done = await changeIn(context, p, [
      'psql',
      '-X',
      '--csv',
      '-c',
      `SELECT count(pg_terminate_backend(pid)) AS ended FROM pg_stat_activity WHERE state = 'idle in transaction' AND state_change < now() - interval '${p.seconds} seconds' AND pid <> pg_backend_pid()`,
    ])
    return done.ok
      ? ok({ summary: `${done.value.stdout.split('\n')[1] ?? '?'} sessions ended`, at, payload: {} })
      : done
  },
  async *verify(context, plan, applied) {
    const p = plan.payload as unknown as IdlePayload
    const sent = Date.parse(applied.at)
    // Sessions get the signal at once and end a moment later.
    for (let i = 0; ; i++) {
      // Only those that were idle for so long when the signal was sent: others have come of age since.
      const seconds = p.seconds + Math.ceil((context.now().getTime() - sent) / 1_000)
      const left = await select(context, { namespace: p.namespace, pod: p.pod }, idleSessions(seconds))
      if (!left.ok) {
        yield { state: 'unknown', message: `The sessions could not be read again: ${left.error.message}` }
        return
      }
      const { length } = left.value.rows
      if (length === 0) {
        yield { state: 'done', message: 'No such session is left' }
        return
      }
      if (i === 20 || context.signal.aborted) {
        yield { state: 'failed', message: `${length} such sessions are still there` }
        return
      }
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  },
}

const resumeParams = podSelection

/** Lets a paused replica replay again. */
export const walReplayResume: Fix<z.infer<typeof resumeParams>> = {
  id: 'postgres.wal-replay-resume',
  title: 'Resume replay on a replica',
  effect: 'write',
  several: true,
  needs: 'fix:run',
  risk: 'low',
  params: resumeParams,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const call = psqlInside(commands, hints)
    return call?.sql.length === 1 && /^SELECT\s+pg_wal_replay_resume\s*\(\s*\)$/i.test(call.sql[0] ?? '')
      ? call.pods
      : undefined
  },
  kubectl: (p) => psqlLine(p, 'SELECT pg_wal_replay_resume();'),
  async plan(context, p) {
    const [target, state] = await Promise.all([
      podTarget(context, p),
      select(
        context,
        p,
        'SELECT pg_is_in_recovery() AS standby, CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() END AS paused',
      ),
    ])
    if (!target.ok) return target
    if (!state.ok) return state
    const row = state.value.rows[0]
    if (row?.standby !== 't')
      return fail('precondition_failed', `${target.value.target.pod} is not a replica.`)
    if (row.paused !== 't')
      return fail(
        'precondition_failed',
        `Replay on ${target.value.target.pod} is not paused; nothing would change.`,
      )
    return ok({
      act: `Resume replay on ${target.value.target.pod}`,
      target: { kind: 'PostgreSQL', namespace: p.namespace, name: target.value.target.pod },
      changes: [
        {
          type: 'diff',
          title: `Replay on ${target.value.target.pod}`,
          before: 'paused\n',
          after: 'running\n',
        },
      ],
      touches: [target.value.target.pod],
      warnings: target.value.warnings,
      undo: { possible: false, text: 'Replay can be paused again by hand; what was replayed stays.' },
      confirmName: target.value.target.pod,
      bindings: [target.value.binding],
      payload: asJson(target.value.target),
    })
  },
  async apply(context, plan) {
    const at = context.now().toISOString()
    const done = await changeIn(context, plan.payload as unknown as PodTarget, [
      'psql',
      '-X',
      '-c',
      'SELECT pg_wal_replay_resume()',
    ])
    return done.ok ? ok({ summary: 'Replay resumed', at, payload: {} }) : done
  },
  async *verify(context, plan) {
    const p = plan.payload as unknown as PodTarget
    const state = await select(context, p, 'SELECT pg_is_wal_replay_paused() AS paused')
    if (!state.ok) yield { state: 'unknown', message: `It could not be read again: ${state.error.message}` }
    else
      yield state.value.rows[0]?.paused === 't'
        ? { state: 'failed', message: 'Replay is paused still' }
        : { state: 'done', message: 'Replay runs' }
  },
}
