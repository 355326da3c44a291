import 'server-only'
import { fail, ok, type Result } from '../core/result'
import { operationById } from '../operations/catalogue'
import type { InputSpec, Json } from '../operations/types'
import type { Filter } from '../runbooks/command'
import { clockText } from '../runbooks/language/clock'
import type { BoundStep } from '../runbooks/types'

const PLACEHOLDER = /<([A-Za-z][A-Za-z0-9_.-]*)>/g
/** What a parameter may be that came out of a command or goes into a pipe: nothing there could be read as syntax. */
const PLAIN = /^[\w.:/-]+$/
/** A name as the API has them. */
const NAME = /^[A-Za-z0-9][\w.:-]*$/
/** As kubectl takes an object with its type: `pod/web-7d9f`, `volumes.longhorn.io/pvc-1`. */
const TYPE_AND_NAME = /^[A-Za-z][\w.-]*\/(?!\.{1,2}$)[\w.:-]+$/
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
  if (/^\.{1,2}$/.test(value)) return `${input.label} cannot be ${value}: as a name it means what is above.`
  if (input.typeAndName && !TYPE_AND_NAME.test(value))
    return `${input.label} must be TYPE/NAME, for example pod/${/^[\w.-]+$/.test(value) ? value.slice(0, 60) : 'web-7d9f'}.`
  if (input.oneWord && /\s/.test(value))
    return `${input.label} must be one word: the runbook does not put it into quotes.`
  // Control characters have no place in a parameter and would hide in a preview, as would those that turn the
  // direction of text or take no room.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value.replace(/[\n\t]/g, '')))
    return `${input.label} contains a control character.`
  return undefined
}

/**
 * A text with its placeholders filled in. Within a string of JSON a value stays that string: its quotes would end it,
 * and what follows would be read as more of the patch.
 */
