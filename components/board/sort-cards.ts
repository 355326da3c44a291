import type { BoardState, CardState } from '@/lib/engine/types'
import { runsUnasked } from '@/lib/runbooks/asks'
import type { Card, Runbook } from '@/lib/runbooks/types'

/** A card of the runbook with what is known of it. */
export interface BoardCard {
  card: Card
  state: CardState
  /** A check of it runs right now. */
  running: boolean
}

export interface SortedBoard {
  attention: BoardCard[]
  healthy: BoardCard[]
  unchecked: BoardCard[]
  /** Cards of which all is well that was looked at, and whose other checks ask for a value. */
  asking: BoardCard[]
  /** Cards without a check: things to do, not things to look at. */
  procedures: BoardCard[]
}

/** The order of the server's verdicts: what could not be looked at may be worse than a warning. */
const RANK: Record<CardState['verdict'], number> = { fail: 0, unknown: 1, warn: 2, pass: 3, unchecked: 4 }

/**
 * Sorts a board into its sections. Within "needs attention" the worst come first, the likely cause
 * before all, and a card that another one explains stands directly below that one.
 */
export function sortBoard(runbook: Runbook, board: BoardState): SortedBoard {
  const states = new Map(board.cards.map((state) => [state.cardId, state]))
  const running = new Set(board.runningStepIds)
  const all = runbook.cards.map(
    (card): BoardCard => ({
      card,
      state: states.get(card.id) ?? { cardId: card.id, verdict: 'unchecked', summary: '', suggests: [] },
      running: card.steps.some((step) => running.has(step.id)),
    }),
  )
  const is = (...verdicts: CardState['verdict'][]) =>
    all.filter((one) => verdicts.includes(one.state.verdict))

  const sick = is('fail', 'unknown', 'warn').sort(
    (a, b) =>
      Number(b.card.id === board.cause?.cardId) - Number(a.card.id === board.cause?.cardId) ||
      RANK[a.state.verdict] - RANK[b.state.verdict] ||
      a.card.position - b.card.position,
  )
  const causeOf = (one: BoardCard) =>
    sick.find((other) => other !== one && other.card.id === one.state.explainedBy?.cardId)
  const attention: BoardCard[] = []
  const place = (one: BoardCard) => {
    if (attention.includes(one)) return
    attention.push(one)
    for (const other of sick) if (causeOf(other) === one) place(other)
  }
  for (const one of sick) if (!causeOf(one)) place(one)
  // Two cards may name each other: whatever is left still has to be shown.
  for (const one of sick) place(one)

  const idle = is('unchecked')
  const hasChecks = (one: BoardCard) => one.card.steps.some((step) => step.kind === 'check')
  const made = new Set(board.steps.map((step) => step.stepId))
  const open = (one: BoardCard) => one.card.steps.some((step) => runsUnasked(step) && !made.has(step.id))
  return {
    attention,
    healthy: is('pass'),
    unchecked: idle.filter(open),
    asking: idle.filter((one) => hasChecks(one) && !open(one)),
    procedures: idle.filter((one) => !hasChecks(one)),
  }
}
