import 'server-only'
import { may } from '@/lib/access/roles'
import { requirePermission } from '@/lib/access/session'
import { attempt } from '@/lib/core/attempt'
import { fail, ok, type Result } from '@/lib/core/result'
import { approvalObstacle } from '@/lib/engine/approve-fix'
import { readRun, readRuns } from '@/lib/engine/fix-store'
import { expireRequests } from '@/lib/engine/recover'
import type { ApprovalView, FixView } from './types'

/** Fixes that wait for a second person, oldest first. */
export async function listApprovals(): Promise<Result<ApprovalView[]>> {
  return attempt('listApprovals', async () => {
    const actor = await requirePermission('board:view')
    if (!actor.ok) return actor
    await expireRequests()
    const runs = await readRuns(['awaiting_approval'])
    return ok(
      runs.map((run) => {
        const why = approvalObstacle(actor.value, run)
        return { run, mayApprove: why === undefined, ...(why ? { why } : {}) }
      }),
    )
  })
}

/** One fix with its moments. */
export async function loadFix(id: string): Promise<Result<FixView>> {
  return attempt('loadFix', async () => {
    const actor = await requirePermission('board:view')
    if (!actor.ok) return actor
    // PostgreSQL takes no text with a zero byte, and no id has one.
    const found = id.includes('\0') ? undefined : await readRun(id)
    if (!found) return fail('not_found', 'There is no such fix.')
    const { run } = found
    const waiting = run.state === 'awaiting_approval'
    const why = waiting ? approvalObstacle(actor.value, run) : undefined
    return ok({
      run,
      mayApprove: waiting && why === undefined,
      mayCancel: waiting && (run.requestedBy.id === actor.value.id || may(actor.value.role, 'admin:write')),
      mayUndo: run.undo.possible && may(actor.value.role, 'fix:run'),
      maySettle: run.state === 'unknown' && may(actor.value.role, 'fix:run'),
      ...(why ? { why } : {}),
    })
  })
}
