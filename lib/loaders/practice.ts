import 'server-only'
import { requirePermission } from '@/lib/access/session'
import { attempt } from '@/lib/core/attempt'
import { fail, type Result } from '@/lib/core/result'
import { env } from '@/lib/env'
import { practiceFaults } from '@/lib/targets/practice'
import type { FaultView } from './types'

/** The practice cluster's faults, and which are on. `precondition_failed` on a real cluster. */
export async function loadFaults(): Promise<Result<FaultView[]>> {
  return attempt('loadFaults', async () => {
    const actor = await requirePermission('board:view')
    if (!actor.ok) return actor
    const { CRASHCART_PRACTICE_URL: url } = env()
    return url
      ? practiceFaults(url)
      : fail('precondition_failed', 'This is a real cluster: there is nothing to practise on.')
  })
}
