import 'server-only'
import type { Role } from '../access/roles'
import { canonicalJson } from '../core/canonical'
import { type AppError, appError } from '../core/errors'
import { log } from '../core/log'
import { withoutValues } from '../core/redact'
import { db } from '../db/client'
import { storableJson, storableText } from '../db/storable'
import type { FixRun as StoredRun } from '../generated/prisma/client'
import { attach } from '../incidents/timeline'
import { append } from '../journal/append'
import { publish } from '../live/hub'
import type { Applied, Fix, Json, Plan, Progress } from '../operations/types'
import type { Cluster } from '../targets/cluster/connect'
import { publishRun, say, writeMoment } from './fix-store'
import { keepLease, self } from './lease'
import { fixOf, planNow } from './preview-fix'
import { latestResults } from './results'
import { marked } from './run-mark'
import { startSweep } from './sweep'
import { targetCluster } from './target'
import type { FixRun, FixState, StepResult } from './types'
import { watchCures } from './watch-cures'

/** A whole run is given up after this; the change itself stays. */
const RUN_LIMIT_MS = 10 * 60_000

const kept = globalThis as typeof globalThis & { crashcartExecutions?: Map<string, Promise<void>> }

/** Runs that this process works on, by id. */
export function executions(): Map<string, Promise<void>> {
  kept.crashcartExecutions ??= new Map()
  return kept.crashcartExecutions
}

/**
 * Works on a recorded run in the background; what happens goes to the database, the journal and the live stream.
 * `secrets` are the values that its plan asks for: only this call knows them.
 */
export function startExecution(runId: string, secrets: Record<string, string> = {}): Promise<void> {
  return track(
    runId,
    execute(runId, secrets).catch(async (cause: unknown) => {
      log.error({ err: cause, runId }, 'A fix broke off')
      await brokeOff(runId).catch((second: unknown) =>
        log.error({ err: second, runId }, 'The end of a fix could not be recorded'),
      )
    }),
  )
}

/** Counts work on a run as this process's own, and tells other replicas so, until it ends. */
export function track(runId: string, work: Promise<void>): Promise<void> {
  const letGo = keepLease(runId)
  const tracked = work.finally(() => {
    letGo()
    executions().delete(runId)
  })
  executions().set(runId, tracked)
  return tracked
}

/** Ends a run in which Crashcart itself failed. Only what was sent can have an outcome nobody knows. */
async function brokeOff(runId: string): Promise<void> {
  const { sentAt } = await db().fixRun.findUniqueOrThrow({ where: { id: runId }, select: { sentAt: true } })
  await end(runId, {
    state: sentAt ? 'unknown' : 'failed',
    outcome: sentAt
      ? 'Crashcart broke off. What was done is not known; look at the target.'
      : 'Not sent: Crashcart broke off before.',
    error: appError('internal', 'Something failed inside Crashcart. The log has the cause.'),
  })
}

interface End {
  state: FixState
  outcome: string
  error?: AppError
  undo?: { possible: boolean; text: string }
}

async function end(runId: string, result: End): Promise<void> {
  const role = await db().$transaction(async (tx) => {
    const { count } = await tx.fixRun.updateMany({
      where: { id: runId, state: { in: ['executing', 'verifying'] } },
      data: {
        state: result.state,
        outcome: storableText(result.outcome, 1_000),
        endedAt: new Date(),
        ...(result.error ? { error: storableJson(result.error) } : {}),
        ...(result.undo
          ? { undoPossible: result.undo.possible, undoText: storableText(result.undo.text, 500) }
          : {}),
      },
    })
    // Another replica took this one for dead and has said how it ended.
    if (count === 0) return undefined
    const row = await tx.fixRun.findUniqueOrThrow({ where: { id: runId } })
    if (row.undoOf && (result.state === 'verified' || result.state === 'succeeded'))
      await tx.fixRun.update({ where: { id: row.undoOf }, data: { undoneBy: runId } })
    const well = result.state === 'verified' || result.state === 'succeeded'
    await writeMoment(tx, runId, {
      phase: 'ended',
      state: well ? 'done' : result.state === 'unknown' ? 'unknown' : 'failed',
      message: result.outcome,
    })
    await attach(tx, {
      kind: 'fix',
      text: `${row.act}: ${result.outcome}`,
      by: row.requestedByName,
      role: row.requestedByRole,
      runId,
      verdict: well ? 'pass' : result.state === 'unknown' ? 'unknown' : 'fail',
      ...(row.cardId ? { cardId: row.cardId } : {}),
    })
    await append(tx, {
      action: 'fix-ended',
      actor: { id: row.requestedById, name: row.requestedByName, role: row.requestedByRole },
      target: row.target,
      text: `${row.act}: ${result.outcome}`,
      runId,
      detail: {
        state: result.state,
        ...(result.error ? { error: result.error.message } : {}),
        ...(row.runbookVersion ? { runbook: row.runbookVersion } : {}),
      },
    })
    return row.requestedByRole as Role
  })
  const run = await publishRun(runId)
  if (run && role && (result.state === 'verified' || result.state === 'succeeded')) await lookAgain(run, role)
  if (run?.incidentId) publish({ type: 'incident', incidentId: run.incidentId, at: new Date().toISOString() })
}

