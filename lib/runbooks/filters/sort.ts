import 'server-only'
import { joinLines, linesOf, type Stage, toOctets, upper } from './lines'
import { NotUnderstood, noFiles, readOptions } from './options'
import { compareHuman, compareNumeric, compareVersions } from './sort-order'

/** One -k: fields and characters count from 1; `toChar` 0 is the end of the field. */
interface Key {
  from: number
  fromChar: number
  to: number
  toChar: number
  blanksFrom: boolean
  blanksTo: boolean
  order: Order
}

interface Order {
  compare(a: string, b: string): number
  fold: boolean
  reverse: boolean
}

/** What GNU sort 9 takes besides, and is not done here. */
const OTHER_OPTIONS =
  'batch-size buffer-size check compress-program debug dictionary-order files0-from general-numeric-sort help ignore-nonprinting merge month-sort output parallel random-sort random-source sort temporary-directory version zero-terminated'.split(
    ' ',
  )

const byOctets = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** sort in the C locale: by the keys in turn, then by the whole line unless -s or -u. */
export function readSort(argv: readonly string[]): Stage {
  const { given, operands } = readOptions(argv.slice(1), {
    program: 'sort',
    switches: 'nrufbshV',
    values: 'kt',
    long: {
      'numeric-sort': 'n',
      reverse: 'r',
      unique: 'u',
      'ignore-case': 'f',
      'ignore-leading-blanks': 'b',
      stable: 's',
      'human-numeric-sort': 'h',
      'version-sort': 'V',
      key: 'k',
      'field-separator': 't',
    },
    others: OTHER_OPTIONS,
  })
  noFiles('sort', operands)
  const letters = given.map(([letter]) => letter).join('')
  const separator = readSeparator(given.flatMap(([letter, value]) => (letter === 't' ? [value] : [])))
  const global = letters.replace(/[kt]/g, '')
  const keys = given.flatMap(([letter, value]) => (letter === 'k' ? [readKey(value, global)] : []))
  if (keys.length === 0 && /[nfbhV]/.test(global)) keys.push(readKey('1', global))
  const reverse = letters.includes('r')
  const unique = letters.includes('u')
  const lastResort = !unique && !letters.includes('s')
  return (octets) => {
    const rows = linesOf(octets).map((line) => ({
      line,
      parts: keys.map((key) => {
        const part = extract(line, key, separator)
        return key.order.fold ? upper(part) : part
      }),
    }))
    const compareKeys = (a: (typeof rows)[number], b: (typeof rows)[number]) => {
      for (const [index, { order }] of keys.entries()) {
        const found = order.compare(a.parts[index] as string, b.parts[index] as string)
        if (found !== 0) return order.reverse ? -found : found
      }
      if (keys.length > 0 && !lastResort) return 0
      const found = byOctets(a.line, b.line)
      return reverse ? -found : found
    }
    rows.sort(compareKeys)
    const kept = unique
      ? rows.filter((row, index) => index === 0 || compareKeys(rows[index - 1] as typeof row, row) !== 0)
      : rows
    return joinLines(kept.map((row) => row.line))
  }
}

function readSeparator(given: readonly string[]): string | undefined {
  const [first, ...more] = new Set(given)
  if (first === undefined) return undefined
  const octets = toOctets(first)
  if (octets.length !== 1 || more.length > 0) throw new NotUnderstood('sort takes one separator of one byte.')
  return octets
}

/** `2`, `2,3`, `2n,2`, `1.3,1.5r`. A key without letters of its own takes the global ones. */
function readKey(text: string, global: string): Key {
  const found = /^(\d{1,6})(?:\.(\d{1,6}))?([a-zA-Z]*)(?:,(\d{1,6})(?:\.(\d{1,6}))?([a-zA-Z]*))?$/.exec(text)
  if (!found) throw new NotUnderstood(`sort does not take the key "${text.slice(0, 40)}".`)
  const [, from, fromChar = '1', start = '', to, toChar = '0', end = ''] = found
  const own = start + end
  if (/[^nrfbhV]/.test(own)) throw new NotUnderstood(`sort -k ${text.slice(0, 40)} is not understood here.`)
  if (from === '0' || fromChar === '0' || to === '0') throw new NotUnderstood('sort counts keys from 1.')
  const letters = own === '' ? global : own
  const inherited = own === '' && global.includes('b')
  return {
    from: Number(from),
    fromChar: Number(fromChar),
    to: to === undefined ? Number.POSITIVE_INFINITY : Number(to),
    toChar: Number(toChar),
    blanksFrom: start.includes('b') || inherited,
    blanksTo: end.includes('b') || inherited,
    order: readOrder(letters),
  }
}

function readOrder(letters: string): Order {
  const kinds = new Set(letters.replace(/[^nhV]/g, ''))
  if (kinds.size > 1) throw new NotUnderstood('sort cannot use two orders for one key.')
  const [kind] = kinds
  const compare = { n: compareNumeric, h: compareHuman, V: compareVersions }[kind ?? ''] ?? byOctets
  return { compare, fold: letters.includes('f'), reverse: letters.includes('r') }
}

const isBlank = (char: string | undefined) => char === ' ' || char === '\t'

function extract(line: string, key: Key, separator: string | undefined): string {
  let start = fieldStart(line, key.from - 1, separator)
  if (key.blanksFrom) start = afterBlanks(line, start)
  start = Math.min(line.length, start + key.fromChar - 1)
  return line.slice(start, Math.max(start, keyEnd(line, key, separator)))
}

function keyEnd(line: string, key: Key, separator: string | undefined): number {
  if (key.to === Number.POSITIVE_INFINITY) return line.length
  if (key.toChar === 0) return fieldEnd(line, key.to - 1, separator)
  let at = fieldStart(line, key.to - 1, separator)
  if (key.blanksTo) at = afterBlanks(line, at)
  return Math.min(line.length, at + key.toChar)
}

function afterBlanks(line: string, from: number): number {
  let at = from
  while (isBlank(line[at])) at++
  return at
}

/** Where field `index` (from 0) begins. Without a separator a field holds the blanks before it. */
function fieldStart(line: string, index: number, separator: string | undefined): number {
  let at = 0
  for (let n = 0; n < index && at < line.length; n++) {
    const end = fieldEndAt(line, at, separator)
    at = separator !== undefined && end < line.length ? end + 1 : end
  }
  return at
}

function fieldEnd(line: string, index: number, separator: string | undefined): number {
  return fieldEndAt(line, fieldStart(line, index, separator), separator)
}

function fieldEndAt(line: string, from: number, separator: string | undefined): number {
  if (separator !== undefined) {
    const end = line.indexOf(separator, from)
    return end < 0 ? line.length : end
  }
  let at = afterBlanks(line, from)
  while (at < line.length && !isBlank(line[at])) at++
  return at
}
