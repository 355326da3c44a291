import 'server-only'
import { CouldNotPrint, MAX_DEPTH } from './limits'

/** A value of a Kubernetes object as JSON has it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Whether a value is an object with keys: Go's map. */
export function isMap(value: unknown): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The keys of a map in the order in which Go prints them. */
export function keysOf(map: { [key: string]: Json }): string[] {
  return Object.keys(map).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

/** A value with the keys of its maps in order; values that JSON does not have are left out. */
export function inOrder(value: unknown, depth = 0): Json {
  if (depth > MAX_DEPTH) throw new CouldNotPrint(`The object is nested more than ${MAX_DEPTH} levels deep.`)
  if (Array.isArray(value)) return value.map((one) => inOrder(one, depth + 1))
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z')
  if (isMap(value)) {
    // Without a prototype, so that a key such as __proto__ stays a key.
    const sorted: { [key: string]: Json } = Object.create(null)
    for (const key of keysOf(value)) {
      const one: unknown = value[key]
      if (one !== undefined && typeof one !== 'function') sorted[key] = inOrder(one, depth + 1)
    }
    return sorted
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

const ESCAPED: Record<string, string> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/** JSON as Go's encoding/json writes it: keys in order, and <, > and & escaped. `indent` is the blanks of a level. */
export function goJson(value: Json, indent = 0): string {
  // Keys that look like numbers would come first in an object of JavaScript whatever the order they were put in.
  const write = (one: Json, margin: string): string => {
    if (typeof one !== 'object' || one === null) return JSON.stringify(one)
    const inner = margin + ' '.repeat(indent)
    const parts = Array.isArray(one)
      ? one.map((part) => write(part, inner))
      : keysOf(one).map(
          (key) => `${JSON.stringify(key)}:${indent > 0 ? ' ' : ''}${write(one[key] as Json, inner)}`,
        )
    const [open, close] = Array.isArray(one) ? '[]' : '{}'
    if (parts.length === 0 || indent === 0) return `${open}${parts.join(',')}${close}`
    return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${margin}${close}`
  }
  return write(value, '').replace(/[<>&\u2028\u2029]/g, (char) => ESCAPED[char] as string)
}

/** From here on a whole number does not fit Go's int64, and kubectl holds it as a float. */
const MAX_INTEGER = 2 ** 63

/**
 * A number as Go's strconv writes it with the verb g: with an exponent below 10^-4 and from 10^6 on. Whole numbers of a Kubernetes object are integers to kubectl and are written in full.
 */
export function goNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < MAX_INTEGER) return BigInt(value).toString()
  const [, digits = '', exponent = '0'] = /^-?([\d.]+)e([-+]\d+)$/.exec(value.toExponential()) ?? []
  const power = Number(exponent)
  if (power >= -4 && power < 6) return String(value)
  const size = String(Math.abs(power)).padStart(2, '0')
  return `${value < 0 ? '-' : ''}${digits}e${power < 0 ? '-' : '+'}${size}`
}

/** A value as Go's fmt prints it with %v: `map[a:1 b:[x y]]`, `<nil>`. */
export function goText(value: Json | undefined): string {
  if (value === null || value === undefined) return '<nil>'
  if (typeof value === 'string') return value
  if (typeof value === 'number') return goNumber(value)
  if (typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`
  return `map[${keysOf(value)
    .map((key) => `${key}:${goText(value[key])}`)
    .join(' ')}]`
}
