'use client'
import { createContext, useContext } from 'react'
import type { CheckScope } from '@/lib/engine/types'
import type { ConsoleView } from '@/lib/loaders/types'

/** The console's data (kept fresh by the live stream) and what every part of the frame may ask for. */
export interface Console extends ConsoleView {
  /** `live` while the stream is open; `offline` when it broke and is being tried again. */
  connection: 'connecting' | 'live' | 'offline'
  /** Starts checks; a refusal is shown as a toast. */
  check(scope: CheckScope): Promise<void>
  /** Opens the fix drawer: preview of a fix step, of the undo of a run, or a run's progress. */
  openFix(what: { stepId: string } | { runId: string } | { undoOf: string }): void
}

export const ConsoleContext = createContext<Console | undefined>(undefined)

/** The console around this component. Throws outside it: that is a mistake in the code. */
export function useConsole(): Console {
  const value = useContext(ConsoleContext)
  if (!value) throw new Error('useConsole outside of the console frame')
  return value
}
