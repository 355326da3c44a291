import 'server-only'
import { requirePermission } from '@/lib/access/session'
import { attempt } from '@/lib/core/attempt'
import { fail, ok, type Result } from '@/lib/core/result'
import { incidentDetail, incidentsPage } from '@/lib/incidents/read'
import type { IncidentDetail, IncidentSummary } from '@/lib/incidents/types'

/** One incident with its timeline, by its number. */
export async function loadIncident(number: number): Promise<Result<IncidentDetail>> {
  return attempt('loadIncident', async () => {
    const actor = await requirePermission('board:view')
    if (!actor.ok) return actor
    const incident = await incidentDetail(number)
    return incident ? ok(incident) : fail('not_found', 'There is no incident with this number.')
  })
}

/** Incidents, newest first; pages count from 1. */
export async function listIncidents(
  page = 1,
): Promise<Result<{ incidents: IncidentSummary[]; page: number; pages: number; total: number }>> {
  return attempt('listIncidents', async () => {
    const actor = await requirePermission('board:view')
    return actor.ok ? ok(await incidentsPage(page)) : actor
  })
}
