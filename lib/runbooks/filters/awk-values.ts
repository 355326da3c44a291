import 'server-only'
import { NotUnderstood } from './options'

/** Text that came in: a number where it looks like one, as awk compares it. */
export interface FieldText {
  field: string
}

/** A value of awk; undefined is one that was never set, at once 0 and ''. */
export type AwkValue = number | string | FieldText | undefined

const LEADING = /^[ \t-\r]*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/
const WHOLE = /^[ \t-\r]*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[ \t-\r]*$/

/** The number a value begins with, or 0. */
export function toNumber(value: AwkValue): number {
  if (typeof value === 'number') return value
  if (value === undefined) return 0
  return Number(LEADING.exec(typeof value === 'string' ? value : value.field)?.[0] ?? 0)
}

/** A value as text: whole numbers in full, others with six digits. */
export function toText(value: AwkValue): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'object') return value.field
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return value === 0 ? '0' : String(value)
  return general(value, 6)
}

const looksNumeric = (value: AwkValue) =>
  typeof value === 'number' || value === undefined || (typeof value === 'object' && WHOLE.test(value.field))

/** Negative, 0 or positive: as numbers when both look like numbers, else octet by octet. */
export function compareValues(a: AwkValue, b: AwkValue): number {
  if (looksNumeric(a) && looksNumeric(b)) return toNumber(a) - toNumber(b)
  const [one, two] = [toText(a), toText(b)]
  return one < two ? -1 : one > two ? 1 : 0
}

/** Whether a value counts as true. */
export function isTrue(value: AwkValue): boolean {
  if (typeof value === 'object' && looksNumeric(value)) return toNumber(value) !== 0
  return typeof value === 'number' ? value !== 0 : toText(value) !== ''
}

function unusual(value: number): string | undefined {
  if (Number.isFinite(value)) return undefined
  return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf'
}

function exponential(value: number, digits: number): string {
  return value.toExponential(Math.min(digits, 100)).replace(/e([-+])(\d)$/, 'e$10$2')
}

/** printf's %g. */
function general(value: number, precision: number): string {
  const odd = unusual(value)
  if (odd) return odd
  const digits = Math.min(Math.max(precision, 1), 100)
  const power = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1])
  if (power < -4 || power >= digits)
    return exponential(value, digits - 1).replace(/(\.\d*?)0*(?=e)/, (_, kept: string) =>
      kept === '.' ? '' : kept,
    )
  const fixed = value.toFixed(Math.min(100, digits - 1 - power))
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed
}

const SPECIFIER = /%([-+ 0]*)(\d{0,4})(?:\.(\d{0,3}))?([a-zA-Z%])/g

/** What is wrong with a printf format that is known beforehand. Throws NotUnderstood. */
export function checkFormat(format: string): void {
  const left = format.replace(SPECIFIER, (_, _flags, _width, _precision, letter: string) =>
    'sdiufeEgGcxXo%'.includes(letter) ? '' : '%',
  )
  if (left.includes('%')) throw new NotUnderstood('awk printf has a format that is not understood here.')
}

/** sprintf. */
export function formatText(format: string, values: readonly AwkValue[]): string {
  let next = 0
  return format.replace(
    SPECIFIER,
    (whole, flags: string, width: string, precision: string | undefined, letter: string) => {
      if (letter === '%') return '%'
      const body = one(letter, values[next++], precision === undefined ? undefined : Number(precision))
      if (body === undefined) return whole
      const sign = !'scxXou'.includes(letter) && !body.startsWith('-') ? (/[+ ]/.exec(flags)?.[0] ?? '') : ''
      const size = Number(width || 0)
      if (flags.includes('-')) return (sign + body).padEnd(size)
      const zeros = flags.includes('0') && !'sc'.includes(letter)
      if (!zeros || ('dixXou'.includes(letter) && precision !== undefined))
        return (sign + body).padStart(size)
      const minus = body.startsWith('-') ? '-' : sign
      return minus + body.replace(/^-/, '').padStart(size - minus.length, '0')
    },
  )
}

function one(letter: string, value: AwkValue, precision: number | undefined): string | undefined {
  const number = toNumber(value)
  switch (letter) {
    case 's':
      return toText(value).slice(0, precision)
    case 'c':
      return typeof value === 'number' ? String.fromCharCode(value & 255) : toText(value).slice(0, 1)
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o': {
      const odd = unusual(number)
      if (odd) return odd
      const base = letter === 'o' ? 8 : letter.toLowerCase() === 'x' ? 16 : 10
      const digits = BigInt(Math.trunc(number)).toString(base)
      const padded = digits.replace('-', '').padStart(precision ?? 1, '0')
      const cased = letter === 'X' ? padded.toUpperCase() : padded
      return digits.startsWith('-') ? `-${cased}` : cased
    }
    case 'f':
      return unusual(number) ?? number.toFixed(Math.min(precision ?? 6, 100))
    case 'e':
    case 'E': {
      const text = unusual(number) ?? exponential(number, precision ?? 6)
      return letter === 'E' ? text.toUpperCase() : text
    }
    case 'g':
    case 'G': {
      const text = general(number, precision ?? 6)
      return letter === 'G' ? text.toUpperCase() : text
    }
    default:
      return undefined
  }
}