/** After a fix that took effect everything is looked at again: what it explained on other cards is green now, or is not. */
async function lookAgain(run: FixRun, role: Role): Promise<void> {
  try {
    const who = { ...run.requestedBy, role }
    let started = await startSweep(who, { scope: 'all' }, run.act)
    // One that began before the fix took effect has seen the past: wait for it and look once more.
    if (started.ok && started.value.joined) {
      await started.value.done
      started = await startSweep(who, { scope: 'all' }, run.act)
    }
    if (!started.ok)
      log.warn({ runId: run.id, why: started.error.message }, 'The board was not looked at again after a fix')
  } catch (cause) {
    // The run has ended and is recorded: this must not change how it ended.
    log.error({ err: cause, runId: run.id }, 'The board could not be looked at again after a fix')
  }
}

async function execute(runId: string, secrets: Record<string, string>): Promise<void> {
  const row = await db().fixRun.findUniqueOrThrow({ where: { id: runId } })
  const confirmed = row.plan as unknown as Plan
  const cluster = targetCluster()
  if (!cluster.ok)
    return end(runId, {
      state: 'failed',
      outcome: `Not sent: ${cluster.error.message}`,
      error: cluster.error,
    })
  // Read again: what was confirmed must still be what is there. The fresh plan carries the fresh resourceVersion.
  const planned = await planNow(row.operation, row.params as Json)
  if (!planned.ok)
    return end(runId, {
      state: planned.error.retryable ? 'failed' : 'stale',
      outcome: `Not sent: ${planned.error.message}`,
      error: planned.error,
    })
  const { fix } = planned.value
  let { plan } = planned.value
  if (canonicalJson(plan.bindings) !== canonicalJson(confirmed.bindings))
    return end(runId, {
      state: 'stale',
      outcome: `Not sent: ${row.target} changed since the preview. Preview again.`,
      error: appError('stale', `${row.target} changed since the preview.`),
    })
  const signal = AbortSignal.timeout(RUN_LIMIT_MS)
  const base = { signal, now: () => new Date(), secrets }
  const before = await latestResults()
  const sentAt = new Date()
  // From here on it counts as sent. Not when another replica took this process for dead and closed the run.
  const { count } = await db().fixRun.updateMany({
    where: { id: runId, state: 'executing', sentAt: null, worker: { startsWith: `${self()}@` } },
    data: { sentAt },
  })
  if (count === 0) return log.warn({ runId }, 'A fix was not sent: another replica has taken it over')
  const context = { ...base, cluster: cluster.value.writer, runId }
  let applied = await fix.apply(context, plan)
  // A conflict (409) is an answer: nothing was written. What a rollout counts in its object changes all the time, so
  // what is still as it was confirmed is sent with its new version.
  for (let tries = 1; tries < TRIES && !applied.ok && isConflict(fix, applied.error); tries++) {
    const again = await planNow(row.operation, row.params as Json)
    if (!again.ok || canonicalJson(again.value.plan.bindings) !== canonicalJson(confirmed.bindings)) break
    plan = again.value.plan
    applied = await fix.apply(context, plan)
  }
  if (!applied.ok) {
    const error = withoutSecrets(applied.error, secrets)
    // Without an answer nobody knows whether it arrived; everything else is an answer. An operation of several
    // writes says `retryable: false` when the first arrived: the mark would then be there, and the rest not.
    const unknown = error.code === 'timeout'
    if (unknown && error.retryable && (await marked(row))) {
      const found = { summary: 'No answer came, and the mark of this run is on the target: it arrived' }
      return watchFrom(
        row,
        fix,
        plan,
        { ...found, at: sentAt.toISOString(), payload: {} },
        cluster.value,
        signal,
        before,
      )
    }
    return end(runId, {
      state: unknown ? 'unknown' : 'failed',
      outcome: unknown ? `Sent, and no answer came: ${error.message}` : `Refused: ${error.message}`,
      error,
    })
  }
  return watchFrom(row, fix, plan, applied.value, cluster.value, signal, before)
}

