import type { Metadata } from 'next'
import { IncidentList } from '@/components/incident/incident-list'
import { PageProblem } from '@/components/ui/page-problem'
import { listIncidents } from '@/lib/loaders/incidents'

export const metadata: Metadata = { title: 'Incidents · Crashcart' }

/** All incidents, `?page=` counts from 1. */
export default async function IncidentsPage({
  searchParams,
}: {
  searchParams: Promise<{ page?: string | string[] }>
}) {
  const asked = Number((await searchParams).page)
  const result = await listIncidents(Number.isInteger(asked) && asked > 0 ? asked : 1)
  if (!result.ok) return <PageProblem title="Incidents" error={result.error} />
  return <IncidentList {...result.value} />
}
