import 'server-only'
import { newId } from '../core/ids'
import { log } from '../core/log'
import { redactDeep } from '../core/redact'
import { fail, ok, type Result } from '../core/result'
import { db } from '../db/client'
import { attach } from '../incidents/timeline'
import { append } from '../journal/append'
import { publish } from '../live/hub'
import { runsUnasked, runsWith } from '../runbooks/asks'
import { versionsOf } from '../runbooks/library'
import type { BoundStep, Runbook } from '../runbooks/types'
import type { Cluster } from '../targets/cluster/connect'
import { worst } from '../verdicts/conclude'
import { performChecks } from './perform-check'
import { noteChanges } from './recent-changes'
import { currentBoard, forBrowsers, keepResults, runningSweeps } from './results'
import { targetCluster, targetRunbook } from './target'
import type { Actor, BoardState, CheckScope, StepResult } from './types'

/** A whole sweep that has not ended after this is given up; single checks have their own limit. */
const SWEEP_LIMIT_MS = 120_000
/** Sweeps at the same time in one process: more would only make all of them slower. */
const SWEEPS_AT_ONCE = 6

const kept = globalThis as typeof globalThis & { crashcartWorks?: Map<string, Promise<void>> }

/** The sweeps of this process as promises, by id. */
function works(): Map<string, Promise<void>> {
  kept.crashcartWorks ??= new Map()
  return kept.crashcartWorks
}

function stepsOf(
  runbook: Runbook,
  scope: CheckScope,
): Result<{ stepIds: string[]; name: string; title: string }> {
  const checks = runbook.cards.flatMap((card) =>
    card.steps.filter((step): step is BoundStep => step.kind === 'check'),
  )
  // Who checks many things at once is not asked for values; what needs one waits until somebody gives it.
  const unasked = checks.filter(runsUnasked)
  if ('scope' in scope)
    return ok({ stepIds: unasked.map((step) => step.id), name: 'all', title: 'everything' })
  if ('cardId' in scope) {
    const card = runbook.cards.find((one) => one.id === scope.cardId)
    if (!card) return fail('not_found', `There is no card ${scope.cardId}.`)
    const { inputs = {} } = scope
    const stepIds = card.steps.filter((step) => runsWith(step, inputs)).map((step) => step.id)
    return stepIds.length > 0
      ? ok({ stepIds, name: card.id, title: card.title })
      : fail('invalid_input', 'Each check of this card asks for a value first: run them one by one.')
  }
  const step = checks.find((one) => one.id === scope.stepId)
  if (!step) return fail('not_found', `There is no check ${scope.stepId}.`)
  const known = new Set(step.inputs.map((input) => input.name))
  const stranger = Object.keys({ ...scope.inputs, ...scope.secrets }).find((name) => !known.has(name))
  return stranger === undefined
    ? ok({ stepIds: [step.id], name: step.id, title: step.title })
    : fail('invalid_input', `This step has no field "${stranger.slice(0, 60)}".`)
}

/**
 * Starts checks and returns at once; results go to the live stream and the database. Checking everything while that
 * is under way joins the sweep which runs (`joined`: it began earlier). `done` resolves when it has ended. Errors: not_found, conflict (too many at once), target_unavailable.
 * @param afterFix the act of the actor's fix after which Crashcart looks again by itself
 */
export async function startSweep(
  actor: Actor,
  scope: CheckScope,
  afterFix?: string,
): Promise<Result<{ sweepId: string; done: Promise<void>; joined: boolean }>> {
  const [runbook, cluster] = [await targetRunbook(), targetCluster()]
  if (!runbook.ok) return runbook
  if (!cluster.ok) return cluster
  const chosen = stepsOf(runbook.value, scope)
  if (!chosen.ok) return chosen
  const { stepIds, name, title } = chosen.value
  const running = runningSweeps()
  const same = name === 'all' ? [...running.keys()].find((id) => id.startsWith('sweepall')) : undefined
  if (same) return ok({ sweepId: same, done: works().get(same) ?? Promise.resolve(), joined: true })
  if (running.size >= SWEEPS_AT_ONCE)
    return fail('conflict', 'Several checks are running already. Wait for them to end, a few seconds.')
  const sweepId = newId(name === 'all' ? 'sweepall' : 'sweep')
  running.set(sweepId, new Set(stepIds))
  const startedAt = new Date()
  const runbookVersion = versionsOf(runbook.value, stepIds)
  try {
    await db().$transaction(async (tx) => {
      await tx.sweep.create({
        data: {
          id: sweepId,
          startedAt,
          checks: stepIds.length,
          requests: 0,
          byId: actor.id,
          byName: actor.name,
          scope: name,
          runbookVersion,
        },
      })
      await append(tx, {
        action: 'check-started',
        actor,
        target: name,
        text:
          afterFix === undefined
            ? `${actor.name} checked ${title}.`
            : `Crashcart checked ${title} after a fix of ${actor.name}: ${afterFix}.`,
        runId: sweepId,
        detail: { checks: stepIds.length, runbook: runbookVersion },
      })
    })
  } catch (cause) {
    running.delete(sweepId)
    throw cause
  }
  publish({
    type: 'check-started',
    stepIds: name === 'all' ? 'all' : stepIds,
    sweepId,
    at: startedAt.toISOString(),
  })
  const filled = {
    ...('inputs' in scope && scope.inputs ? { inputs: scope.inputs } : {}),
    ...('secrets' in scope && scope.secrets ? { secrets: scope.secrets } : {}),
  }
  const done = sweep({
    runbook: runbook.value,
    cluster: cluster.value,
    actor,
    sweepId,
    stepIds,
    words: afterFix === undefined ? `Checked ${title}` : `Crashcart checked ${title} after the fix`,
    name,
    ...filled,
  })
    .catch((cause: unknown) => {
      log.error({ err: cause, sweepId }, 'A sweep broke off')
    })
    .finally(() => works().delete(sweepId))
  works().set(sweepId, done)
  return ok({ sweepId, done, joined: false })
}

