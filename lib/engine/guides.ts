import 'server-only'
import { fail, ok, type Result } from '../core/result'
import { db } from '../db/client'
import { attach } from '../incidents/timeline'
import { append } from '../journal/append'
import { publish } from '../live/hub'
import { targetRunbook } from './target'
import type { Actor, GuideDone } from './types'

/** Rows of the journal that are looked through for guides: the newest. */
const LOOKED_THROUGH = 300

/** Ticks a guide off: a row in the journal, and in the timeline of the open incident. Errors: not_found. */
export async function finishGuide(
  actor: Actor,
  input: { stepId: string; note: string },
): Promise<Result<null>> {
  const runbook = await targetRunbook()
  if (!runbook.ok) return runbook
  const step = runbook.value.cards.flatMap((card) => card.steps).find((one) => one.id === input.stepId)
  if (step?.kind !== 'guide') return fail('not_found', 'There is no such step to do by hand.')
  const text = `${actor.name} did by hand: ${step.title}. ${input.note}`
  const incidentId = await db().$transaction(async (tx) => {
    const attached = await attach(tx, {
      kind: 'note',
      text,
      by: actor.name,
      role: actor.role,
      cardId: step.cardId,
      stepId: step.id,
    })
    await append(tx, {
      action: 'guide-done',
      actor,
      target: step.id,
      text,
      detail: { note: input.note },
    })
    return attached
  })
  publish({ type: 'incident', incidentId: incidentId ?? '', at: new Date().toISOString() })
  return ok(null)
}

/** Who ticked which guide off last, by step id. */
export async function guidesDone(): Promise<Record<string, GuideDone>> {
  const rows = await db().journalEntry.findMany({
    where: { action: 'guide-done' },
    orderBy: { seq: 'desc' },
    take: LOOKED_THROUGH,
    select: { target: true, actorName: true, at: true, detail: true },
  })
  const done: Record<string, GuideDone> = {}
  for (const row of rows)
    done[row.target] ??= {
      by: row.actorName,
      at: row.at.toISOString(),
      note: String((row.detail as { note?: unknown }).note ?? ''),
    }
  return done
}
