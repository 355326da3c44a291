import 'server-only'
import { fail, type Result } from '@/lib/core/result'
import type { IncidentDetail, IncidentSummary } from '@/lib/incidents/types'

/** One incident with its timeline, by its number. */
export async function loadIncident(_number: number): Promise<Result<IncidentDetail>> {
  return fail('target_unavailable', 'Not connected yet.')
}

/** Incidents, newest first; pages count from 1. */
export async function listIncidents(
  _page = 1,
): Promise<Result<{ incidents: IncidentSummary[]; page: number; pages: number; total: number }>> {
  return fail('target_unavailable', 'Not connected yet.')
}