interface Work {
  runbook: Runbook
  cluster: Cluster
  actor: Actor
  sweepId: string
  stepIds: string[]
  /** "Checked everything": how the entry on an incident's timeline begins. */
  words: string
  name: string
  inputs?: Record<string, string>
  secrets?: Record<string, string>
}

async function sweep(work: Work): Promise<void> {
  const { runbook, cluster, actor, sweepId, stepIds } = work
  const open = runningSweeps().get(sweepId)
  try {
    const done = await performChecks({
      runbook,
      stepIds,
      cluster,
      signal: AbortSignal.timeout(SWEEP_LIMIT_MS),
      by: actor.name,
      runId: sweepId,
      ...(work.inputs ? { inputs: work.inputs } : {}),
      ...(work.secrets ? { secrets: work.secrets } : {}),
      onResult: (step) => {
        open?.delete(step.stepId)
        publish({ type: 'check-finished', step: forBrowsers(step) })
      },
    })
    // First what was found: nothing may say that it was looked at before that is kept.
    await keepResults(done.results, (one) => versionsOf(runbook, [one.stepId]))
    await Promise.all([
      work.name === 'all' ? noteChanges(runbook, cluster.reader) : undefined,
      db().sweep.update({
        where: { id: sweepId },
        data: { finishedAt: new Date(), ms: Math.round(done.ms), requests: done.requests },
      }),
      noteOnIncident(work, done.results),
    ])
  } finally {
    runningSweeps().delete(sweepId)
    const { steps: _sent, ...board } = await currentBoard(runbook)
    publish({ type: 'sweep-finished', sweepId, board })
  }
}

/** "Checked everything: 2 failing (Database connections, API gateway), 15 healthy." */
async function noteOnIncident(work: Work, results: StepResult[]): Promise<void> {
  const cards = work.runbook.cards.flatMap((card) => {
    const own = results.filter((result) => result.cardId === card.id)
    return own.length > 0 ? [{ card, verdict: worst(own.map((one) => one.result.verdict)), own }] : []
  })
  const bad = cards.filter((one) => one.verdict !== 'pass')
  const [first] = bad
  const single = cards.length === 1 ? cards[0] : undefined
  const worstStep = single?.own.find((one) => one.result.verdict === single.verdict)
  const text = single
    ? `${work.words}: ${worstStep?.result.verdict === 'pass' ? 'healthy' : (worstStep?.result.summary ?? single.verdict)}`
    : `${work.words}: ${
        bad.length === 0
          ? `all ${cards.length} cards healthy`
          : `${bad.length} of ${cards.length} need attention (${bad
              .slice(0, 4)
              .map((one) => one.card.title)
              .join(', ')}${bad.length > 4 ? ', …' : ''})`
      }`
  const incidentId = await db().$transaction((tx) =>
    attach(tx, {
      kind: 'check',
      text: redactDeep(text) as string,
      by: work.actor.name,
      role: work.actor.role,
      verdict: worst(results.map((one) => one.result.verdict)),
      ...(single ? { cardId: single.card.id } : first && bad.length === 1 ? { cardId: first.card.id } : {}),
    }),
  )
  if (incidentId) publish({ type: 'incident', incidentId, at: new Date().toISOString() })
}

/** The board for somebody who looks now. */
export async function boardNow(): Promise<Result<{ runbook: Runbook; board: BoardState }>> {
  const runbook = await targetRunbook()
  return runbook.ok ? ok({ runbook: runbook.value, board: await currentBoard(runbook.value) }) : runbook
}
