import 'server-only'
import { may, PERMISSIONS } from '../access/roles'
import { MINUTE } from '../core/clock'
import { newId } from '../core/ids'
import { fail, ok, type Result } from '../core/result'
import { db, isDuplicate, type Tx } from '../db/client'
import { storableJson, storableText } from '../db/storable'
import type { PreviewRecord } from '../generated/prisma/client'
import { attach } from '../incidents/timeline'
import { append } from '../journal/append'
import type { Json, Plan, Risk } from '../operations/types'
import { versionsOf } from '../runbooks/library'
import { startExecution } from './execute-fix'
import { HOLDING, publishRun, targetName, toFixRun, writeMoment } from './fix-store'
import { newLease } from './lease'
import { fixOf } from './preview-fix'
import { targetRunbook } from './target'
import type { Actor, FixRun } from './types'

/** An approval that nobody gave by then is void: the world has moved on. */
export const APPROVAL_MS = 30 * MINUTE

export interface Press {
  previewId: string
  hash: string
  reason: string
  /** The target's name, where the form asks for it. */
  confirmName?: string
  /** Values that the plan asks for. They go to the cluster and are kept nowhere. */
  secrets?: Record<string, string>
}

/** Somebody else's run on the same target, in a sentence. */
export async function heldBy(target: string): Promise<Result<never>> {
  const row = await db().fixRun.findFirst({
    where: { target, state: { in: HOLDING } },
    include: { moments: true },
  })
  const run = row ? toFixRun(row) : undefined
  if (run?.state === 'unknown')
    return fail(
      'conflict',
      `What became of a fix of ${run.requestedBy.name} on ${target} is not known: ${run.act}.`,
      { hint: `Look at the target and say there how it ended: ${run.id}`, retryable: false },
    )
  return fail(
    'conflict',
    run
      ? `${run.requestedBy.name} is already changing ${target}: ${run.act} (${run.state}).`
      : `Something else is already changing ${target}.`,
    { hint: run ? `Look at that fix first: ${run.id}` : 'Try again in a moment.', retryable: true },
  )
}

/** The one gate: role, preview, hash, lock, journal, then the change itself. High risk stops before the change and waits. */
export async function pressFix(actor: Actor, press: Press): Promise<Result<FixRun>> {
  const preview = await db().previewRecord.findUnique({ where: { id: press.previewId } })
  if (!preview || preview.actorId !== actor.id)
    return fail('not_found', 'There is no such preview of yours. Preview again.')
  if (preview.hash !== press.hash)
    return fail('stale', 'What you confirmed is not what was previewed. Preview again.')
  if (preview.expiresAt < new Date())
    return fail('stale', 'The preview is older than ten minutes. Preview again.')
  const fix = fixOf(preview.operation)
  if (!fix.ok) return fix
  if (!may(actor.role, fix.value.needs)) {
    await db().$transaction((tx) =>
      append(tx, {
        action: 'denied',
        actor,
        target: preview.stepId,
        text: `${actor.name} (${actor.role}) was refused: ${fix.value.title} takes the role ${PERMISSIONS[fix.value.needs]}.`,
        detail: { operation: preview.operation },
      }),
    )
    return fail(
      'forbidden',
      `This takes the role ${PERMISSIONS[fix.value.needs]}; you are signed in as ${actor.role}.`,
    )
  }
  const confirmName = (preview.plan as unknown as Plan).confirmName
  if (press.confirmName !== undefined && press.confirmName.trim() !== confirmName)
    return fail('invalid_input', `Type the name of the target exactly as it stands there: ${confirmName}`)
  const secrets = secretsFor(preview.plan as unknown as Plan, press.secrets ?? {}, fix.value.risk)
  if (!secrets.ok) return secrets
  const reason = press.reason.trim()
  if (reason.length < 3) return fail('invalid_input', 'Say in a few words why, for the record.')
  try {
    return await (fix.value.risk === 'high'
      ? request(actor, preview, reason)
      : record(actor, preview, reason, secrets.value))
  } catch (cause) {
    if (!(cause instanceof UsedUp)) throw cause
    return fail('conflict', 'This preview was pressed already, once is all it is good for.', {
      retryable: false,
    })
  }
}

/** Exactly what the plan asks for. Errors (invalid_input): one is missing or was not asked for. */
function secretsFor(
  { asks = [] }: Plan,
  given: Record<string, string>,
  risk: Risk,
): Result<Record<string, string>> {
  if (asks.length > 0 && risk === 'high')
    return fail('internal', 'A value that is typed in cannot wait for a second person.')
  const missing = asks.find((name) => !Object.hasOwn(given, name) || !given[name])
  if (missing !== undefined) return fail('invalid_input', `Type the value of ${missing}.`)
  const stranger = Object.keys(given).find((name) => !asks.includes(name))
  if (stranger !== undefined)
    return fail('invalid_input', `This fix does not ask for a value "${stranger.slice(0, 60)}".`)
  return ok(given)
}

