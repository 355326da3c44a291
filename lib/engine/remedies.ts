import 'server-only'
import type { BoundStep, Runbook, Step } from '../runbooks/types'
import type { Finding, Remedy } from '../verdicts/types'

/** Whether a fix step is what a remedy asks for. `key` of a settings change is compared with the keys it sets. */
export function answers(step: Step, remedy: Remedy): step is BoundStep {
  if (step.kind !== 'fix' || step.operation !== remedy.operation) return false
  return Object.entries(remedy.params ?? {}).every(([name, wanted]) => {
    if (wanted === undefined) return true
    if (name === 'key') {
      const { data, key } = step.params
      return (
        key === wanted ||
        (typeof data === 'object' && data !== null && !Array.isArray(data) && String(wanted) in data)
      )
    }
    return JSON.stringify(step.params[name]) === JSON.stringify(wanted)
  })
}

/**
 * The fix steps that findings suggest, best first: those of the same card before others, each act once. A high-risk fix
 * of another card was written for another trouble, so it is not suggested from afar.
 */
export function suggestedSteps(
  runbook: Runbook,
  cardId: string,
  findings: readonly Finding[],
  limit = 4,
): string[] {
  const cards = [...runbook.cards].sort((a, b) => Number(b.id === cardId) - Number(a.id === cardId))
  const steps = cards.flatMap((card) => card.steps)
  const chosen: BoundStep[] = []
  for (const finding of findings) {
    for (const remedy of finding.remedies) {
      const step = steps.find((one) => answers(one, remedy) && (one.cardId === cardId || one.risk !== 'high'))
      if (step?.kind !== 'fix') continue
      const twin = chosen.some(
        (one) =>
          one.operation === step.operation && JSON.stringify(one.params) === JSON.stringify(step.params),
      )
      if (!twin) chosen.push(step)
    }
  }
  return chosen.slice(0, limit).map((step) => step.id)
}
