import 'server-only'
import { requirePermission } from '@/lib/access/session'
import { attempt } from '@/lib/core/attempt'
import { fail, ok, type Result } from '@/lib/core/result'
import { detailsOf } from '@/lib/engine/results'
import type { ResultDetails } from '@/lib/verdicts/types'

/** The views and raw texts of a step's latest result; `not_found` when it was never checked. */
export async function loadDetails(stepId: string): Promise<Result<ResultDetails>> {
  return attempt('loadDetails', async () => {
    const actor = await requirePermission('board:view')
    if (!actor.ok) return actor
    // PostgreSQL takes no text with a zero byte, and no id has one.
    const details = stepId.includes('\0') ? undefined : await detailsOf(stepId)
    return details ? ok(details) : fail('not_found', 'This step was not checked yet.')
  })
}
