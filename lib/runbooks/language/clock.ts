import { parse } from 'unbash'

/** Words of GNU date after its name, as far as they say how to write a time and which: all of it in UTC. */
export type ClockWords = readonly string[]

const UNITS: Record<string, number> = {
  sec: 1,
  second: 1,
  min: 60,
  minute: 60,
  hour: 3_600,
  day: 86_400,
  week: 604_800,
}
const DAYS: Record<string, number> = { now: 0, today: 0, yesterday: -1, tomorrow: 1 }
/** Ten years: nobody means a time farther away, and years have four digits. */
const FARTHEST = 315_576_000
/** `%a %b %e %H:%M:%S %Z %Y` in the C locale. */
const USUAL = '%a %b %e %H:%M:%S UTC %Y'

/** What a `$(date …)` says, where nothing but the clock decides what it prints; undefined for any other capture. */
export function clockOf(capture: string): ClockWords | undefined {
  const inner = /^\$\((.*)\)$/s.exec(capture)?.[1] ?? /^`(.*)`$/s.exec(capture)?.[1]
  if (inner === undefined || !/^\s*date\b/.test(inner)) return undefined
  const script = parse(inner)
  const [only, ...more] = script.errors?.length ? [] : script.commands
  if (only?.command.type !== 'Command' || more.length > 0 || only.background) return undefined
  const { name, args, prefix, redirects } = only.command
  if (name?.value !== 'date' || prefix.length + redirects.length > 0) return undefined
  const words = args.map((word) => (word.type === 'Word' && !/[$`]/.test(word.text) ? word.value : undefined))
  const plain = words.filter((word) => word !== undefined)
  return plain.length === words.length && readClock(plain) ? plain : undefined
}

interface Clock {
  format: string
  /** Seconds from now. */
  shift: number
}

function readClock(words: ClockWords): Clock | undefined {
  let format: string | undefined
  let shift = 0
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const [, attached] = /^(?:-d|--date=)(.+)$/s.exec(word) ?? []
    if (/^(-u|--utc|--universal)$/.test(word)) continue
    if (word === '-d' || word === '--date' || attached !== undefined) {
      const meant = shiftOf(attached ?? words[++i] ?? '')
      if (meant === undefined) return undefined
      shift = meant
    } else if (/^(-I|--iso-8601)(=?(date|hours|minutes|seconds))?$/.test(word)) {
      const precise = /hours$/.test(word) ? '%H' : /minutes$/.test(word) ? '%H:%M' : '%H:%M:%S'
      format = /(-I|-8601|date)$/.test(word) ? '%F' : `%FT${precise}+00:00`
    } else if (/^(-R|--rfc-email|--rfc-2822)$/.test(word)) format = '%a, %d %b %Y %H:%M:%S +0000'
    else if (word.startsWith('+') && format === undefined) format = word.slice(1)
    else return undefined
  }
  const written = format ?? USUAL
  const known = written.replaceAll(/%(?:[-_0]?[YmdHMSyjeI]|[sFTbBaApZzN%D])/g, '')
  // A time that says nothing could be read as "any" where it goes.
  return known.includes('%') || written.trim() === '' ? undefined : { format: written, shift }
}

function shiftOf(text: string): number | undefined {
  const plain = text.trim().toLowerCase()
  if (Object.hasOwn(DAYS, plain)) return (DAYS[plain] ?? 0) * 86_400
  const [, sign, number = '1', unit = '', ago] =
    /^([+-]?)\s*(\d{1,9})?\s*([a-z]+?)s?(\s+ago)?$/.exec(plain) ?? []
  const seconds = Object.hasOwn(UNITS, unit) ? (UNITS[unit] ?? 0) * Number(number) : undefined
  if (seconds === undefined || seconds > FARTHEST || (sign !== '' && ago !== undefined)) return undefined
  return sign === '-' || ago !== undefined ? -seconds : seconds
}

/** What GNU date prints for the words at a time, in UTC and the C locale, without the newline. Words are those of `clockOf`. */
export function clockText(words: ClockWords, now: Date): string {
  const { format, shift } = readClock(words) ?? { format: USUAL, shift: 0 }
  const at = new Date(now.getTime() + shift * 1000)
  const named = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' }).format(at)
  const [date = '', time = ''] = at.toISOString().slice(0, 19).split('T')
  const [year = '', month = '', day = ''] = date.split('-')
  const [hour = '', minute = '', second = ''] = time.split(':')
  const twelve = String(Number(hour) % 12 || 12).padStart(2, '0')
  const ofYear = Math.floor((at.getTime() - Date.UTC(Number(year), 0, 1)) / 86_400_000) + 1
  const values: Record<string, string> = {
    Y: year,
    m: month,
    d: day,
    H: hour,
    M: minute,
    S: second,
    s: String(Math.floor(at.getTime() / 1000)),
    F: date,
    T: time,
    D: `${month}/${day}/${year.slice(2)}`,
    y: year.slice(2),
    j: String(ofYear).padStart(3, '0'),
    b: named({ month: 'short' }),
    B: named({ month: 'long' }),
    a: named({ weekday: 'short' }),
    A: named({ weekday: 'long' }),
    e: String(Number(day)).padStart(2, ' '),
    I: twelve,
    p: Number(hour) < 12 ? 'AM' : 'PM',
    Z: 'UTC',
    z: '+0000',
    N: `${at.toISOString().slice(20, 23)}000000`,
    '%': '%',
  }
  return format.replace(/%([-_0]?)([A-Za-z%])/g, (_, pad: string, letter: string) => {
    const value = values[letter] ?? ''
    if (!/^\s?\d+$/.test(value) || pad === '') return value
    const bare = value.trim().replace(/^0+(?=\d)/, '')
    return pad === '-' ? bare : bare.padStart(value.length, pad === '_' ? ' ' : '0')
  })
}
