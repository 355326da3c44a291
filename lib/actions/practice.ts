'use server'

import { fail, type Result } from '@/lib/core/result'

/** Switches a fault of the practice cluster on or off. */
export async function setFault(_input: { name: string; on: boolean }): Promise<Result<null>> {
  return fail('target_unavailable', 'Not connected yet.')
}

/** Brings the practice cluster back to its healthy start. */
export async function resetPractice(): Promise<Result<null>> {
  return fail('target_unavailable', 'Not connected yet.')
}
