import 'server-only'
import { may, PERMISSIONS } from '../access/roles'
import { fail, ok, type Result } from '../core/result'
import { db } from '../db/client'
import { storableText } from '../db/storable'
import { attach } from '../incidents/timeline'
import { append } from '../journal/append'
import { publishRun, readRun, writeMoment } from './fix-store'
import type { Actor, FixRun } from './types'

/**
 * Ends a run of unknown outcome by what a person saw on the target, and so lets go of the target.
 * Errors: forbidden, invalid_input (no reason), not_found, conflict (its outcome is known).
 */
export async function settleRun(
  actor: Actor,
  input: { runId: string; tookEffect: boolean; reason: string },
): Promise<Result<FixRun>> {
  if (!may(actor.role, 'fix:run'))
    return fail(
      'forbidden',
      `This takes the role ${PERMISSIONS['fix:run']}; you are signed in as ${actor.role}.`,
    )
  const reason = input.reason.trim()
  if (reason.length < 3) return fail('invalid_input', 'Say in a few words what you saw, for the record.')
  const found = await readRun(input.runId)
  if (!found) return fail('not_found', 'There is no such fix.')
  const { row } = found
  const words = `${actor.name} looked: it ${input.tookEffect ? 'took effect' : 'did not take effect'}. ${reason}`
  const state = input.tookEffect ? 'succeeded' : 'failed'
  const settled = await db().$transaction(async (tx) => {
    const { count } = await tx.fixRun.updateMany({
      where: { id: row.id, state: 'unknown' },
      data: { state, outcome: storableText(words, 1_000), endedAt: new Date() },
    })
    if (count === 0) return false
    if (row.undoOf && input.tookEffect)
      await tx.fixRun.update({ where: { id: row.undoOf }, data: { undoneBy: row.id } })
    await writeMoment(tx, row.id, {
      phase: 'ended',
      state: input.tookEffect ? 'done' : 'failed',
      message: words,
    })
    await attach(tx, {
      kind: 'fix',
      text: `${row.act}: ${words}`,
      by: actor.name,
      role: actor.role,
      runId: row.id,
      verdict: input.tookEffect ? 'pass' : 'fail',
      ...(row.cardId ? { cardId: row.cardId } : {}),
    })
    await append(tx, {
      action: 'fix-ended',
      actor,
      target: row.target,
      text: `${row.act}: ${words}`,
      runId: row.id,
      detail: { state, before: 'unknown' },
    })
    return true
  })
  if (!settled) return fail('conflict', 'The outcome of this fix is known; there is nothing to settle.')
  const run = await publishRun(row.id)
  return run ? ok(run) : fail('not_found', 'There is no such fix.')
}
