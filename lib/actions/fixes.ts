'use server'

import { z } from 'zod'
import type { Permission } from '@/lib/access/roles'
import { requireAction } from '@/lib/access/session'
import { attempt } from '@/lib/core/attempt'
import type { Result } from '@/lib/core/result'
import * as approvals from '@/lib/engine/approve-fix'
import * as press from '@/lib/engine/press-fix'
import { previewStep, previewUndoOf } from '@/lib/engine/preview-fix'
import { settleRun } from '@/lib/engine/settle-run'
import type { Actor, FixRun, Preview } from '@/lib/engine/types'
import { parseInput } from './parse-input'

const id = z
  .string('That is not an identifier.')
  .min(1, 'That is not an identifier.')
  .max(200, 'That is not an identifier.')
  .refine((text) => !text.includes('\0'), 'That is not an identifier.')
const words = (what: string) =>
  z
    .string(`${what} is missing.`)
    .trim()
    .min(3, `${what}: say it in a few words.`)
    .max(1_000, `${what} is longer than 1,000 characters.`)
const Step = z.strictObject({
  stepId: id,
  inputs: z.record(z.string().max(80), z.string().max(16_000)).optional(),
})
const Press = z.strictObject({
  previewId: id,
  hash: z.string().regex(/^[0-9a-f]{64}$/, 'Preview again.'),
  reason: words('The reason'),
  confirmName: z.string().max(300).optional(),
  secrets: z
    .record(z.string().max(260), z.string().max(16_000, 'A value is longer than 16,000 characters.'))
    .refine((values) => Object.keys(values).length <= 20, 'There are too many values.')
    .optional(),
})
const Approval = z.strictObject({ runId: id, confirmName: z.string('Type the name of the target.').max(300) })
const Rejection = z.strictObject({ runId: id, reason: words('The reason') })
const Settled = z.strictObject({
  runId: id,
  tookEffect: z.boolean('Say whether it took effect.'),
  reason: words('What you saw'),
})
const Run = z.strictObject({ runId: id })

/** Session and role, then input, then the engine's gate, which checks the role of the very fix again. */
function gate<I, T>(
  what: string,
  permission: Permission,
  schema: z.ZodType<I>,
  input: unknown,
  run: (actor: Actor, input: I) => Promise<Result<T>>,
): Promise<Result<T>> {
  return attempt(what, async () => {
    const actor = await requireAction(permission, what)
    if (!actor.ok) return actor
    const parsed = parseInput(schema, input)
    return parsed.ok ? run(actor.value, parsed.value) : parsed
  })
}

/** Plans a fix with a server-side dry run; nothing changes. */
export async function previewFix(input: {
  stepId: string
  inputs?: Record<string, string>
}): Promise<Result<Preview>> {
  return gate(
    'previewFix',
    'board:view',
    Step as z.ZodType<{ stepId: string; inputs?: Record<string, string> }>,
    input,
    previewStep,
  )
}

/** Presses a previewed fix. High risk: the run waits for a second person. */
export async function pressFix(input: {
  previewId: string
  hash: string
  reason: string
  confirmName?: string
  secrets?: Record<string, string>
}): Promise<Result<FixRun>> {
  return gate('pressFix', 'fix:run', Press as z.ZodType<press.Press>, input, press.pressFix)
}

/** Approves another person's fix; `confirmName` is the target's name, typed. */
export async function approveFix(input: { runId: string; confirmName: string }): Promise<Result<FixRun>> {
  return gate('approveFix', 'fix:approve', Approval, input, approvals.approveRequest)
}

/** Turns down another person's fix. */
export async function rejectFix(input: { runId: string; reason: string }): Promise<Result<FixRun>> {
  return gate('rejectFix', 'fix:approve', Rejection, input, (actor, { runId, reason }) =>
    approvals.rejectRequest(actor, runId, reason),
  )
}

/** Takes back a fix that still waits for approval. */
export async function cancelFix(input: { runId: string }): Promise<Result<FixRun>> {
  return gate('cancelFix', 'fix:run', Run, input, (actor, { runId }) => approvals.cancelRequest(actor, runId))
}

/** Ends a fix of unknown outcome by what a person saw on the target; others may then change that target again. */
export async function settleFix(input: {
  runId: string
  tookEffect: boolean
  reason: string
}): Promise<Result<FixRun>> {
  return gate('settleFix', 'fix:run', Settled, input, settleRun)
}

/** Plans taking a fix back. The answer is pressed like any preview. */
export async function previewUndo(input: { runId: string }): Promise<Result<Preview>> {
  return gate('previewUndo', 'board:view', Run, input, (actor, { runId }) => previewUndoOf(actor, runId))
}
