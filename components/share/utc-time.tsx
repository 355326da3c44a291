'use client'
import { useNow } from '@/components/ui/when'

/** "24 Nov 2026, 14:30 UTC"; the reader's own clock on hover. */
export function UtcTime({ at }: { at: string }) {
  const now = useNow()
  const date = new Date(at)
  const text = date.toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
  })
  return (
    <time dateTime={at} title={now === 0 ? undefined : `${date.toLocaleString()} (local)`}>
      {text} UTC
    </time>
  )
}