/** Two presses of one preview at the same moment: the second finds it gone. */
class UsedUp extends Error {}

async function useUp(tx: Tx, previewId: string): Promise<void> {
  const { count } = await tx.previewRecord.deleteMany({ where: { id: previewId } })
  if (count === 0) throw new UsedUp(`${previewId} was pressed already`)
}

/** What a run does, for people: "Restart deployment/api", "Mark it (change ConfigMap settings in shop)". */
function actOf({ operation, plan }: PreviewRecord, title: string): string {
  const { act } = plan as unknown as Plan
  const fix = fixOf(operation)
  if (!fix.ok || !fix.value.toldByStep) return storableText(act, 200)
  // The object must not be what is cut off.
  return storableText(`${storableText(title, 80)} (${act.charAt(0).toLowerCase()}${act.slice(1)})`, 280)
}

async function rowOf(actor: Actor, preview: PreviewRecord, reason: string) {
  const plan = preview.plan as unknown as Plan
  const runbook = await targetRunbook()
  const step = runbook.ok
    ? runbook.value.cards.flatMap((card) => card.steps).find((one) => one.id === preview.stepId)
    : undefined
  const name = step?.title ?? preview.stepId
  const title = preview.undoOf ? `Undo: ${name}` : name
  return {
    id: newId('fix'),
    stepId: preview.stepId,
    cardId: step?.cardId ?? null,
    operation: preview.operation,
    title: storableText(title, 200),
    act: actOf(preview, title),
    risk: preview.risk,
    target: targetName(plan.target),
    plan: storableJson(plan),
    params: storableJson(preview.params),
    hash: preview.hash,
    reason: storableText(reason, 1_000),
    requestedById: actor.id,
    requestedByName: actor.name,
    requestedByEmail: actor.email,
    requestedByRole: actor.role,
    undoPossible: false,
    undoText: plan.undo.text,
    runbookVersion: runbook.ok ? versionsOf(runbook.value, [preview.stepId]) || null : null,
    ...(preview.undoOf ? { undoOf: preview.undoOf } : {}),
  }
}

async function request(actor: Actor, preview: PreviewRecord, reason: string): Promise<Result<FixRun>> {
  const row = await rowOf(actor, preview, reason)
  await db().$transaction(async (tx) => {
    const text = `${actor.name} asks for approval: ${row.act}. Reason: ${reason}`
    const incidentId = await attach(tx, {
      kind: 'fix',
      text,
      by: actor.name,
      role: actor.role,
      runId: row.id,
      stepId: preview.stepId,
      ...(row.cardId ? { cardId: row.cardId } : {}),
    })
    await tx.fixRun.create({
      data: { ...row, state: 'awaiting_approval', expiresAt: new Date(Date.now() + APPROVAL_MS), incidentId },
    })
    await useUp(tx, preview.id)
    await writeMoment(tx, row.id, {
      phase: 'requested',
      state: 'running',
      message: `${actor.name} asked for approval`,
    })
    await append(tx, {
      action: 'fix-requested',
      actor,
      target: row.target,
      text,
      runId: row.id,
      detail: {
        operation: row.operation,
        hash: row.hash,
        risk: row.risk,
        ...(row.runbookVersion ? { runbook: row.runbookVersion } : {}),
      },
    })
  })
  const run = await publishRun(row.id)
  return run ? ok(run) : fail('internal', 'The request was recorded and cannot be read again.')
}

async function record(
  actor: Actor,
  preview: PreviewRecord,
  reason: string,
  secrets: Record<string, string>,
): Promise<Result<FixRun>> {
  const [row, worker] = [await rowOf(actor, preview, reason), await newLease()]
  try {
    await db().$transaction(async (tx) => {
      const text = `${actor.name} pressed: ${row.act}. Reason: ${reason}`
      const incidentId = await attach(tx, {
        kind: 'fix',
        text,
        by: actor.name,
        role: actor.role,
        runId: row.id,
        stepId: preview.stepId,
        ...(row.cardId ? { cardId: row.cardId } : {}),
      })
      // The unique index on held targets is the lock: the second of two presses fails here, before anything is sent.
      await tx.fixRun.create({
        data: { ...row, state: 'executing', worker, incidentId },
      })
      await useUp(tx, preview.id)
      await writeMoment(tx, row.id, {
        phase: 'recorded',
        state: 'running',
        message: 'Written into the journal',
      })
      await append(tx, {
        action: 'fix-sent',
        actor,
        target: row.target,
        text,
        runId: row.id,
        detail: {
          operation: row.operation,
          params: row.params as Json,
          hash: row.hash,
          risk: row.risk,
          ...(row.runbookVersion ? { runbook: row.runbookVersion } : {}),
        },
      })
    })
  } catch (cause) {
    if (isDuplicate(cause)) return heldBy(row.target)
    throw cause
  }
  const run = await publishRun(row.id)
  startExecution(row.id, secrets)
  return run ? ok(run) : fail('internal', 'The fix was recorded and cannot be read again.')
}
