import 'server-only'
import { fail, type Result } from '@/lib/core/result'
import type { FaultView } from './types'

/** The practice cluster's faults, and which are on. `precondition_failed` on a real cluster. */
export async function loadFaults(): Promise<Result<FaultView[]>> {
  return fail('target_unavailable', 'Not connected yet.')
}
