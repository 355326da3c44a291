import 'server-only'
import { age } from '../age'
import { CouldNotPrint } from '../limits'

/** A time of an object: text in JSON, whatever the types of the client say. */
export type Time = Date | string | undefined | null

/** Milliseconds since 1970, or undefined for a time that is not set. Throws CouldNotPrint for what is no time. */
export function instantOf(time: Time): number | undefined {
  if (time === undefined || time === null || time === '' || time === '0001-01-01T00:00:00Z') return undefined
  const at = typeof time === 'string' ? Date.parse(time) : time.getTime()
  if (Number.isNaN(at)) throw new CouldNotPrint(`"${String(time).slice(0, 40)}" is no time.`)
  return at
}

/**
 * A time as Go's time.RFC1123Z, in UTC: kubectl takes the zone of whoever types it, and a server has none of its own
 * that would mean anything to a reader.
 */
export function dateOf(time: Time): string {
  const at = instantOf(time)
  return at === undefined
    ? 'Mon, 01 Jan 0001 00:00:00 +0000'
    : new Date(at).toUTCString().replace('GMT', '+0000')
}

/** How long ago a time was, as kubectl writes ages: `5m12s`, `3d4h`. `now` is milliseconds since 1970. */
export function since(time: Time, now: number): string {
  const at = instantOf(time)
  return at === undefined ? '<unknown>' : age(now - at)
}
