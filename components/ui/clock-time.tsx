'use client'
import { useNow } from './when'

const LOCAL: Intl.DateTimeFormatOptions = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
}

/** "13:58:04" on the reader's clock, with the date when it was not today; local and UTC on hover. */
export function ClockTime({ at, className }: { at: string; className?: string }) {
  const now = useNow()
  const date = new Date(at)
  const utc = `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
  if (now === 0)
    return (
      <time dateTime={at} title={utc} className={className}>
        {utc.slice(11)}
      </time>
    )
  const today = new Date(now * 1_000).toDateString() === date.toDateString()
  const day = today ? '' : `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, `
  return (
    <time dateTime={at} title={`${date.toLocaleString()} (local)\n${utc}`} className={className}>
      {day}
      {date.toLocaleTimeString('en-GB', LOCAL)}
    </time>
  )
}
