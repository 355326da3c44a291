import 'server-only'
import { requirePermission } from '@/lib/access/session'
import { attempt } from '@/lib/core/attempt'
import { redactDeep } from '@/lib/core/redact'
import { ok, type Result } from '@/lib/core/result'
import { db } from '@/lib/db/client'
import { HOLDING, readRuns } from '@/lib/engine/fix-store'
import { guidesDone } from '@/lib/engine/guides'
import { boardNow } from '@/lib/engine/sweep'
import { env, isPractice } from '@/lib/env'
import { activeIncident } from '@/lib/incidents/read'
import type { ConsoleView } from './types'

/** Everything the frame and the board need. */
export async function loadConsole(): Promise<Result<ConsoleView>> {
  return attempt('loadConsole', async () => {
    const actor = await requirePermission('board:view')
    if (!actor.ok) return actor
    const [now, running, pending, incident, done] = await Promise.all([
      boardNow(),
      readRuns(HOLDING),
      db().fixRun.count({ where: { state: 'awaiting_approval', expiresAt: { gt: new Date() } } }),
      activeIncident(),
      guidesDone(),
    ])
    if (!now.ok) return now
    const settings = env()
    return ok({
      actor: actor.value,
      cluster: { name: settings.CRASHCART_CONTEXT ?? 'practice', practice: isPractice(settings) },
      runbook: now.value.runbook,
      board: now.value.board,
      ...(incident ? { activeIncident: incident } : {}),
      runningFixes: running,
      pendingApprovals: pending,
      guidesDone: redactDeep(done),
    })
  })
}
