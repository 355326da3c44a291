import 'server-only'
import { unstable_rethrow } from 'next/navigation'
import { newId } from './ids'
import { log } from './log'
import { fail, type Result } from './result'

/** Codes of Prisma, Node and PostgreSQL that mean: the database did not answer. */
const DATABASE_AWAY: ReadonlySet<string> = new Set([
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTFOUND',
  '57P01',
  '57P03',
])

function databaseIsAway(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && DATABASE_AWAY.has(String(cause.code))
}

/**
 * The border between code that may throw and those who get values. What was not foreseen is logged
 * with a request id, and becomes `internal` (or `target_unavailable` when the database is away).
 * What Next.js throws for its own purposes (redirects, dynamic rendering) goes through.
 * @param what names the action for the log: `openIncident`
 */
export async function attempt<T>(what: string, run: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await run()
  } catch (cause) {
    unstable_rethrow(cause)
    const requestId = newId('req')
    log.error({ err: cause, requestId, what }, 'Unforeseen failure')
    if (databaseIsAway(cause)) {
      return fail('target_unavailable', 'The database of Crashcart does not answer.', {
        hint: 'Nothing can be recorded until it does, so nothing can be changed either.',
        requestId,
      })
    }
    return fail('internal', 'Something failed inside Crashcart. The log has the cause.', { requestId })
  }
}
