import type { Metadata } from 'next'
import { RunbookList } from '@/components/runbook/runbook-list'
import { PageProblem } from '@/components/ui/page-problem'
import { listRunbooks } from '@/lib/loaders/runbooks'

export const metadata: Metadata = { title: 'Runbooks · Crashcart' }

/** What the board is made of, and how more gets onto it. */
export default async function RunbooksPage() {
  const result = await listRunbooks()
  if (!result.ok) return <PageProblem title="Runbooks" error={result.error} />
  return <RunbookList runbooks={result.value} />
}
