import 'server-only'
import { fail, type Result } from '@/lib/core/result'
import type { ApprovalView, FixView } from './types'

/** Fixes that wait for a second person, oldest first. */
export async function listApprovals(): Promise<Result<ApprovalView[]>> {
  return fail('target_unavailable', 'Not connected yet.')
}

/** One fix with its moments. */
export async function loadFix(_id: string): Promise<Result<FixView>> {
  return fail('target_unavailable', 'Not connected yet.')
}
