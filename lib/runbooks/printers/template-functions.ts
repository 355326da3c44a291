import 'server-only'
import { goText, isMap, type Json } from './go-values'
import { CouldNotPrint } from './limits'

/** A value in a template; undefined is one that is not there. */
export type Value = Json | undefined

export interface TemplateFunction {
  /** Fewest arguments; one that a pipe hands over counts. */
  least: number
  most: number
  call(...given: Value[]): Value
}

export const fault = (what: string) => new CouldNotPrint(`The template does not fit the object: ${what}.`)

/** Whether a value counts as true: not zero, not empty, not absent. */
export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (isMap(value)) return Object.keys(value).length > 0
  return Boolean(value)
}

function kindOf(value: Value): 'bool' | 'string' | 'int' | 'float' | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  return typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'bool' : undefined
}

/** Whether a value equals one of several. Values of different kinds are an error, as in Go; what is absent is not. */
function equal(first: Value, ...others: Value[]): boolean {
  return others.some((other) => {
    const [absent, otherAbsent] = [
      first === undefined || first === null,
      other === undefined || other === null,
    ]
    if (absent || otherAbsent) return absent === otherAbsent
    const kind = kindOf(first)
    if (kind !== kindOf(other) || kind === undefined) throw fault('it compares values of different kinds')
    return first === other
  })
}

function less(a: Value, b: Value): boolean {
  const kind = kindOf(a)
  if (kind === undefined || kind === 'bool' || kind !== kindOf(b))
    throw fault('it orders values that have no order')
  return (a as number) < (b as number)
}

function indexed(value: Value, ...keys: Value[]): Value {
  return keys.reduce((from: Value, key): Value => {
    if (isMap(from)) {
      if (typeof key !== 'string') throw fault('a map has texts for keys')
      return Object.hasOwn(from, key) ? from[key] : undefined
    }
    if (!Array.isArray(from) && typeof from !== 'string')
      throw fault('index is given something that has no parts')
    const parts: readonly Json[] | Buffer = typeof from === 'string' ? Buffer.from(from) : from
    if (typeof key !== 'number' || !Number.isInteger(key)) throw fault('an array has whole numbers for keys')
    if (key < 0 || key >= parts.length) throw fault(`index out of range: ${key}`)
    return parts[key]
  }, value)
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (Array.isArray(value)) return value.length
  if (isMap(value)) return Object.keys(value).length
  throw fault('len is given something that has no length')
}

function exists(value: Value, ...keys: Value[]): boolean {
  let from = value
  for (const key of keys) {
    if (isMap(from) && typeof key === 'string') from = Object.hasOwn(from, key) ? from[key] : undefined
    else if (Array.isArray(from) && typeof key === 'number' && key >= 0 && key < from.length) from = from[key]
    else return false
  }
  return from !== undefined && from !== null
}

function decoded(value: Value): string {
  if (typeof value !== 'string') throw fault('base64decode takes a text')
  const bare = value.replace(/[\r\n]/g, '')
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(bare))
    throw fault('base64decode is given something that is no base64')
  return Buffer.from(bare, 'base64').toString('utf8')
}

/** Go's Sprint: a blank between two values of which neither is a text. */
function joined(values: readonly Value[]): string {
  return values
    .map((value, index) => {
      const apart = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string'
      return (apart ? ' ' : '') + goText(value)
    })
    .join('')
}

const TYPES = { bool: 'bool', string: 'string', int: 'int64', float: 'float64' }

/** What Go writes where a verb and a value do not fit: `%!d(string=x)`. */
function misfit(verb: string, value: Value): string {
  if (value === undefined || value === null) return `%!${verb}(<nil>)`
  // Go would name its type, which is another one for a number of the template than for one of the object.
  if (typeof value === 'number') throw fault(`printf's %${verb} takes no number`)
  return `%!${verb}(${TYPES[kindOf(value) ?? 'string']}=${goText(value)})`
}

const QUOTED: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
}

function quoted(text: string): string {
  const body = text.replace(/["\\\p{Cc}]/gu, (char) =>
    Object.hasOwn(QUOTED, char)
      ? (QUOTED[char] as string)
      : `\\${char < '\x80' ? 'x' : 'u00'}${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return `"${body}"`
}

function verbed(verb: string, value: Value): string {
  if (verb === 'v') return goText(value)
  if (Array.isArray(value)) return `[${value.map((one) => verbed(verb, one)).join(' ')}]`
  if (isMap(value))
    return `map[${Object.keys(value)
      .sort()
      .map((key) => `${verbed(verb, key)}:${verbed(verb, value[key])}`)
      .join(' ')}]`
  if (verb === 's' && typeof value === 'string') return value
  if (verb === 'q' && typeof value === 'string') return quoted(value)
  if (verb === 'd' && typeof value === 'number' && Number.isInteger(value)) return goText(value)
  if (verb === 't' && typeof value === 'boolean') return String(value)
  return misfit(verb, value)
}

const MAX_WIDTH = 1_000

/** printf with %s, %v, %d, %q, %t and %%, with a width and a dash before it. */
function formatted(format: Value, ...values: Value[]): string {
  if (typeof format !== 'string') throw fault('printf takes a text first')
  let next = 0
  const text = format.replace(/%(-?)(\d*)([\s\S]?)/gu, (whole, dash: string, width: string, verb: string) => {
    if (verb === '%' && whole === '%%') return '%'
    if (!'svdqt'.includes(verb) || verb === '' || Number(width) > MAX_WIDTH || width.startsWith('0'))
      throw fault(`printf's ${whole.slice(0, 20)} is not understood here`)
    if (next >= values.length) return `%!${verb}(MISSING)`
    const body = verbed(verb, values[next++])
    const blanks = ' '.repeat(Math.max(0, Number(width) - Array.from(body).length))
    return dash ? body + blanks : blanks + body
  })
  if (next >= values.length) return text
  const extra = values.slice(next).map((value) => {
    const kind = value === undefined || value === null ? undefined : (kindOf(value) ?? 'string')
    return kind ? `${TYPES[kind]}=${goText(value)}` : '<nil>'
  })
  return `${text}%!(EXTRA ${extra.join(', ')})`
}

const MANY = 100

/**
 * The functions of a template: those of text/template that print, compare and look up, and kubectl's exists and
 * base64decode. `and` and `or` stand here for their names only, since they do not look at all of their arguments.
 */
export const FUNCTIONS: Record<string, TemplateFunction> = {
  and: { least: 1, most: MANY, call: (...given) => given.find((one) => !isTrue(one)) ?? given.at(-1) },
  or: { least: 1, most: MANY, call: (...given) => given.find(isTrue) ?? given.at(-1) },
  not: { least: 1, most: 1, call: (value) => !isTrue(value) },
  eq: { least: 2, most: MANY, call: equal },
  ne: { least: 2, most: 2, call: (a, b) => !equal(a, b) },
  lt: { least: 2, most: 2, call: less },
  le: { least: 2, most: 2, call: (a, b) => less(a, b) || equal(a, b) },
  gt: { least: 2, most: 2, call: (a, b) => less(b, a) },
  ge: { least: 2, most: 2, call: (a, b) => !less(a, b) },
  index: { least: 1, most: MANY, call: indexed },
  len: { least: 1, most: 1, call: lengthOf },
  exists: { least: 1, most: MANY, call: exists },
  base64decode: { least: 1, most: 1, call: decoded },
  print: { least: 0, most: MANY, call: (...given) => joined(given) },
  println: { least: 0, most: MANY, call: (...given) => `${given.map((one) => goText(one)).join(' ')}\n` },
  printf: { least: 1, most: MANY, call: formatted },
}
