import 'server-only'
import { redactDeep } from '../core/redact'
import { db, isDuplicate } from '../db/client'
import { storableJson } from '../db/storable'
import type { Runbook } from '../runbooks/types'
import type { CheckResult, RawText } from '../verdicts/types'
import { boardOf } from './board'
import { changeBefore } from './recent-changes'
import type { BoardState, StepResult } from './types'

const kept = globalThis as typeof globalThis & { crashcartRunning?: Map<string, Set<string>> }

/** Sweeps that run in this process, with the steps that have not answered yet. */
export function runningSweeps(): Map<string, Set<string>> {
  kept.crashcartRunning ??= new Map()
  return kept.crashcartRunning
}

/** Ids of the steps that are being checked now. */
export function runningStepIds(): string[] {
  return [...new Set([...runningSweeps().values()].flatMap((steps) => [...steps]))]
}

/** Keeps a result as its step's latest. An older one never replaces a newer one. */
export async function keepResult(step: StepResult): Promise<void> {
  const data = {
    cardId: step.cardId,
    verdict: step.result.verdict,
    result: storableJson(step.result),
    startedAt: new Date(step.startedAt),
    finishedAt: new Date(step.finishedAt),
    ms: Math.round(step.ms),
    by: step.by,
    runId: step.runId,
  }
  const replaced = () =>
    db().checkRecord.updateMany({
      where: { stepId: step.stepId, startedAt: { lte: data.startedAt } },
      data,
    })
  if ((await replaced()).count > 0) return
  try {
    await db().checkRecord.create({ data: { stepId: step.stepId, ...data } })
  } catch (cause) {
    if (!isDuplicate(cause)) throw cause
    // There is one: newer, and it stays; or just made by somebody else, and then the later of the two counts.
    await replaced()
  }
}

/** Longer raw texts stay on the server until somebody opens them: a board would carry hundreds of kilobytes. */
const CARRIED = 1_500

/** Rows of a table that travel. Checks put what is unwell first, and nobody reads two hundred healthy pods. */
const ROWS_CARRIED = 50

/** A result as it travels to browsers. */
export function forBrowsers(step: StepResult): StepResult {
  const raw = step.result.raw.map((one) =>
    one.text.length > CARRIED ? { ...one, text: '', kept: one.text.length } : one,
  )
  const views = step.result.views.map((view) => {
    if (view.type !== 'table' || view.rows.length <= ROWS_CARRIED) return view
    const left = view.rows.length - ROWS_CARRIED + (view.more ?? 0)
    return { ...view, rows: view.rows.slice(0, ROWS_CARRIED), more: left }
  })
  return { ...step, result: { ...step.result, raw, views } }
}

/** The raw texts of a step's latest result, redacted; undefined when it was never checked. */
export async function rawOf(stepId: string): Promise<RawText[] | undefined> {
  const row = await db().checkRecord.findUnique({ where: { stepId }, select: { result: true } })
  return row ? (redactDeep((row.result as unknown as CheckResult).raw) as RawText[]) : undefined
}

/** The latest result of every step. */
export async function latestResults(): Promise<StepResult[]> {
  const rows = await db().checkRecord.findMany()
  return rows.map((row) => ({
    stepId: row.stepId,
    cardId: row.cardId,
    result: row.result as unknown as CheckResult,
    startedAt: row.startedAt.toISOString(),
    finishedAt: row.finishedAt.toISOString(),
    ms: row.ms,
    by: row.by,
    runId: row.runId,
  }))
}

/** The board as it stands, redacted. */
export async function currentBoard(runbook: Runbook): Promise<BoardState> {
  const [results, last] = await Promise.all([
    latestResults(),
    db().sweep.findFirst({
      where: { scope: 'all', finishedAt: { not: null } },
      orderBy: { startedAt: 'desc' },
    }),
  ])
  const board = boardOf({
    runbook,
    results: results.map(forBrowsers),
    runningStepIds: runningStepIds(),
    ...(last?.finishedAt
      ? {
          lastSweep: {
            id: last.id,
            at: last.finishedAt.toISOString(),
            ms: last.ms ?? 0,
            checks: last.checks,
            requests: last.requests,
          },
        }
      : {}),
  })
  const change = board.cause ? changeBefore(new Date(board.cause.since ?? Date.now())) : undefined
  const told = board.cause && change ? { ...board, cause: { ...board.cause, changedBefore: change } } : board
  return redactDeep(told) as BoardState
}
