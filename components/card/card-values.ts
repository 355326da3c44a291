'use client'
import { useCallback, useSyncExternalStore } from 'react'

type Values = Record<string, string>

const NONE: Values = {}
const known = new Map<string, Values>()
const listeners = new Set<() => void>()

function keyOf(cardId: string): string {
  return `crashcart:card:${cardId}`
}

function read(cardId: string): Values {
  const kept = known.get(cardId)
  if (kept) return kept
  let values = NONE
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(keyOf(cardId)) ?? 'null')
    if (typeof stored === 'object' && stored !== null)
      values = Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, String(value)]))
  } catch {
    // Storage may be switched off or hold something else; then nothing was given before.
  }
  known.set(cardId, values)
  return values
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The values that somebody gave for a card, kept for the browser tab: its checks and fixes take them from here. */
export function useCardValues(cardId: string): { values: Values; give(name: string, value: string): void } {
  const values = useSyncExternalStore(
    subscribe,
    () => read(cardId),
    () => NONE,
  )
  const give = useCallback(
    (name: string, value: string) => {
      const next = { ...read(cardId), [name]: value }
      known.set(cardId, next)
      try {
        sessionStorage.setItem(keyOf(cardId), JSON.stringify(next))
      } catch {
        // Without storage they live as long as the page.
      }
      for (const listener of listeners) listener()
    },
    [cardId],
  )
  return { values, give }
}

/** Of values those that are not empty, without spaces around them. */
export function given(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = values[name]?.trim()
      return value ? [[name, value] as const] : []
    }),
  )
}
