'use server'

import { z } from 'zod'
import { requireAction } from '@/lib/access/session'
import { attempt } from '@/lib/core/attempt'
import type { Result } from '@/lib/core/result'
import type { Actor } from '@/lib/engine/types'
import * as incidents from '@/lib/incidents/open'
import * as shares from '@/lib/incidents/share'
import type { IncidentSummary } from '@/lib/incidents/types'
import { publish } from '@/lib/live/hub'
import { parseInput } from './parse-input'

const id = z
  .string('That is not an identifier.')
  .min(1, 'That is not an identifier.')
  .max(80, 'That is not an identifier.')
  .refine((text) => !text.includes('\0'), 'That is not an identifier.')

const words = (what: string, max: number) =>
  z
    .string(`${what} is missing.`)
    .trim()
    .min(1, `${what} is missing.`)
    .max(max, `${what} is too long: at most ${max} characters.`)

const Opening = z.object({ title: words('The title', 160), cardId: id.optional() })
const Note = z.object({ incidentId: id, text: words('The note', 4_000) })
const Resolution = z.object({ incidentId: id, summary: words('The summary', 4_000) })
const Share = z.object({
  incidentId: id,
  hours: z
    .int('Hours are a whole number.')
    .min(shares.SHARE_HOURS.min, 'A link works for at least one hour.')
    .max(shares.SHARE_HOURS.max, 'A link works for at most seven days.'),
})
const Revocation = z.object({ shareId: id })

/** Session, then input, then the work: in this order, so that strangers learn nothing about the input. */
async function change<I, T>(
  what: string,
  schema: z.ZodType<I>,
  input: unknown,
  run: (actor: Actor, input: I) => Promise<Result<T>>,
): Promise<Result<T>> {
  return attempt(what, async () => {
    const actor = await requireAction('incident:write')
    if (!actor.ok) return actor
    const parsed = parseInput(schema, input)
    if (!parsed.ok) return parsed
    const done = await run(actor.value, parsed.value)
    // Whoever has the incident open reads it anew; which one it was matters to nobody else.
    if (done.ok) publish({ type: 'incident', incidentId: '', at: new Date().toISOString() })
    return done
  })
}

/** Opens an incident; one is open at a time. */
export async function openIncident(input: {
  title: string
  cardId?: string
}): Promise<Result<IncidentSummary>> {
  return change('openIncident', Opening, input, incidents.openIncident)
}

/** Writes a note on the timeline. */
export async function addNote(input: { incidentId: string; text: string }): Promise<Result<null>> {
  return change('addNote', Note, input, incidents.addNote)
}

/** Closes an incident with what was learnt. */
export async function resolveIncident(input: { incidentId: string; summary: string }): Promise<Result<null>> {
  return change('resolveIncident', Resolution, input, incidents.resolveIncident)
}

/** Makes a share link; the path is shown once and stored only as a hash. */
export async function createShare(input: {
  incidentId: string
  hours: number
}): Promise<Result<{ path: string }>> {
  return change('createShare', Share, input, shares.createShare)
}

/** Ends a share link at once. */
export async function revokeShare(input: { shareId: string }): Promise<Result<null>> {
  return change('revokeShare', Revocation, input, shares.revokeShare)
}
