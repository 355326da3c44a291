import 'server-only'
import { type Der, isUniversal, odd, TAG } from './x509-der'

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** A time of RFC 5280 section 4.1.2.5, which has one form; UTCTime says its year with two figures. */
const FORM = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/

/** The parts of a Time as the certificate has them. */
function partsOf(time: Der): [year: number, month: number, day: number, clock: string] {
  const utc = isUniversal(time, TAG.utcTime)
  if (!utc && !isUniversal(time, TAG.generalizedTime)) odd('a date')
  const match = FORM.exec(time.contents.toString('latin1'))
  const [, year = '', month = '', day = '', hours = '', minutes = '', seconds = ''] = match ?? odd('a date')
  if ((year.length === 2) !== utc || !MONTHS[Number(month) - 1]) odd('a date')
  const whole = utc ? Number(year) + (Number(year) < 50 ? 2000 : 1900) : Number(year)
  return [whole, Number(month), Number(day), `${hours}:${minutes}:${seconds}`]
}

/** `Nov  2 01:54:16 2026 GMT`, or with `iso` `2026-11-02 01:54:16Z`. */
export function timeText(time: Der, iso = false): string {
  const [year, month, day, clock] = partsOf(time)
  const two = (n: number) => String(n).padStart(2, '0')
  return iso
    ? `${String(year).padStart(4, '0')}-${two(month)}-${two(day)} ${clock}Z`
    : `${MONTHS[month - 1]} ${String(day).padStart(2)} ${clock} ${year} GMT`
}

/** Milliseconds since 1970. */
export function timeOf(time: Der): number {
  const [year, month, day, clock] = partsOf(time)
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number)
  // Date.UTC takes years below 100 for others.
  return new Date(0).setUTCFullYear(year, month - 1, day) + ((hours * 60 + minutes) * 60 + seconds) * 1000
}

/** A time in milliseconds since 1970 with its fraction: `Nov  2 01:54:16.123 2026 GMT`. */
export function millisecondsText(milliseconds: number): string {
  const date = new Date(milliseconds)
  const clock = date.toISOString().slice(11, 23)
  return `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${clock} ${date.getUTCFullYear()} GMT`
}
