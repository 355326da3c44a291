import type { Step } from '@/lib/runbooks/types'

/** The part of a step's id that names it within its card: the anchor on the card's page. */
export function slugOf(step: Pick<Step, 'id'>): string {
  return step.id.split('/').at(-1) ?? step.id
}
