'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef } from 'react'
import type { LiveEvent } from '@/lib/engine/types'
import type { ConsoleView } from '@/lib/loaders/types'
import { applyEvent } from '@/lib/queries/apply-event'
import { CONSOLE_KEY } from '@/lib/queries/console'

/** Milliseconds in which several reasons to fetch make one request. */
const TOGETHER = 120

/**
 * Fetches the console again without losing what the stream says meanwhile: the answer may be older than
 * events that arrived while it was on its way, so those are applied to it once more.
 */
export function useCatchUp(): { catchUp(): void; heard(event: LiveEvent): void } {
  const client = useQueryClient()
  const waiting = useRef(new Set<LiveEvent[]>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const fetchNow = useCallback(async () => {
    const meanwhile: LiveEvent[] = []
    waiting.current.add(meanwhile)
    // A failure is kept by the query itself; the stream goes on with what is there.
    await client.refetchQueries({ queryKey: CONSOLE_KEY })
    waiting.current.delete(meanwhile)
    client.setQueryData<ConsoleView>(CONSOLE_KEY, (view) => view && meanwhile.reduce(applyEvent, view))
  }, [client])

  const catchUp = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void fetchNow(), TOGETHER)
  }, [fetchNow])
  useEffect(() => () => clearTimeout(timer.current), [])

  const heard = useCallback((event: LiveEvent) => {
    for (const list of waiting.current) list.push(event)
  }, [])
  return { catchUp, heard }
}
