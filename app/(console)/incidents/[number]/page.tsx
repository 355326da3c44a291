import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { IncidentView } from '@/components/incident/incident-view'
import { PageProblem } from '@/components/ui/page-problem'
import { loadIncident } from '@/lib/loaders/incidents'

type Props = { params: Promise<{ number: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { number } = await params
  return { title: /^\d{1,9}$/.test(number) ? `INC-${number} · Crashcart` : 'Incident · Crashcart' }
}

/** One incident by its number. */
export default async function IncidentPage({ params }: Props) {
  const { number } = await params
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound()
  const result = await loadIncident(Number(number))
  if (result.ok) return <IncidentView incident={result.value} />
  if (result.error.code === 'not_found') notFound()
  return <PageProblem title={`INC-${number}`} error={result.error} />
}
