import 'server-only'
import { type Clock, systemClock } from '@/lib/core/clock'
import { newId } from '@/lib/core/ids'
import type { Tx } from '@/lib/db/client'
import { storableText } from '@/lib/db/storable'
import type { Verdict } from '../verdicts/types'
import type { IncidentEventKind } from './types'

export interface EventInput {
  kind: IncidentEventKind
  /** One sentence: "Service not responding: 0 of 3 pods ready." */
  text: string
  /** Name of the person. */
  by: string
  /** Their role; it stands in for the name on a share page. */
  role: string
  cardId?: string
  stepId?: string
  runId?: string
  verdict?: Verdict
}

/** Longest text of an entry, in characters. */
const TEXT_AT_MOST = 4_000

/** Writes one entry on an incident's timeline, redacted, inside the caller's transaction. */
export async function writeEvent(
  tx: Tx,
  incidentId: string,
  event: EventInput,
  clock: Clock = systemClock,
): Promise<void> {
  await tx.incidentEvent.create({
    data: {
      id: newId('event'),
      incidentId,
      kind: event.kind,
      at: clock.now(),
      byName: storableText(event.by, 200),
      byRole: event.role,
      text: storableText(event.text, TEXT_AT_MOST),
      cardId: event.cardId ?? null,
      stepId: event.stepId ?? null,
      runId: event.runId ?? null,
      verdict: event.verdict ?? null,
    },
  })
}

/**
 * Writes an entry on the timeline of the incident that is open, if one is. For the engine, which calls
 * it in the transaction in which it records a check or a fix.
 * @returns the incident's id, or null when none is open
 */
export async function attach(tx: Tx, event: EventInput, clock: Clock = systemClock): Promise<string | null> {
  const open = await tx.incident.findFirst({ where: { state: 'open' }, select: { id: true } })
  if (!open) return null
  await writeEvent(tx, open.id, event, clock)
  return open.id
}
