import 'server-only'
import { may, PERMISSIONS } from '../access/roles'
import { err, fail, ok, type Result } from '../core/result'
import { db, isDuplicate } from '../db/client'
import { storableText } from '../db/storable'
import { attach } from '../incidents/timeline'
import { append } from '../journal/append'
import type { Plan } from '../operations/types'
import { startExecution } from './execute-fix'
import { publishRun, readRun, writeMoment } from './fix-store'
import { newLease } from './lease'
import { heldBy } from './press-fix'
import type { Actor, FixRun } from './types'

/** Ends a waiting run without doing it. */
async function close(
  actor: Actor,
  runId: string,
  state: 'rejected' | 'cancelled',
  action: 'fix-rejected' | 'fix-cancelled',
  words: string,
): Promise<Result<FixRun>> {
  const changed = await db().$transaction(async (tx) => {
    const { count } = await tx.fixRun.updateMany({
      where: { id: runId, state: 'awaiting_approval' },
      data: { state, endedAt: new Date(), outcome: storableText(words, 500) },
    })
    if (count === 0) return false
    await writeMoment(tx, runId, { phase: 'ended', state: 'failed', message: words })
    const row = await tx.fixRun.findUniqueOrThrow({ where: { id: runId } })
    await attach(tx, { kind: 'fix', text: `${words} (${row.act})`, by: actor.name, role: actor.role, runId })
    await append(tx, { action, actor, target: row.target, text: words, runId })
    return true
  })
  if (!changed) return fail('conflict', 'This fix no longer waits for approval.')
  const run = await publishRun(runId)
  return run ? ok(run) : fail('not_found', 'There is no such fix.')
}

/** Takes back one's own request. */
export async function cancelRequest(actor: Actor, runId: string): Promise<Result<FixRun>> {
  const found = await readRun(runId)
  if (!found) return fail('not_found', 'There is no such fix.')
  if (found.row.requestedById !== actor.id && !may(actor.role, 'admin:write'))
    return fail('forbidden', 'Only the person who asked can take a request back.')
  return close(actor, runId, 'cancelled', 'fix-cancelled', `${actor.name} took the request back`)
}

/** Turns another person's request down. */
export async function rejectRequest(actor: Actor, runId: string, reason: string): Promise<Result<FixRun>> {
  if (!may(actor.role, 'fix:approve'))
    return fail(
      'forbidden',
      `Turning a request down takes the role ${PERMISSIONS['fix:approve']}; you are signed in as ${actor.role}.`,
    )
  const found = await readRun(runId)
  if (!found) return fail('not_found', 'There is no such fix.')
  return close(actor, runId, 'rejected', 'fix-rejected', `${actor.name} turned it down: ${reason}`)
}

/** What stands in the way of this person approving that run, or undefined. */
export function approvalObstacle(actor: Actor, run: FixRun): string | undefined {
  if (run.state !== 'awaiting_approval') return 'This fix does not wait for approval.'
  if (run.expiresAt && run.expiresAt < new Date().toISOString())
    return 'The request has expired. It must be made again.'
  if (!may(actor.role, 'fix:approve'))
    return `Approving takes the role ${PERMISSIONS['fix:approve']}; you are signed in as ${actor.role}.`
  if (run.requestedBy.id === actor.id) return 'It takes a second person: you asked for it yourself.'
  return undefined
}

/** Approves another person's request: the very plan that was asked for, its target's name typed. Then it runs. */
export async function approveRequest(
  actor: Actor,
  input: { runId: string; confirmName: string },
): Promise<Result<FixRun>> {
  const found = await readRun(input.runId)
  if (!found) return fail('not_found', 'There is no such fix.')
  const { run, row } = found
  const obstacle = approvalObstacle(actor, run)
  if (obstacle)
    return fail(
      may(actor.role, 'fix:approve') && run.requestedBy.id !== actor.id ? 'conflict' : 'forbidden',
      obstacle,
    )
  const plan = row.plan as unknown as Plan
  if (input.confirmName.trim() !== plan.confirmName)
    return fail(
      'invalid_input',
      `Type the name of the target exactly as it stands there: ${plan.confirmName}`,
    )
  const worker = await newLease()
  try {
    const taken = await db().$transaction(async (tx) => {
      const { count } = await tx.fixRun.updateMany({
        where: { id: row.id, state: 'awaiting_approval', expiresAt: { gt: new Date() } },
        data: {
          state: 'executing',
          worker,
          approvedById: actor.id,
          approvedByName: actor.name,
          approvedByEmail: actor.email,
        },
      })
      if (count === 0) return false
      await writeMoment(tx, row.id, {
        phase: 'approved',
        state: 'running',
        message: `${actor.name} approved`,
      })
      await writeMoment(tx, row.id, {
        phase: 'recorded',
        state: 'running',
        message: 'Written into the journal',
      })
      const text = `${actor.name} approved: ${row.act}, asked for by ${row.requestedByName}.`
      await attach(tx, { kind: 'fix', text, by: actor.name, role: actor.role, runId: row.id })
      await append(tx, {
        action: 'fix-approved',
        actor,
        target: row.target,
        text,
        runId: row.id,
        detail: { hash: row.hash, ...(row.runbookVersion ? { runbook: row.runbookVersion } : {}) },
      })
      return true
    })
    if (!taken) return fail('conflict', 'This fix no longer waits for approval.')
  } catch (cause) {
    if (isDuplicate(cause)) return heldBy(row.target)
    throw cause
  }
  const now = await publishRun(row.id)
  startExecution(row.id)
  return now
    ? ok(now)
    : err({
        code: 'internal',
        message: 'The approval was recorded and the run cannot be read again.',
        retryable: false,
      })
}
