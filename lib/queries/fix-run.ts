import type { FixRun, FixState } from '@/lib/engine/types'

const ENDED: ReadonlySet<FixState> = new Set([
  'verified',
  'succeeded',
  'failed',
  'unknown',
  'rejected',
  'expired',
  'cancelled',
  'stale',
])

/** Whether nothing more happens to a run by itself. */
export function hasEnded(run: FixRun): boolean {
  return ENDED.has(run.state)
}

/**
 * Of two pictures of the same run, the one that knows more. An answer that was on its way while the run went on
 * arrives after the live event that ended it, and must not take its place.
 */
export function laterRun(known: FixRun, arriving: FixRun): FixRun {
  if (hasEnded(known) !== hasEnded(arriving)) return hasEnded(known) ? known : arriving
  return arriving.moments.length >= known.moments.length ? arriving : known
}
