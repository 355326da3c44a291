import 'server-only'
import { type Db, db, type Tx } from '@/lib/db/client'
import type {
  Incident,
  IncidentEvent as StoredEvent,
  ShareLink as StoredShare,
} from '@/lib/generated/prisma/client'
import type { Verdict } from '../verdicts/types'
import type { IncidentDetail, IncidentEvent, IncidentEventKind, IncidentSummary, ShareLink } from './types'

/** Entries of a timeline that are shown at once: the newest. */
export const TIMELINE_CAP = 500
export const INCIDENTS_PAGE_SIZE = 20
const SHARES_AT_MOST = 50

type Counted = Incident & { _count: { events: number } }
const COUNTED = { _count: { select: { events: true } } } as const

/** A stored incident as plain data. */
export function toSummary(incident: Counted): IncidentSummary {
  return {
    id: incident.id,
    number: incident.number,
    title: incident.title,
    state: incident.state === 'open' ? 'open' : 'resolved',
    openedAt: incident.openedAt.toISOString(),
    openedBy: incident.openedByName,
    ...(incident.resolvedAt ? { resolvedAt: incident.resolvedAt.toISOString() } : {}),
    ...(incident.cardId === null ? {} : { cardId: incident.cardId }),
    events: incident._count.events,
  }
}

/** A stored entry as plain data, by the person's name. */
export function toEvent(event: StoredEvent): IncidentEvent {
  return {
    id: event.id,
    kind: event.kind as IncidentEventKind,
    at: event.at.toISOString(),
    by: event.byName,
    text: event.text,
    ...(event.cardId === null ? {} : { cardId: event.cardId }),
    ...(event.stepId === null ? {} : { stepId: event.stepId }),
    ...(event.runId === null ? {} : { runId: event.runId }),
    ...(event.verdict === null ? {} : { verdict: event.verdict as Verdict }),
  }
}

function toShare(link: StoredShare): ShareLink {
  return {
    id: link.id,
    createdAt: link.createdAt.toISOString(),
    createdBy: link.createdByName,
    expiresAt: link.expiresAt.toISOString(),
    ...(link.revokedAt ? { revokedAt: link.revokedAt.toISOString() } : {}),
    ...(link.lastSeenAt ? { lastSeenAt: link.lastSeenAt.toISOString() } : {}),
  }
}

/** The newest entries of a timeline, oldest first, as stored. */
export async function newestEvents(store: Tx, incidentId: string): Promise<StoredEvent[]> {
  const events = await store.incidentEvent.findMany({
    where: { incidentId },
    // Ids sort by time, which settles entries of one millisecond.
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: TIMELINE_CAP,
  })
  return events.reverse()
}

/** One incident by its id, or null. */
export async function incidentSummary(store: Tx, id: string): Promise<IncidentSummary | null> {
  const incident = await store.incident.findUnique({ where: { id }, include: COUNTED })
  return incident && toSummary(incident)
}

/** The incident that is open, or null. */
export async function activeIncident(store: Db = db()): Promise<IncidentSummary | null> {
  const incident = await store.incident.findFirst({ where: { state: 'open' }, include: COUNTED })
  return incident && toSummary(incident)
}

/** One incident by its number, with the newest of its timeline and its share links; null when there is none. */
export async function incidentDetail(number: number, store: Db = db()): Promise<IncidentDetail | null> {
  // Beyond a 32-bit column nothing can be there, and PostgreSQL would call it an error.
  if (!Number.isInteger(number) || number < 1 || number > 2_147_483_647) return null
  const incident = await store.incident.findUnique({ where: { number }, include: COUNTED })
  if (!incident) return null
  const [events, shares] = await Promise.all([
    newestEvents(store, incident.id),
    store.shareLink.findMany({
      where: { incidentId: incident.id },
      orderBy: { createdAt: 'desc' },
      take: SHARES_AT_MOST,
    }),
  ])
  return {
    ...toSummary(incident),
    ...(incident.summary === null ? {} : { summary: incident.summary }),
    timeline: events.map(toEvent),
    more: Math.max(0, incident._count.events - events.length),
    shares: shares.map(toShare),
  }
}

export interface IncidentsPage {
  incidents: IncidentSummary[]
  page: number
  pages: number
  total: number
}

/** Incidents, newest first. Pages count from 1; one beyond the last is the last. */
export async function incidentsPage(wanted = 1, store: Db = db()): Promise<IncidentsPage> {
  const total = await store.incident.count()
  const pages = Math.max(1, Math.ceil(total / INCIDENTS_PAGE_SIZE))
  const page = Math.min(Math.max(1, Math.trunc(wanted) || 1), pages)
  const incidents = await store.incident.findMany({
    include: COUNTED,
    orderBy: { number: 'desc' },
    skip: (page - 1) * INCIDENTS_PAGE_SIZE,
    take: INCIDENTS_PAGE_SIZE,
  })
  return { incidents: incidents.map(toSummary), page, pages, total }
}