const TRIES = 3

/** Whether a fix of one write was refused since its object has another version by now. */
function isConflict(fix: Fix<unknown>, error: AppError): boolean {
  return error.code === 'stale' && !fix.severalWrites
}

/** What an API server, or a webhook behind it, says of a value that was typed in may repeat the value. */
function withoutSecrets(error: AppError, secrets: Record<string, string>): AppError {
  const clean = (text: string) => withoutValues(text, Object.values(secrets))
  const { message, hint } = error
  return { ...error, message: clean(message), ...(hint === undefined ? {} : { hint: clean(hint) }) }
}

/** Keeps what was sent, then watches it. */
async function watchFrom(...what: Parameters<typeof watch>): Promise<void> {
  const [row, , , applied] = what
  await db().fixRun.update({
    where: { id: row.id },
    data: { state: 'verifying', applied: storableJson(applied) },
  })
  await say(row.id, { phase: 'sent', state: 'running', message: applied.summary })
  return watch(...what)
}

/** Watches the effect and then the checks it should cure; writes the end. */
export async function watch(
  row: StoredRun,
  fix: Fix<unknown>,
  plan: Plan,
  applied: Applied,
  cluster: Cluster,
  signal: AbortSignal,
  formerly?: readonly StepResult[],
): Promise<void> {
  const undo = undoOf(fix, plan, applied)
  // As it was sent: a sweep while the effect is watched sees what the fix itself stirs up, a restart for one. A run
  // that is taken up again after a break has no better than what is there now.
  const before = formerly ?? (await latestResults())
  let last: Progress = { state: 'unknown', message: 'Nothing was seen of it' }
  for await (const progress of fix.verify(
    { cluster: cluster.reader, signal, now: () => new Date(), secrets: {} },
    plan,
    applied,
  )) {
    last = progress
    await say(row.id, { phase: 'watching', ...progress })
  }
  const took = () => `${Math.max(1, Math.round((Date.now() - new Date(applied.at).getTime()) / 1000))} s`
  if (last.state === 'failed')
    return end(row.id, {
      state: 'failed',
      outcome: `Sent, and it did not take effect: ${last.message}`,
      undo,
    })
  if (last.state !== 'done')
    return end(row.id, {
      state: 'unknown',
      outcome: `Sent; whether it took effect is not known: ${last.message}`,
      undo,
    })
  const cured = await watchCures(row, before, cluster, new Date(applied.at), signal)
  if (!cured) return end(row.id, { state: 'succeeded', outcome: `Done in ${took()}`, undo })
  if (cured.state === 'green')
    return end(row.id, {
      state: 'verified',
      outcome: cured.wasSick ? `Recovered in ${took()}` : `Done in ${took()}, ${cured.says}`,
      undo,
    })
  return end(
    row.id,
    cured.asked && !cured.unseen
      ? { state: 'failed', outcome: `Done, and not cured: ${cured.says}`, undo }
      : { state: 'succeeded', outcome: `Done in ${took()}; still to look at: ${cured.says}`, undo },
  )
}

function undoOf(fix: Fix<unknown>, plan: Plan, applied: Applied): { possible: boolean; text: string } {
  if (!plan.undo.possible || !fix.undo) return { possible: false, text: plan.undo.text }
  // An undo works from what was kept, which is redacted: where that took something away, it cannot be put back.
  const whole =
    canonicalJson(storableJson(plan.payload)) === canonicalJson(plan.payload) &&
    canonicalJson(storableJson(applied.payload)) === canonicalJson(applied.payload)
  if (!whole)
    return {
      possible: false,
      text: 'The former value looks like a secret and was not kept; it cannot be put back from here.',
    }
  return 'operation' in fix.undo(plan, applied)
    ? { possible: true, text: plan.undo.text }
    : { possible: false, text: plan.undo.text }
}

/** The fix of a stored run. */
export const fixOfRun = (row: StoredRun) => fixOf(row.operation)
