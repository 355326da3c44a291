import 'server-only'

interface Decimal {
  negative: boolean
  whole: string
  fraction: string
  zero: boolean
  /** What follows the digits. */
  rest: string
}

/** A leading decimal number of any length; text without one is 0. */
function readDecimal(text: string): Decimal {
  const [all = '', minus = '', digits = '', decimals = ''] = /^[ \t]*(-?)(\d*)(?:\.(\d*))?/.exec(text) ?? []
  const whole = digits.replace(/^0+/, '')
  const fraction = decimals.replace(/0+$/, '')
  return {
    negative: minus === '-',
    whole,
    fraction,
    zero: whole === '' && fraction === '',
    rest: text.slice(all.length),
  }
}

function compareSize(a: Decimal, b: Decimal): number {
  if (a.whole.length !== b.whole.length) return a.whole.length - b.whole.length
  if (a.whole !== b.whole) return a.whole < b.whole ? -1 : 1
  return a.fraction === b.fraction ? 0 : a.fraction < b.fraction ? -1 : 1
}

const signOf = (one: Decimal) => (one.zero ? 0 : one.negative ? -1 : 1)

/** `sort -n`: by the number at the beginning; text without one counts as 0. */
export function compareNumeric(a: string, b: string): number {
  const [one, two] = [readDecimal(a), readDecimal(b)]
  const sign = signOf(one)
  if (sign !== signOf(two)) return sign - signOf(two)
  return sign < 0 ? compareSize(two, one) : compareSize(one, two)
}

const UNITS = 'KMGTPEZY'

/** The power of a suffix such as K or Mi; `k` is taken for K. Only a number that is not 0 has one. */
function power(one: Decimal): number {
  const letter = one.rest[0] === 'k' ? 'K' : one.rest[0]
  return one.zero || !letter ? 0 : UNITS.indexOf(letter) + 1
}

/** `sort -h`: by sign, then by the suffix, then by the number before it: 900M before 1G. */
export function compareHuman(a: string, b: string): number {
  const [one, two] = [readDecimal(a), readDecimal(b)]
  const sign = signOf(one)
  if (sign !== signOf(two)) return sign - signOf(two)
  const bySuffix = power(one) - power(two)
  const found = bySuffix !== 0 ? bySuffix : compareSize(one, two)
  return sign < 0 ? -found : found
}

/** `sort -V`: runs of digits by value, `~` before everything, letters before other characters. */
export function compareVersions(a: string, b: string): number {
  if (a === b) return 0
  const special = ['', '.', '..']
    .map((name) => Number(b === name) - Number(a === name))
    .find((one) => one !== 0)
  if (special !== undefined) return special
  if (a.startsWith('.') !== b.startsWith('.')) return a.startsWith('.') ? -1 : 1
  const found = byRuns(withoutEnding(a), withoutEnding(b))
  return found !== 0 ? found : byRuns(a, b)
}

/** File endings such as `.tar.gz` come last. */
function withoutEnding(name: string): string {
  return name.replace(/(?:\.[A-Za-z~][A-Za-z0-9~]*)+$/, (ending, at: number) => (at === 0 ? ending : ''))
}

function rank(char: string | undefined): number {
  if (char === undefined || /\d/.test(char)) return 0
  if (/[A-Za-z]/.test(char)) return char.charCodeAt(0)
  return char === '~' ? -1 : char.charCodeAt(0) + 256
}

function byRuns(a: string, b: string): number {
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    while ((i < a.length && !/\d/.test(a[i] as string)) || (j < b.length && !/\d/.test(b[j] as string))) {
      const found = rank(a[i]) - rank(b[j])
      if (found !== 0) return found
      i++
      j++
    }
    const [one = ''] = /^\d*/.exec(a.slice(i)) ?? []
    const [two = ''] = /^\d*/.exec(b.slice(j)) ?? []
    const [left, right] = [one.replace(/^0+/, ''), two.replace(/^0+/, '')]
    if (left.length !== right.length) return left.length - right.length
    if (left !== right) return left < right ? -1 : 1
    i += one.length
    j += two.length
  }
  return 0
}