function fillText(text: string, values: Map<string, string>): string {
  const json = /^\s*[{[]/.test(text)
  return text.replace(PLACEHOLDER, (whole, name: string, at: number) => {
    const value = values.get(name)
    if (value === undefined) return whole
    const quotes = json ? (text.slice(0, at).match(/(?<!\\)"/g) ?? []).length : 0
    return quotes % 2 === 1 ? JSON.stringify(value).slice(1, -1) : value
  })
}

function substitute(value: Json, values: Map<string, string>): Json {
  if (typeof value === 'string') return fillText(value, values)
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

/** Why a step cannot be sent whatever a person fills in, or undefined. */
function leftOpen(step: BoundStep): string | undefined {
  const open = step.parameters?.find(({ provenance }) => provenance.kind === 'unbound')
  return (
    open && `The runbook leaves "${open.spelling}" open, so it is not sent: write the name into the runbook.`
  )
}

/** What is wrong with the output of a command that is to be a value, or undefined. */
function oddOutput(value: string, what: string, line: number): string | undefined {
  if (value === '') return `${what} is what line ${line} prints, and it printed nothing.`
  return PLAIN.test(value) && value.length <= 253 && !/^\.{1,2}$/.test(value)
    ? undefined
    : `${what} is what line ${line} prints, and that is no single name.`
}

/** Values of the placeholders of a step: what a person typed, else what was captured, else the default. */
function valuesOf(
  step: BoundStep,
  given: Record<string, string>,
  captured: Record<string, string>,
  now: Date,
): Result<Map<string, string>> {
  const values = new Map<string, string>()
  for (const { name, provenance } of step.parameters ?? []) {
    if (provenance.kind !== 'captured' || (given[name] ?? '').trim() !== '') continue
    const value = captured[name]
    if (value === undefined)
      return fail(
        'invalid_input',
        `${name} is what line ${provenance.line} prints, and there is no output of it.`,
      )
    const odd = oddOutput(value.trim(), name, provenance.line)
    if (odd) return fail('invalid_input', odd)
    const input = step.inputs.find((one) => one.name === name)
    const wrong = input && complaint(input, value.trim())
    if (wrong) return fail('invalid_input', wrong)
    values.set(name, value.trim())
  }
  for (const input of step.inputs) {
    if (input.type === 'secret' || values.has(input.name)) continue
    const typed = (given[input.name] ?? input.default ?? '').trim()
    const value = typed === '' && input.clock ? clockText(input.clock, now) : typed
    const wrong = complaint(input, value)
    if (wrong) return fail('invalid_input', wrong)
    values.set(input.name, value)
  }
  return ok(values)
}

/** What takes the place of the inputs that were left empty, by their name: what was captured, or what the clock says. */
export function filledFor(
  step: BoundStep,
  given: Record<string, string>,
  captured: Record<string, string>,
  now: Date,
): Record<string, string> {
  const values = valuesOf(step, given, captured, now)
  if (!values.ok) return {}
  const left = step.inputs.filter(({ name }) => (given[name] ?? '').trim() === '')
  return Object.fromEntries(
    left.flatMap(({ name }) => {
      const value = values.value.get(name)
      return value ? [[name, value]] : []
    }),
  )
}

/** Whether a value would begin a word of a command with a dash, and so be read as a flag. */
function becomesFlag(params: Json, values: Map<string, string>): boolean {
  if (Array.isArray(params))
    return params.some((item) => {
      if (typeof item !== 'string') return becomesFlag(item, values)
      const [, name = ''] = /^<([A-Za-z][A-Za-z0-9_.-]*)>/.exec(item) ?? []
      return values.get(name)?.startsWith('-') ?? false
    })
  if (params && typeof params === 'object')
    return Object.values(params).some((item) => becomesFlag(item, values))
  return false
}

/**
 * A step's parameters with what a person filled in: `<name>` in any text is replaced as data (it never becomes a
 * word of a command), other inputs set the field they name. Absent values take the input's default; `captured` holds
 * what earlier steps printed. Error: invalid_input, naming the field.
 */
export function fillParams(
  step: BoundStep,
  given: Record<string, string> = {},
  captured: Record<string, string> = {},
  now = new Date(),
): Result<{ [key: string]: Json }> {
  const known = new Set(step.inputs.map((input) => input.name))
  const stranger = Object.keys(given).find((name) => !known.has(name))
  if (stranger !== undefined)
    return fail('invalid_input', `This step has no field "${stranger.slice(0, 60)}".`)
  const open = leftOpen(step)
  if (open) return fail('invalid_input', open)
  const values = valuesOf(step, given, captured, now)
  if (!values.ok) return values
  if (becomesFlag(step.params, values.value))
    return fail('invalid_input', 'A value cannot begin with a dash here: it would be read as a flag.')
  if (operationById(step.operation)?.namesOnly)
    for (const [name, value] of values.value)
      if (!NAME.test(value))
        return fail('invalid_input', `${name} must be one plain name: it becomes part of a path.`)
  const text = JSON.stringify(step.params)
  const named = new Set(step.parameters?.map(({ name }) => name))
  const params = substitute(step.params, values.value) as { [key: string]: Json }
  for (const [name, value] of values.value) {
    // A placeholder of the pipe alone is no field.
    if (value === '' || text.includes(`<${name}>`) || named.has(name)) continue
    if (['__proto__', 'constructor', 'prototype'].some((word) => name.split('.').includes(word)))
      return fail('invalid_input', 'That field cannot be set.')
    setPath(params, name.split('.'), value)
  }
  return ok(params)
}

/**
 * A step's filters with their placeholders filled in. Error (invalid_input): a value of anything but letters, digits
 * and `_ . : / -`, since in an expression it could mean more than itself.
 */
export function fillFilters(
  step: BoundStep,
  given: Record<string, string> = {},
  captured: Record<string, string> = {},
  now = new Date(),
): Result<Filter[]> {
  const { filters = [] } = step
  if (!filters.some(({ argv }) => argv.some((word) => word.search(PLACEHOLDER) >= 0))) return ok(filters)
  const values = valuesOf(step, given, captured, now)
  if (!values.ok) return values
  const words = filters.flatMap(({ argv }) => argv)
  for (const [name, value] of values.value)
    if (words.some((word) => word.includes(`<${name}>`)) && !PLAIN.test(value))
      return fail(
        'invalid_input',
        `${name} must be one plain word: it becomes part of what the pipe looks for.`,
      )
  return ok(
    filters.map(({ program, argv }) => ({ program, argv: substitute(argv, values.value) as string[] })),
  )
}
