import type { Card, Runbook, RunbookPart } from '@/lib/runbooks/types'

/** The runbook that a card of the board stands in, when it is not the board's main one. */
export function otherPartOf({ parts = [] }: Runbook, card: Card | undefined): RunbookPart | undefined {
  return parts.slice(1).find((part) => part.title === card?.group && card.id.startsWith(`${part.id}-`))
}

/** The card whose page has this path. */
export function cardAt({ cards }: Runbook, path: string): Card | undefined {
  return cards.find(({ id }) => path === `/cards/${id}` || path === `/cards/${encodeURIComponent(id)}`)
}
