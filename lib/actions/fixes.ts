'use server'

import { fail, type Result } from '@/lib/core/result'
import type { FixRun, Preview } from '@/lib/engine/types'

/** Plans a fix with a server-side dry run; nothing changes. */
export async function previewFix(_input: {
  stepId: string
  inputs?: Record<string, string>
}): Promise<Result<Preview>> {
  return fail('target_unavailable', 'Not connected yet.')
}

/** Presses a previewed fix. High risk: the run waits for a second person. */
export async function pressFix(_input: {
  previewId: string
  hash: string
  reason: string
  confirmName?: string
}): Promise<Result<FixRun>> {
  return fail('target_unavailable', 'Not connected yet.')
}

/** Approves another person's fix; `confirmName` is the target's name, typed. */
export async function approveFix(_input: { runId: string; confirmName: string }): Promise<Result<FixRun>> {
  return fail('target_unavailable', 'Not connected yet.')
}

/** Turns down another person's fix. */
export async function rejectFix(_input: { runId: string; reason: string }): Promise<Result<FixRun>> {
  return fail('target_unavailable', 'Not connected yet.')
}

/** Takes back a fix that still waits for approval. */
export async function cancelFix(_input: { runId: string }): Promise<Result<FixRun>> {
  return fail('target_unavailable', 'Not connected yet.')
}

/** Plans taking a fix back. The answer is pressed like any preview. */
export async function previewUndo(_input: { runId: string }): Promise<Result<Preview>> {
  return fail('target_unavailable', 'Not connected yet.')
}
