import 'server-only'
import { type Clock, systemClock } from '@/lib/core/clock'
import { newId } from '@/lib/core/ids'
import { fail, ok, type Result } from '@/lib/core/result'
import { type Db, db, isDuplicate } from '@/lib/db/client'
import { storableText } from '@/lib/db/storable'
import type { Actor } from '@/lib/engine/types'
import { append } from '@/lib/journal/append'
import { activeIncident, incidentSummary } from './read'
import { writeEvent } from './timeline'
import type { IncidentSummary } from './types'

const by = (actor: Actor) => ({ by: actor.name, role: actor.role })

async function alreadyOpen(store: Db): Promise<Result<never>> {
  const open = await activeIncident(store)
  return fail(
    'conflict',
    open
      ? `Incident ${open.number} is open already: ${open.title}`
      : 'Another incident was open a moment ago.',
    { hint: 'Work on that one, or resolve it first.' },
  )
}

/**
 * Opens an incident. One is open at a time: `conflict` says which.
 * @param input title of 1 to 160 characters; the card that leads there
 */
export async function openIncident(
  actor: Actor,
  input: { title: string; cardId?: string },
  store: Db = db(),
  clock: Clock = systemClock,
): Promise<Result<IncidentSummary>> {
  if (await activeIncident(store)) return alreadyOpen(store)
  const id = newId('incident')
  const title = storableText(input.title, 160)
  const cardId = input.cardId === undefined ? {} : { cardId: input.cardId }
  try {
    return await store.$transaction(async (tx) => {
      const { number } = await tx.incident.create({
        data: {
          id,
          title,
          state: 'open',
          openedAt: clock.now(),
          openedById: actor.id,
          openedByName: actor.name,
          ...cardId,
        },
        select: { number: true },
      })
      await writeEvent(tx, id, { kind: 'opened', text: title, ...by(actor), ...cardId }, clock)
      const target = `incident ${number}`
      const text = `Opened incident ${number}: ${title}`
      await append(
        tx,
        { action: 'incident-opened', actor, target, text, detail: { incidentId: id, ...cardId } },
        clock,
      )
      const summary = await incidentSummary(tx, id)
      return summary ? ok(summary) : fail('internal', 'The incident is gone right after it was opened.')
    })
  } catch (cause) {
    // Two people pressed at the same moment; the index let one through.
    if (isDuplicate(cause)) return alreadyOpen(store)
    throw cause
  }
}

/** Writes a note on a timeline, also after the incident is resolved: what is learnt later belongs there. */
export async function addNote(
  actor: Actor,
  input: { incidentId: string; text: string },
  store: Db = db(),
  clock: Clock = systemClock,
): Promise<Result<null>> {
  return store.$transaction(async (tx) => {
    const incident = await tx.incident.findUnique({
      where: { id: input.incidentId },
      select: { number: true },
    })
    if (!incident) return fail('not_found', 'There is no such incident.')
    await writeEvent(tx, input.incidentId, { kind: 'note', text: input.text, ...by(actor) }, clock)
    const text = `Wrote a note on incident ${incident.number}.`
    const detail = { incidentId: input.incidentId, note: input.text }
    await append(
      tx,
      { action: 'incident-note', actor, target: `incident ${incident.number}`, text, detail },
      clock,
    )
    return ok(null)
  })
}

/** Closes an incident with what was learnt. `conflict` when somebody has closed it before. */
export async function resolveIncident(
  actor: Actor,
  input: { incidentId: string; summary: string },
  store: Db = db(),
  clock: Clock = systemClock,
): Promise<Result<null>> {
  return store.$transaction(async (tx) => {
    const incident = await tx.incident.findUnique({ where: { id: input.incidentId } })
    if (!incident) return fail('not_found', 'There is no such incident.')
    const summary = storableText(input.summary)
    const { count } = await tx.incident.updateMany({
      where: { id: incident.id, state: 'open' },
      data: { state: 'resolved', resolvedAt: clock.now(), summary },
    })
    if (count === 0) {
      return fail('conflict', `Incident ${incident.number} is resolved already.`, { retryable: false })
    }
    await writeEvent(tx, incident.id, { kind: 'resolved', text: summary, ...by(actor) }, clock)
    const target = `incident ${incident.number}`
    const text = `Resolved incident ${incident.number}: ${incident.title}`
    await append(
      tx,
      { action: 'incident-resolved', actor, target, text, detail: { incidentId: incident.id, summary } },
      clock,
    )
    return ok(null)
  })
}
