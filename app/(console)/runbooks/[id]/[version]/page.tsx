import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { VersionView } from '@/components/runbook/version-view'
import { PageProblem } from '@/components/ui/page-problem'
import { loadVersionPage } from '@/lib/loaders/runbooks'

export const metadata: Metadata = { title: 'Runbook version · Crashcart' }

/** One version of a runbook; `?with=` names the version that it is compared with. */
export default async function RunbookVersionPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string; version: string }>
  searchParams: Promise<{ with?: string | string[] }>
}) {
  const [{ id, version }, { with: against }] = await Promise.all([params, searchParams])
  const result = await loadVersionPage(
    decodeURIComponent(id),
    decodeURIComponent(version),
    typeof against === 'string' && against !== '' ? against : undefined,
  )
  // Another comparison begins at the changes again, whatever was open before.
  if (result.ok) return <VersionView key={result.value.comparedWith} view={result.value} />
  if (result.error.code === 'not_found') notFound()
  return <PageProblem title="Version of a runbook" error={result.error} />
}
