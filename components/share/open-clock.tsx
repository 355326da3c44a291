'use client'
import { duration } from '@/components/ui/duration'
import { useNow } from '@/components/ui/when'

/** "Open for 14 m 03 s", ticking, or "Resolved after 41 m 20 s". */
export function OpenClock({ from, to }: { from: string; to?: string }) {
  const now = useNow()
  const start = new Date(from).getTime()
  if (to) return <>Resolved after {duration(new Date(to).getTime() - start)}</>
  return <>{now === 0 ? 'Open' : `Open for ${duration(now * 1_000 - start)}`}</>
}
