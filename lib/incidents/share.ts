import 'server-only'
import { type Clock, HOUR, systemClock } from '@/lib/core/clock'
import { newId, sha256, shareToken } from '@/lib/core/ids'
import { redact } from '@/lib/core/redact'
import { fail, ok, type Result } from '@/lib/core/result'
import { type Db, db } from '@/lib/db/client'
import type { Actor } from '@/lib/engine/types'
import { append } from '@/lib/journal/append'
import { anonymiser, roleWord } from './anonymise'
import { newestEvents, toEvent } from './read'
import { writeEvent } from './timeline'
import type { SharedIncident } from './types'

export const SHARE_HOURS = { min: 1, max: 168 } as const

const hoursText = (hours: number) =>
  hours % 24 === 0 && hours > 24 ? `${hours / 24} days` : `${hours} ${hours === 1 ? 'hour' : 'hours'}`

/**
 * Makes a link with which anybody can read an incident, without names, for some hours. The path is
 * given here and never again: the database has a hash of the token only.
 * @param input hours: 1 to 168, whole
 */
export async function createShare(
  actor: Actor,
  input: { incidentId: string; hours: number },
  store: Db = db(),
  clock: Clock = systemClock,
): Promise<Result<{ path: string }>> {
  const { hours, incidentId } = input
  if (!Number.isInteger(hours) || hours < SHARE_HOURS.min || hours > SHARE_HOURS.max) {
    return fail('invalid_input', `A link works for ${SHARE_HOURS.min} to ${SHARE_HOURS.max} hours.`)
  }
  const token = shareToken()
  const now = clock.now()
  return store.$transaction(async (tx) => {
    const incident = await tx.incident.findUnique({ where: { id: incidentId }, select: { number: true } })
    if (!incident) return fail('not_found', 'There is no such incident.')
    const link = await tx.shareLink.create({
      data: {
        id: newId('share'),
        incidentId,
        tokenHash: sha256(token),
        createdAt: now,
        createdByName: actor.name,
        expiresAt: new Date(now.getTime() + hours * HOUR),
      },
    })
    const text = `Made a share link that works for ${hoursText(hours)}.`
    await writeEvent(tx, incidentId, { kind: 'shared', text, by: actor.name, role: actor.role }, clock)
    const detail = { incidentId, shareId: link.id, expiresAt: link.expiresAt.toISOString() }
    await append(
      tx,
      { action: 'share-created', actor, target: `incident ${incident.number}`, text, detail },
      clock,
    )
    return ok({ path: `/share/${token}` })
  })
}

/** Ends a share link at once. `conflict` when it has been ended before. */
export async function revokeShare(
  actor: Actor,
  input: { shareId: string },
  store: Db = db(),
  clock: Clock = systemClock,
): Promise<Result<null>> {
  return store.$transaction(async (tx) => {
    const link = await tx.shareLink.findUnique({
      where: { id: input.shareId },
      include: { incident: { select: { number: true } } },
    })
    if (!link) return fail('not_found', 'There is no such share link.')
    const { count } = await tx.shareLink.updateMany({
      where: { id: link.id, revokedAt: null },
      data: { revokedAt: clock.now() },
    })
    if (count === 0) return fail('conflict', 'That link was ended already.', { retryable: false })
    const text = 'Ended a share link.'
    const { incidentId } = link
    await writeEvent(tx, incidentId, { kind: 'share-revoked', text, by: actor.name, role: actor.role }, clock)
    const detail = { incidentId, shareId: link.id }
    await append(
      tx,
      { action: 'share-revoked', actor, target: `incident ${link.incident.number}`, text, detail },
      clock,
    )
    return ok(null)
  })
}

/** Newest sign-ins in which names of people are looked for. */
const SIGN_INS_LOOKED_AT = 2_000

/** An id that no row has: looked up for a bad token, so that it takes as long as a good one. */
const NOBODY = 'none'

/**
 * What a share link shows: redacted, with roles in place of names. Null for a token that is unknown,
 * expired or revoked, after the same work, so that the answers cannot be told apart by time.
 */
export async function readShare(
  token: string,
  store: Db = db(),
  clock: Clock = systemClock,
): Promise<SharedIncident | null> {
  const now = clock.now()
  const link = await store.shareLink.findUnique({ where: { tokenHash: sha256(token.slice(0, 100)) } })
  const valid = link !== null && link.revokedAt === null && link.expiresAt > now
  const incidentId = valid ? link.incidentId : NOBODY
  const [incident, events, total, fixes, shares, people] = await Promise.all([
    store.incident.findUnique({ where: { id: incidentId } }),
    newestEvents(store, incidentId),
    store.incidentEvent.count({ where: { incidentId } }),
    store.fixRun.findMany({
      where: { incidentId },
      select: { requestedByName: true, requestedByRole: true, approvedByName: true },
      take: 500,
    }),
    store.shareLink.findMany({ where: { incidentId }, select: { createdByName: true }, take: 500 }),
    // A note may name a colleague who did nothing here.
    store.journalEntry.findMany({
      where: { action: 'signed-in' },
      select: { actorName: true, actorRole: true },
      orderBy: { seq: 'desc' },
      take: SIGN_INS_LOOKED_AT,
    }),
    store.shareLink.updateMany({ where: { id: valid ? link.id : NOBODY }, data: { lastSeenAt: now } }),
  ])
  if (!valid || !incident) return null
  const hide = anonymiser([
    ...events.map(({ byName, byRole }) => ({ name: byName, role: byRole })),
    ...fixes.map((run) => ({ name: run.requestedByName, role: run.requestedByRole })),
    ...fixes.flatMap((run) => (run.approvedByName ? [{ name: run.approvedByName, role: 'approver' }] : [])),
    ...shares.map(({ createdByName }) => ({ name: createdByName, role: 'responder' })),
    { name: incident.openedByName, role: 'responder' },
    ...people.map(({ actorName, actorRole }) => ({ name: actorName, role: actorRole })),
  ])
  const show = (text: string) => hide(redact(text))
  return {
    number: incident.number,
    title: show(incident.title),
    state: incident.state === 'open' ? 'open' : 'resolved',
    openedAt: incident.openedAt.toISOString(),
    ...(incident.resolvedAt ? { resolvedAt: incident.resolvedAt.toISOString() } : {}),
    ...(incident.summary === null ? {} : { summary: show(incident.summary) }),
    timeline: events.map((event) => ({
      ...toEvent(event),
      by: roleWord(event.byRole),
      text: show(event.text),
    })),
    more: Math.max(0, total - events.length),
    expiresAt: link.expiresAt.toISOString(),
  }
}
