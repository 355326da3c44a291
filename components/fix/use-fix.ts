'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useConsole } from '@/components/live/console-context'
import { unreachable } from '@/components/ui/use-action'
import type { AppError } from '@/lib/core/errors'
import type { Result } from '@/lib/core/result'
import type { FixRun } from '@/lib/engine/types'
import type { FixView } from '@/lib/loaders/types'
import { ConsoleError, fixKey } from '@/lib/queries/console'
import { laterRun } from '@/lib/queries/fix-run'

/** Puts a run into the cache that an action just returned; the server's answer replaces it. */
export function useRememberFix(): (run: FixRun) => void {
  const client = useQueryClient()
  return (run) => {
    const view: FixView = {
      run,
      mayApprove: false,
      mayCancel: run.state === 'awaiting_approval',
      mayUndo: false,
    }
    client.setQueryData<FixView>(fixKey(run.id), (known) => (known ? withLaterRun(known, view) : view), {
      updatedAt: 1,
    })
  }
}

/** What arrives, except that the run does not go back in time. */
function withLaterRun(known: FixView, arriving: FixView): FixView {
  return { ...arriving, run: laterRun(known.run, arriving.run) }
}

async function fetchFix(id: string, signal: AbortSignal): Promise<FixView> {
  const answer = await fetch(`/api/fixes/${encodeURIComponent(id)}`, { signal, cache: 'no-store' })
  const result = (await answer.json()) as Result<FixView>
  if (!result.ok) throw new ConsoleError(result.error)
  return result.value
}

/**
 * A fix as the server knows it. The frame writes each live event into the cache; the server is asked again
 * when the state changes, because what this person may do (undo, take back) changes with it. `undefined` id:
 * nothing is read.
 */
export function useFix(id: string | undefined): { view?: FixView; error?: AppError; refetch(): void } {
  const { runningFixes, connection } = useConsole()
  const query = useQuery({
    queryKey: fixKey(id ?? ''),
    enabled: id !== undefined,
    queryFn: ({ signal }) => fetchFix(id ?? '', signal),
    retry: (count, error) => count < 2 && !(error instanceof ConsoleError && !error.reason.retryable),
    staleTime: 0,
    structuralSharing: (known, arriving) =>
      known ? withLaterRun(known as FixView, arriving as FixView) : arriving,
  })
  const { refetch } = query
  const live = runningFixes.find((run) => run.id === id)
  const known = query.data
  const run = known && live ? laterRun(known.run, live) : (known?.run ?? live)

  const state = run?.state
  const before = useRef(state)
  useEffect(() => {
    const changed = before.current !== undefined && before.current !== state
    before.current = state
    if (changed) void refetch()
  }, [state, refetch])
  // Events sent while the stream was down are lost; the state is read again instead.
  useEffect(() => {
    if (id !== undefined && connection === 'live') void refetch({ cancelRefetch: false })
  }, [id, connection, refetch])

  const view = run
    ? known
      ? { ...known, run }
      : { run, mayApprove: false, mayCancel: false, mayUndo: false }
    : undefined
  const error = query.error
    ? query.error instanceof ConsoleError
      ? query.error.reason
      : unreachable().error
    : undefined
  return { view, error, refetch: () => void refetch() }
}
