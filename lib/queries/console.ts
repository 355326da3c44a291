import { queryOptions } from '@tanstack/react-query'
import type { AppError } from '@/lib/core/errors'
import type { Result } from '@/lib/core/result'
import type { ConsoleView } from '@/lib/loaders/types'

/** Where the console's data lives in React Query's cache. */
export const CONSOLE_KEY = ['console'] as const

/** When the checks last verified a fix, as this browser saw it: an ISO time. */
export const RECOVERED_KEY = ['recovered-at'] as const

/** Where a fix run lives: `['fix', id]`. */
export function fixKey(id: string): readonly ['fix', string] {
  return ['fix', id]
}

/** An expected failure on its way through React Query, which knows only thrown errors. */
export class ConsoleError extends Error {
  constructor(readonly reason: AppError) {
    super(reason.message)
  }
}

async function fetchConsole({ signal }: { signal: AbortSignal }): Promise<ConsoleView> {
  const answer = await fetch('/api/console', { signal, headers: { accept: 'application/json' } })
  const result = (await answer.json()) as Result<ConsoleView>
  if (!result.ok) throw new ConsoleError(result.error)
  return result.value
}

/**
 * The console's data. Filled by the page, kept fresh by the live stream, fetched again only after the
 * stream was away. Throws ConsoleError when the server refuses.
 */
export function consoleQuery() {
  return queryOptions({
    queryKey: CONSOLE_KEY,
    queryFn: fetchConsole,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
}
