import type { Metadata } from 'next'
import { readFilter } from '@/components/journal/journal-address'
import { JournalView } from '@/components/journal/journal-view'
import { PageProblem } from '@/components/ui/page-problem'
import { loadJournal } from '@/lib/loaders/journal'

export const metadata: Metadata = { title: 'Journal · Crashcart' }

/** The audit log: `?action=&actor=&page=`. */
export default async function JournalRoute({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const filter = readFilter(await searchParams)
  const result = await loadJournal(filter)
  if (!result.ok) return <PageProblem title="Journal" error={result.error} />
  return <JournalView journal={result.value} filter={filter} />
}
