import 'server-only'
import { fail, ok, type Result } from '@/lib/core/result'

/** Far more than a person presses; a script that writes the journal full is stopped. Per process. */
export const ACTIONS_A_MINUTE = 240
const MINUTE_MS = 60_000

const kept = globalThis as typeof globalThis & {
  crashcartThrottle?: Map<string, { since: number; count: number }>
}

/**
 * Counts one action of a person; `conflict` when there were more than 240 in this minute. Refused actions count as
 * well, since each of them would leave a row in the journal.
 */
export function countAction(actorId: string, now = Date.now()): Result<null> {
  kept.crashcartThrottle ??= new Map()
  const counts = kept.crashcartThrottle
  const current = counts.get(actorId)
  if (!current || now - current.since >= MINUTE_MS) {
    for (const [id, { since }] of counts) if (now - since >= MINUTE_MS) counts.delete(id)
    counts.set(actorId, { since: now, count: 1 })
    return ok(null)
  }
  current.count += 1
  return current.count <= ACTIONS_A_MINUTE
    ? ok(null)
    : fail('conflict', 'That was more than anybody presses in a minute. Wait a moment, then go on.', {
        retryable: true,
      })
}
