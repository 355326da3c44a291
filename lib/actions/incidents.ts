'use server'

import { fail, type Result } from '@/lib/core/result'
import type { IncidentSummary } from '@/lib/incidents/types'

/** Opens an incident; one is open at a time. */
export async function openIncident(_input: {
  title: string
  cardId?: string
}): Promise<Result<IncidentSummary>> {
  return fail('target_unavailable', 'Not connected yet.')
}

/** Writes a note on the timeline. */
export async function addNote(_input: { incidentId: string; text: string }): Promise<Result<null>> {
  return fail('target_unavailable', 'Not connected yet.')
}

/** Closes an incident with what was learnt. */
export async function resolveIncident(_input: {
  incidentId: string
  summary: string
}): Promise<Result<null>> {
  return fail('target_unavailable', 'Not connected yet.')
}

/** Makes a share link; the path is shown once and stored only as a hash. */
export async function createShare(_input: {
  incidentId: string
  hours: number
}): Promise<Result<{ path: string }>> {
  return fail('target_unavailable', 'Not connected yet.')
}

/** Ends a share link at once. */
export async function revokeShare(_input: { shareId: string }): Promise<Result<null>> {
  return fail('target_unavailable', 'Not connected yet.')
}
