'use client'
import { Hourglass } from 'lucide-react'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { useNow, When } from '@/components/ui/when'
import { isOld } from '@/lib/verdicts/freshness'
import type { BoardCard } from './sort-cards'

/** What was found long ago is shown as what it was, and the way to how it is now stands beside it. */
export function OldNotice({ looked }: { looked: BoardCard[] }) {
  const { check } = useConsole()
  const now = useNow()
  const old = looked.filter(({ state }) => isOld(state.oldestAt, now))
  const times = old.flatMap(({ state }) => state.oldestAt ?? []).sort()
  const [oldest] = times
  const newest = times.at(-1)
  if (!oldest || !newest) return null
  return (
    <section
      aria-label="Looked at long ago"
      className="mt-5 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-[10px] border border-warn-line bg-warn-ground px-4 py-2.5"
    >
      <Hourglass aria-hidden size={18} className="shrink-0 text-warn" />
      <p className="min-w-0 flex-1 basis-60">
        {old.length === looked.length ? (
          <>
            Last looked at <When at={newest} />. This is how it was then.
          </>
        ) : (
          <>
            {old.length} of {looked.length} cards were looked at long ago, the oldest <When at={oldest} />.
          </>
        )}
      </p>
      <Button size="small" busy={old.some((one) => one.running)} onClick={() => void check({ scope: 'all' })}>
        Look again
      </Button>
    </section>
  )
}
