import type { Actor } from '@/lib/engine/types'

/** Class names of the round button with a person's initials. */
export const ACCOUNT_BUTTON =
  'inline-flex size-8 shrink-0 items-center justify-center rounded-full border border-line-strong bg-sunken text-[11px] font-semibold text-second hover:border-third max-md:relative max-md:size-9 max-md:before:absolute max-md:before:-inset-1'

/** What the button does, for screen readers. */
export function accountLabel(actor: Actor): string {
  return `Open the menu of ${actor.name}`
}

/** First letters of the first two words of a name. */
export function initials(name: string): string {
  return name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase() ?? '')
    .join('')
}
