import 'server-only'
import { redactDeep } from '../core/redact'
import { db } from '../db/client'
import { storableJson } from '../db/storable'
import type { Runbook } from '../runbooks/types'
import type { CheckResult, ResultDetails, View } from '../verdicts/types'
import { viewFold, viewName } from '../verdicts/view-names'
import { boardOf } from './board'
import { changeBefore } from './recent-changes'
import type { BoardState, ShownResult, StepResult } from './types'

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

/**
 * Keeps each result as its step's latest, in one statement: a sweep brings a hundred at once. An older one never replaces
 * a newer one, whichever comes first.
 * @param versionOf the runbook that a step stood in: see `versionsOf`
 */
export async function keepResults(
  steps: readonly StepResult[],
  versionOf: (step: StepResult) => string = () => '',
): Promise<void> {
  if (steps.length === 0) return
  // In one order for everybody, so that two sweeps never wait for each other's rows.
  const rows = [...new Map(steps.map((step) => [step.stepId, step])).values()]
    .sort((a, b) => (a.stepId < b.stepId ? -1 : 1))
    .map((step) => ({
      stepId: step.stepId,
      cardId: step.cardId,
      verdict: step.result.verdict,
      result: storableJson(step.result),
      startedAt: step.startedAt,
      finishedAt: step.finishedAt,
      ms: Math.round(step.ms),
      by: step.by,
      runId: step.runId,
      runbookVersion: versionOf(step) || null,
    }))
  await db().$executeRaw`
    INSERT INTO "CheckRecord" AS kept
      ("stepId", "cardId", "verdict", "result", "startedAt", "finishedAt", "ms", "by", "runId", "runbookVersion")
    SELECT "stepId", "cardId", "verdict", "result", "startedAt", "finishedAt", "ms", "by", "runId", "runbookVersion"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS new
      ("stepId" text, "cardId" text, "verdict" text, "result" jsonb, "startedAt" timestamptz(3),
       "finishedAt" timestamptz(3), "ms" integer, "by" text, "runId" text, "runbookVersion" text)
    ON CONFLICT ("stepId") DO UPDATE SET
      "cardId" = EXCLUDED."cardId", "verdict" = EXCLUDED."verdict", "result" = EXCLUDED."result",
      "startedAt" = EXCLUDED."startedAt", "finishedAt" = EXCLUDED."finishedAt", "ms" = EXCLUDED."ms",
      "by" = EXCLUDED."by", "runId" = EXCLUDED."runId", "runbookVersion" = EXCLUDED."runbookVersion"
    WHERE kept."startedAt" <= EXCLUDED."startedAt"`
}

/**
 * What travels with a result; the rest stays on the server until somebody opens it, since a board would otherwise
 * carry hundreds of kilobytes for each look. What is well is shown as one line, so nothing behind its folds travels.
 */
const TEXT_CARRIED = 1_500
const VIEW_CARRIED = 6_000
/** Rows of a table that travel. Checks put what is unwell first, and nobody reads two hundred healthy pods. */
const ROWS_CARRIED = 50

/** A result as it travels to browsers. */
export function forBrowsers(step: StepResult): ShownResult {
  const well = step.result.verdict === 'pass'
  const raw = step.result.raw.map((one) =>
    one.text.length > (well ? 0 : TEXT_CARRIED) ? { ...one, text: '', kept: one.text.length } : one,
  )
  const views = step.result.views.map((view) => (travels(view, well) ? firstRows(view) : keptView(view)))
  const { stepId, finishedAt, ms, by } = step
  return { stepId, finishedAt, ms, by, result: { ...step.result, raw, views } }
}

function travels(view: View, well: boolean): boolean {
  // One line each, and shown without being opened.
  if (view.type === 'gauge') return true
  return !well && JSON.stringify(firstRows(view)).length <= VIEW_CARRIED
}

function keptView(view: View): View {
  const [name, fold] = [viewName(view), viewFold(view)]
  return {
    type: 'kept',
    name,
    ...(fold === name ? {} : { fold }),
    ...(view.label ? { label: view.label } : {}),
  }
}

function firstRows(view: View): View {
  if (view.type !== 'table' || view.rows.length <= ROWS_CARRIED) return view
  const left = view.rows.length - ROWS_CARRIED + (view.more ?? 0)
  return { ...view, rows: view.rows.slice(0, ROWS_CARRIED), more: left }
}

/** The views and raw texts of a step's latest result, redacted; undefined when it was never checked. */
export async function detailsOf(stepId: string): Promise<ResultDetails | undefined> {
  const row = await db().checkRecord.findUnique({ where: { stepId }, select: { result: true } })
  if (!row) return undefined
  const { views, raw } = row.result as unknown as CheckResult
  return redactDeep({ views: views.map(firstRows), raw }) as ResultDetails
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
