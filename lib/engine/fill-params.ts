import 'server-only'
import { fail, ok, type Result } from '../core/result'
import type { InputSpec, Json } from '../operations/types'
import type { BoundStep } from '../runbooks/types'

const PLACEHOLDER = /<([A-Za-z][A-Za-z0-9_.-]*)>/g
const QUANTITY = /^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/

/** What is wrong with a value that a person typed, or undefined. */
function complaint(input: InputSpec, value: string): string | undefined {
  if (value === '') return input.required ? `${input.label} is missing.` : undefined
  if (value.length > 4_000) return `${input.label} is longer than 4,000 characters.`
  if (input.type === 'integer') {
    const number = Number(value)
    if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(number))
      return `${input.label} must be a whole number, not "${value.slice(0, 40)}".`
    if (input.min !== undefined && number < input.min) return `${input.label} must be at least ${input.min}.`
    if (input.max !== undefined && number > input.max) return `${input.label} must be at most ${input.max}.`
  }
  if (input.type === 'quantity' && !QUANTITY.test(value))
    return `${input.label} must be a quantity such as 500m, 1.5 or 2Gi.`
  if (input.type === 'choice' && !input.choices?.some((choice) => choice.value === value))
    return `${input.label} must be one of ${input.choices?.map((choice) => choice.value).join(', ')}.`
  // Control characters have no place in a parameter and would hide in a preview, as would those that turn the
  // direction of text or take no room.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value.replace(/[\n\t]/g, '')))
    return `${input.label} contains a control character.`
  return undefined
}

function substitute(value: Json, values: Map<string, string>): Json {
  if (typeof value === 'string')
    return value.replace(PLACEHOLDER, (whole, name: string) => values.get(name) ?? whole)
  if (Array.isArray(value)) return value.map((item) => substitute(item, values))
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substitute(item, values)]))
  return value
}

function setPath(target: { [key: string]: Json }, path: string[], value: Json): void {
  const [first = '', ...rest] = path
  if (rest.length === 0) {
    target[first] = value
    return
  }
  const next = target[first]
  const inner: { [key: string]: Json } =
    next && typeof next === 'object' && !Array.isArray(next) ? { ...next } : {}
  target[first] = inner
  setPath(inner, rest, value)
}

/**
 * A step's parameters with what a person filled in: `<name>` in any text is replaced as data (it never becomes a
 * word of a command), other inputs set the field they name. Absent values take the input's default.
 * Error: invalid_input, naming the field.
 */
export function fillParams(
  step: BoundStep,
  given: Record<string, string> = {},
): Result<{ [key: string]: Json }> {
  const known = new Set(step.inputs.map((input) => input.name))
  const stranger = Object.keys(given).find((name) => !known.has(name))
  if (stranger !== undefined)
    return fail('invalid_input', `This step has no field "${stranger.slice(0, 60)}".`)
  const text = JSON.stringify(step.params)
  const values = new Map<string, string>()
  const fields: [string, string][] = []
  for (const input of step.inputs) {
    if (input.type === 'secret') continue
    const value = (given[input.name] ?? input.default ?? '').trim()
    const wrong = complaint(input, value)
    if (wrong) return fail('invalid_input', wrong)
    if (text.includes(`<${input.name}>`)) values.set(input.name, value)
    else if (value !== '') fields.push([input.name, value])
  }
  const params = substitute(step.params, values) as { [key: string]: Json }
  for (const [name, value] of fields) {
    if (['__proto__', 'constructor', 'prototype'].some((word) => name.split('.').includes(word)))
      return fail('invalid_input', 'That field cannot be set.')
    setPath(params, name.split('.'), value)
  }
  return ok(params)
}
