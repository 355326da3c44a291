import 'server-only'
import { requirePermission } from '@/lib/access/session'
import { attempt } from '@/lib/core/attempt'
import { fail, ok, type Result } from '@/lib/core/result'
import { rawOf } from '@/lib/engine/results'
import type { RawText } from '@/lib/verdicts/types'

/** The raw texts of a step's latest result; `not_found` when it was never checked. */
export async function loadRaw(stepId: string): Promise<Result<RawText[]>> {
  return attempt('loadRaw', async () => {
    const actor = await requirePermission('board:view')
    if (!actor.ok) return actor
    // PostgreSQL takes no text with a zero byte, and no id has one.
    const raw = stepId.includes('\0') ? undefined : await rawOf(stepId)
    return raw ? ok(raw) : fail('not_found', 'This step was not checked yet.')
  })
}
