'use client'
import { formatDistanceStrict } from 'date-fns'
import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** One clock for every relative time on the page; it ticks only while somebody looks. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    for (const one of listeners) one()
  }, 1_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

function nowInSeconds(): number {
  return Math.floor(Date.now() / 1_000)
}

/** Seconds since 1970, once a second; 0 on the server, where the viewer's clock is not known. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, nowInSeconds, () => 0)
}

const SHORT: [RegExp, string][] = [
  [/ seconds?/, ' s'],
  [/ minutes?/, ' min'],
  [/ hours?/, ' h'],
  [/ days?/, ' d'],
  [/ months?/, ' mo'],
  [/ years?/, ' y'],
]

/** "8 s ago", "in 12 min". Times in ISO or milliseconds. */
export function relative(at: string | number | Date, nowSeconds: number): string {
  const then = new Date(at).getTime()
  const now = Math.max(nowSeconds * 1_000, 0)
  if (Math.abs(now - then) < 2_000) return 'just now'
  const distance = SHORT.reduce(
    (text, [long, short]) => text.replace(long, short),
    formatDistanceStrict(then, now),
  )
  return then > now ? `in ${distance}` : `${distance} ago`
}

/** A relative time; local and UTC on hover. */
export function When({ at, className }: { at: string; className?: string }) {
  const now = useNow()
  const date = new Date(at)
  const utc = `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
  return (
    <time
      dateTime={at}
      title={now === 0 ? utc : `${date.toLocaleString()} (local)\n${utc}`}
      className={className}
      suppressHydrationWarning
    >
      {now === 0 ? `${utc.slice(11, 16)} UTC` : relative(at, now)}
    </time>
  )
}
