'use client'
import { useCallback, useRef, useState } from 'react'
import type { AppError } from '@/lib/core/errors'
import { fail, type Result } from '@/lib/core/result'

/** The failure a person sees when the server did not answer at all. */
export function unreachable(): { ok: false; error: AppError } {
  return fail(
    'target_unavailable',
    'Crashcart could not be reached, so nothing is known about this request.',
    {
      hint: 'Check the connection and look at the current state before trying again.',
    },
  )
}

/**
 * Calls a server action once at a time and keeps its failure for display. `send` resolves to the
 * action's Result; a broken connection becomes `target_unavailable`, never an exception.
 */
export function useAction<Input, Output>(action: (input: Input) => Promise<Result<Output>>) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<AppError>()
  const latest = useRef(action)
  latest.current = action
  const send = useCallback(async (input: Input): Promise<Result<Output>> => {
    setBusy(true)
    setError(undefined)
    const result = await latest.current(input).catch(() => unreachable())
    setBusy(false)
    if (!result.ok) setError(result.error)
    return result
  }, [])
  const clear = useCallback(() => setError(undefined), [])
  return { send, busy, error, clear }
}
