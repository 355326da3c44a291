import {
  type BoardState,
  type CardState,
  cardIdOf,
  type FixRun,
  type LiveEvent,
  type ShownResult,
} from '@/lib/engine/types'
import type { ConsoleView } from '@/lib/loaders/types'
import type { Runbook } from '@/lib/runbooks/types'
import type { Verdict } from '@/lib/verdicts/types'

/** Worst first. `unknown` before `warn`: what could not be looked at may be worse than what was seen. */
const WORST: readonly Verdict[] = ['fail', 'unknown', 'warn', 'pass']

const RUNNING: ReadonlySet<FixRun['state']> = new Set(['executing', 'verifying', 'unknown'])

/** Whether a run belongs into the list of running fixes. */
export function isRunning(run: FixRun): boolean {
  return RUNNING.has(run.state)
}

/**
 * What a card says while its checks still stream in: the worst of its steps. The server's own state,
 * which knows causes and suggestions, replaces it when the sweep ends.
 */
export function interimCard(
  card: CardState,
  steps: readonly ShownResult[],
  runningStepIds: readonly string[],
): CardState {
  const own = steps.filter((step) => cardIdOf(step.stepId) === card.cardId)
  const worst = WORST.map((verdict) => own.find((step) => step.result.verdict === verdict)).find(Boolean)
  if (!worst) return card
  // Half of the checks are well: that is not yet a healthy card.
  const unfinished = runningStepIds.some((id) => id.startsWith(`${card.cardId}/`))
  if (card.verdict === 'unchecked' && worst.result.verdict === 'pass' && unfinished) return card
  const checkedAt = own
    .map((step) => step.finishedAt)
    .sort()
    .at(-1)
  const { verdict, summary, figure } = worst.result
  const quiet = verdict === 'pass'
  return {
    cardId: card.cardId,
    verdict,
    summary,
    ...(checkedAt ? { checkedAt } : {}),
    ...(figure ? { figure } : card.figure && quiet ? { figure: card.figure } : {}),
    suggests: quiet ? [] : card.suggests,
    ...(card.explainedBy && !quiet ? { explainedBy: card.explainedBy } : {}),
  }
}

function withStep(board: BoardState, step: ShownResult): BoardState {
  const before = board.steps.find((one) => one.stepId === step.stepId)
  if (before && before.finishedAt > step.finishedAt) return board
  const steps = [...board.steps.filter((one) => one.stepId !== step.stepId), step]
  const runningStepIds = board.runningStepIds.filter((id) => id !== step.stepId)
  return {
    ...board,
    steps,
    runningStepIds,
    cards: board.cards.map((card) =>
      card.cardId === cardIdOf(step.stepId) ? interimCard(card, steps, runningStepIds) : card,
    ),
  }
}

function checksOf(runbook: Runbook): string[] {
  return runbook.cards.flatMap((card) =>
    card.steps.filter((step) => step.kind === 'check').map((step) => step.id),
  )
}

/**
 * The console after an event of the live stream. Pure; events that concern nothing in here return
 * the same object.
 */
export function applyEvent(view: ConsoleView, event: LiveEvent): ConsoleView {
  switch (event.type) {
    case 'check-started': {
      const started = event.stepIds === 'all' ? checksOf(view.runbook) : event.stepIds
      return {
        ...view,
        board: {
          ...view.board,
          runningStepIds: [...new Set([...view.board.runningStepIds, ...started])],
        },
      }
    }
    case 'check-finished':
      return { ...view, board: withStep(view.board, event.step) }
    case 'sweep-finished':
      return { ...view, board: { ...event.board, steps: view.board.steps } }
    case 'fix': {
      const others = view.runningFixes.filter((run) => run.id !== event.run.id)
      return { ...view, runningFixes: isRunning(event.run) ? [...others, event.run] : others }
    }
    default:
      return view
  }
}

/** Marks steps as running before the server said so, or takes the mark away after a refusal. */
export function markRunning(view: ConsoleView, stepIds: readonly string[], running: boolean): ConsoleView {
  const rest = view.board.runningStepIds.filter((id) => !stepIds.includes(id))
  return {
    ...view,
    board: { ...view.board, runningStepIds: running ? [...rest, ...stepIds] : rest },
  }
}
