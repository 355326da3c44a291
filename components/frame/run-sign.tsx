import { CircleHelp, LoaderCircle } from 'lucide-react'
import type { FixRun } from '@/lib/engine/types'

/** Class names of the chip in the top bar that stands for what is running. */
export const CHIP =
  'inline-flex h-8 min-w-9 shrink items-center gap-2 rounded-lg border border-line bg-surface px-2.5 text-meta hover:bg-sunken max-md:relative max-md:h-9 max-md:before:absolute max-md:before:-inset-1'

/** Whether a run goes on, or nobody knows how it ended. */
export function RunSign({ run }: { run: FixRun }) {
  return run.state === 'unknown' ? (
    <CircleHelp aria-hidden size={16} className="shrink-0 text-unknown" />
  ) : (
    <LoaderCircle aria-hidden size={16} className="shrink-0 animate-spin text-accent" />
  )
}

/** How far a run is, in its own words. */
export function runWords(run: FixRun): string {
  return run.state === 'unknown' ? 'outcome unknown' : (run.moments.at(-1)?.message ?? run.state)
}
