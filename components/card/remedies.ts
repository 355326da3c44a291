import type { BoundStep, Runbook } from '@/lib/runbooks/types'
import type { Finding, Remedy } from '@/lib/verdicts/types'

function same(wanted: unknown, has: unknown): boolean {
  return JSON.stringify(wanted) === JSON.stringify(has)
}

/** Whether a fix step is what a remedy asks for: the same operation, and every parameter named agrees. */
function isRemedy(step: BoundStep, remedy: Remedy): boolean {
  if (step.operation !== remedy.operation) return false
  return Object.entries(remedy.params ?? {}).every(([name, wanted]) => {
    if (same(wanted, step.params[name])) return true
    // An edit names its keys in `data`: a remedy that asks for one key is met by an edit of that key.
    const { data } = step.params
    return (
      name === 'key' &&
      typeof wanted === 'string' &&
      data !== null &&
      typeof data === 'object' &&
      wanted in data
    )
  })
}

/** Every fix step of a runbook, in its order. */
export function fixSteps(runbook: Runbook): BoundStep[] {
  return runbook.cards.flatMap((card) => card.steps.filter((step): step is BoundStep => step.kind === 'fix'))
}

/**
 * The fix steps that a finding suggests, best first, at most one for each remedy. A step of the
 * finding's own card wins over the same fix elsewhere.
 */
export function remediesFor(finding: Finding, runbook: Runbook, cardId: string): BoundStep[] {
  const all = fixSteps(runbook)
  const ordered = [
    ...all.filter((step) => step.cardId === cardId),
    ...all.filter((step) => step.cardId !== cardId),
  ]
  const found = finding.remedies.map((remedy) => ordered.find((step) => isRemedy(step, remedy)))
  return [...new Set(found.filter((step) => step !== undefined))]
}

/** The fix steps of these ids, in the order of the ids; unknown ids are left out. */
export function stepsById(runbook: Runbook, ids: readonly string[]): BoundStep[] {
  const all = fixSteps(runbook)
  return ids.map((id) => all.find((step) => step.id === id)).filter((step) => step !== undefined)
}
