'use client'
import { useCallback, useState } from 'react'

/** What somebody typed into a fix's drawer. Secrets are left out by the caller. */
export interface Typed {
  reason: string
  inputs: Record<string, string>
}

const EMPTY: Typed = { reason: '', inputs: {} }

function read(key: string): Typed {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null')
    return typeof stored === 'object' && stored !== null ? { ...EMPTY, ...stored } : EMPTY
  } catch {
    // Storage may be switched off or hold something else; then nothing was typed before.
    return EMPTY
  }
}

/**
 * What was typed for this fix, kept for the browser tab so that closing the drawer loses nothing.
 * `forget` is called once the fix was pressed.
 */
export function useTypedBefore(name: string): { before: Typed; keep(typed: Typed): void; forget(): void } {
  const key = `crashcart:fix:${name}`
  const [before] = useState(() => read(key))
  const keep = useCallback(
    (typed: Typed) => {
      try {
        sessionStorage.setItem(key, JSON.stringify(typed))
      } catch {
        // Without storage the text lives as long as the drawer is open.
      }
    },
    [key],
  )
  const forget = useCallback(() => {
    try {
      sessionStorage.removeItem(key)
    } catch {
      // Nothing was stored.
    }
  }, [key])
  return { before, keep, forget }
}
