import type { CheckScope } from '@/lib/engine/types'
import { runsWith } from '@/lib/runbooks/asks'
import type { Runbook } from '@/lib/runbooks/types'

/** The checks that a press starts, so that they can be shown as running before the server says so. */
export function stepsInScope(runbook: Runbook, scope: CheckScope): string[] {
  if ('stepId' in scope) return [scope.stepId]
  const cards = 'cardId' in scope ? runbook.cards.filter((card) => card.id === scope.cardId) : runbook.cards
  const values = 'cardId' in scope ? (scope.inputs ?? {}) : {}
  return cards.flatMap((card) => card.steps.filter((step) => runsWith(step, values)).map((step) => step.id))
}
