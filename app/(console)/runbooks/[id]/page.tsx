import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { RunbookView } from '@/components/runbook/runbook-view'
import { PageProblem } from '@/components/ui/page-problem'
import { loadRunbookPage } from '@/lib/loaders/runbooks'

export const metadata: Metadata = { title: 'Runbook · Crashcart' }

/** One runbook by its id; `?page=` of its versions counts from 1. */
export default async function RunbookPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>
  searchParams: Promise<{ page?: string | string[] }>
}) {
  const [{ id }, { page }] = await Promise.all([params, searchParams])
  const asked = Number(page)
  const result = await loadRunbookPage(
    decodeURIComponent(id),
    Number.isInteger(asked) && asked > 0 ? asked : 1,
  )
  if (result.ok) return <RunbookView view={result.value} />
  if (result.error.code === 'not_found') notFound()
  return <PageProblem title="Runbook" error={result.error} />
}
