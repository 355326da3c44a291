import type { Runbook, Step } from '@/lib/runbooks/types'
import type { Console } from './console-context'

type Scope = Parameters<Console['check']>[0]

/** Whether a step is a check that can run without asking anything. */
export function runsUnasked(step: Step): boolean {
  return step.kind === 'check' && step.inputs.every((input) => !input.required || input.default !== undefined)
}

/** The checks that a press starts, so that they can be shown as running before the server says so. */
export function stepsInScope(runbook: Runbook, scope: Scope): string[] {
  if ('stepId' in scope) return [scope.stepId]
  const cards = 'cardId' in scope ? runbook.cards.filter((card) => card.id === scope.cardId) : runbook.cards
  return cards.flatMap((card) => card.steps.filter(runsUnasked).map((step) => step.id))
}
