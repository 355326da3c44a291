import 'server-only'
import type { FixRun as StoredRun } from '../generated/prisma/client'
import { publish } from '../live/hub'
import { versionsOf } from '../runbooks/library'
import type { BoundStep } from '../runbooks/types'
import type { Cluster } from '../targets/cluster/connect'
import { worst } from '../verdicts/conclude'
import { say } from './fix-store'
import { performChecks } from './perform-check'
import { curesOf } from './preview-fix'
import { currentBoard, forBrowsers, keepResults } from './results'
import { targetRunbook } from './target'
import type { StepResult } from './types'

/** How long the checks that a fix should cure may take to turn. */
const CURE_LIMIT_MS = 120_000
const CURE_EVERY_MS = 1_000

export interface Cured {
  state: 'green' | 'not-green'
  /** The checks asked for this fix, as opposed to merely standing on the same card. */
  asked: boolean
  /** One of them failed or warned before the fix: only then is there something that recovered. */
  wasSick: boolean
  /** What is left could not be looked at, so nothing says that it failed. */
  unseen: boolean
  /** What is left to look at; of green ones how they were before. */
  says: string
}

/**
 * Runs the checks this fix should cure until all pass or time is up. Undefined when there are none.
 * @param before the latest results as they were when it was sent
 */
export async function watchCures(
  row: StoredRun,
  before: readonly StepResult[],
  cluster: Cluster,
  since: Date,
  signal: AbortSignal,
): Promise<Cured | undefined> {
  const runbook = await targetRunbook()
  if (!runbook.ok) return undefined
  const step = runbook.value.cards
    .flatMap((card) => card.steps)
    .find((one): one is BoundStep => one.id === row.stepId && one.kind === 'fix')
  if (!step) return undefined
  const { stepIds, asked } = row.undoOf
    ? { stepIds: curesOf(runbook.value, step, []).stepIds, asked: false }
    : curesOf(runbook.value, step, before)
  if (stepIds.length === 0) return undefined
  // Checks that did not ask for this fix get a short look; they are no reason to call it failed.
  const until = Date.now() + (asked ? CURE_LIMIT_MS : 15_000)
  let said = ''
  let results: StepResult[] = []
  for (;;) {
    const done = await performChecks({
      runbook: runbook.value,
      stepIds,
      cluster,
      fresh: true,
      signal,
      since,
      by: row.requestedByName,
      runId: row.id,
    })
    results = done.results
    for (const result of results) publish({ type: 'check-finished', step: forBrowsers(result) })
    await keepResults(results, (one) => versionsOf(runbook.value, [one.stepId]))
    const green = results.filter((one) => one.result.verdict === 'pass').length
    const waiting = results.find((one) => one.result.verdict !== 'pass')
    const message = waiting
      ? `${green} of ${results.length} checks pass; ${waiting.result.summary}`
      : `${green} of ${results.length} checks pass`
    if (message !== said) {
      said = message
      await say(row.id, { phase: 'checking', state: 'running', message, done: green, total: results.length })
    }
    if (worst(results.map((one) => one.result.verdict)) === 'pass' || Date.now() > until || signal.aborted)
      break
    await new Promise((resolve) => setTimeout(resolve, CURE_EVERY_MS))
  }
  const { steps: _sent, ...board } = await currentBoard(runbook.value)
  publish({ type: 'sweep-finished', sweepId: row.id, board })
  const open = results.filter((one) => one.result.verdict !== 'pass')
  const left = open.find((one) => one.result.verdict !== 'unknown') ?? open[0]
  const unseen = open.length > 0 && open.every((one) => one.result.verdict === 'unknown')
  const former = verdictsBefore(stepIds, before, since)
  const wasSick = former.some((verdict) => verdict === 'fail' || verdict === 'warn')
  const says = left ? left.result.summary : stillPass(former)
  return { state: left ? 'not-green' : 'green', asked, wasSick, unseen, says }
}

/** What these checks said before the fix; undefined for one that nobody had looked at by then. */
function verdictsBefore(stepIds: string[], before: readonly StepResult[], since: Date) {
  return stepIds.map(
    (id) => before.find((one) => one.stepId === id && new Date(one.startedAt) < since)?.result.verdict,
  )
}

/** "its checks still pass"; without "still" when not all are known to have passed before. */
function stillPass(former: (string | undefined)[]): string {
  const still = former.every((verdict) => verdict === 'pass') ? 'still ' : ''
  return former.length === 1 ? `its check ${still}passes` : `all ${former.length} of its checks ${still}pass`
}
