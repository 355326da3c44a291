'use client'
import { Hourglass } from 'lucide-react'
import { useNow, When } from '@/components/ui/when'
import { isOld } from '@/lib/verdicts/freshness'
import { LookAgain } from './look-again'
import type { BoardCard } from './sort-cards'

/** What was found long ago is shown as what it was, and the way to how it is now stands beside it. */
export function OldNotice({ looked }: { looked: BoardCard[] }) {
  const now = useNow()
  const old = looked.filter(({ state }) => isOld(state.oldestAt, now))
  const times = old.flatMap(({ state }) => state.oldestAt ?? []).sort()
  const [oldest] = times
  const newest = times.at(-1)
  if (!oldest || !newest) return null
  return (
    <LookAgain label="Looked at long ago" tone="warn" icon={Hourglass} cards={old}>
      {old.length === looked.length ? (
        <>
          Last looked at <When at={newest} />. This is how it was then.
        </>
      ) : (
        <>
          {old.length} of {looked.length} cards were looked at long ago, the oldest <When at={oldest} />.
        </>
      )}
    </LookAgain>
  )
}
