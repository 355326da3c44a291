'use client'
import { useQuery } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { When } from '@/components/ui/when'
import { RECOVERED_KEY } from '@/lib/queries/console'
import { LookAgain } from './look-again'
import type { BoardCard } from './sort-cards'

/** Pods that follow, and lines that are still in the logs, take about so long to say that all is well again. */
const SETTLES_MS = 60_000

/**
 * After a fix that its checks verified: what still stands below was looked at before it or just after, and may be gone
 * by now.
 */
export function RecoveredNotice({ attention }: { attention: BoardCard[] }) {
  // Written by the live stream; there is nothing to fetch.
  const { data: at } = useQuery<string | null>({
    queryKey: RECOVERED_KEY,
    queryFn: () => null,
    enabled: false,
  })
  const older = attention.filter(
    ({ state }) => at && state.checkedAt && Date.parse(state.checkedAt) < Date.parse(at) + SETTLES_MS,
  )
  if (!at || older.length === 0) return null
  return (
    <LookAgain label="A fix took effect" tone="pass" icon={CircleCheck} cards={older}>
      A fix took effect <When at={at} />. {older.length === 1 ? 'One card' : `${older.length} cards`} below{' '}
      {older.length === 1 ? 'was' : 'were'} looked at too early to tell: it takes up to a minute to show
      everywhere.
    </LookAgain>
  )
}
