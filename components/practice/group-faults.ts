import type { FaultView } from '@/lib/loaders/types'
import type { Card, Runbook } from '@/lib/runbooks/types'

export interface FaultGroup {
  card?: Card
  faults: FaultView[]
}

/** Faults under the card that shows them first, in the runbook's order; those of no known card last. */
export function groupFaults(faults: readonly FaultView[], runbook: Runbook): FaultGroup[] {
  const groups: FaultGroup[] = runbook.cards.map((card) => ({
    card,
    faults: faults.filter((fault) => fault.cards[0] === card.id),
  }))
  const placed = new Set(groups.flatMap((group) => group.faults.map((fault) => fault.name)))
  groups.push({ faults: faults.filter((fault) => !placed.has(fault.name)) })
  return groups.filter((group) => group.faults.length > 0)
}
