'use server'

import { fail, type Result } from '@/lib/core/result'

export type CheckScope =
  | { scope: 'all' }
  | { cardId: string }
  | { stepId: string; inputs?: Record<string, string>; secrets?: Record<string, string> }

/** Starts checks; results arrive on /api/live under the sweep's id. */
export async function startCheck(_scope: CheckScope): Promise<Result<{ sweepId: string }>> {
  return fail('target_unavailable', 'Not connected yet.')
}
