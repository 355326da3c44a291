import 'server-only'
import { NotUnderstood } from './options'

/** One step of a path: a key, a place in a list, or everything inside (`[]`). */
export type PathStep = { key: string } | { index: number } | { all: true }

/** What stands between two `|` of an expression. */
export type Part =
  | { type: 'path'; steps: PathStep[] }
  | { type: 'keys' }
  | { type: 'length' }
  | { type: 'select'; path: PathStep[]; test: { is: '==' | '!='; value: string; null: boolean } | undefined }
  | { type: 'select-has'; path: PathStep[]; key: string }

const MAX_EXPRESSION = 2_000
const KEY = /^[A-Za-z_][A-Za-z0-9_-]*/
const STRING = /^"([^"\\]*)"/

/**
 * An expression of yq (mikefarah's, version 4) as far as it is understood: paths, `keys`, `length`, `select` with a
 * path, `==`, `!=` or `has`, and `|` between them. Throws NotUnderstood for everything else.
 */
export function readExpression(text: string): Part[] {
  if (text.length > MAX_EXPRESSION)
    throw new NotUnderstood(`The yq expression is longer than ${MAX_EXPRESSION} characters.`)
  return splitPipes(text).map((part) => readPart(part.trim()))
}

/** At the `|` that stand in no string and no parentheses. */
function splitPipes(text: string): string[] {
  const parts: string[] = ['']
  let quoted = false
  let depth = 0
  for (const character of text) {
    if (character === '"') quoted = !quoted
    if (!quoted && character === '(') depth++
    if (!quoted && character === ')') depth--
    if (character === '|' && !quoted && depth === 0) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts
}

function readPart(text: string): Part {
  if (text === 'keys' || text === 'length') return { type: text }
  const inner = /^select\(([\s\S]*)\)$/.exec(text)?.[1]?.trim()
  return inner === undefined ? { type: 'path', steps: wholePath(text) } : readSelect(inner)
}

function readSelect(text: string): Part {
  const has = /^(?:([\s\S]*?)\s*\|\s*)?has\(\s*"([^"\\]*)"\s*\)$/.exec(text)
  if (has) return { type: 'select-has', path: has[1] ? single(wholePath(has[1])) : [], key: has[2] ?? '' }
  const [steps, rest] = readPath(text)
  const after = rest.trim()
  if (after === '') return { type: 'select', path: single(steps), test: undefined }
  const test = /^(==|!=)\s*(?:"([^"\\]*)"|(true|false|null|-?(?:0|[1-9]\d{0,14})))$/.exec(after)
  if (!test) throw unknown(text)
  const [, is, string, word] = test
  const value = string ?? word ?? ''
  // In a string those stand for any letters.
  if (/[*?]/.test(value)) throw unknown(text)
  return {
    type: 'select',
    path: single(steps),
    test: { is: is as '==' | '!=', value, null: word === 'null' },
  }
}

/** Of several values a condition would be asked for each of them. */
function single(steps: PathStep[]): PathStep[] {
  if (steps.some((one) => 'all' in one))
    throw new NotUnderstood('yq select of a path with [] is not understood here.')
  return steps
}

function wholePath(text: string): PathStep[] {
  const [steps, rest] = readPath(text.trim())
  if (rest !== '') throw unknown(text)
  return steps
}

/** The path that a text begins with, and what follows it. */
function readPath(text: string): [PathStep[], rest: string] {
  if (!text.startsWith('.')) throw unknown(text)
  const steps: PathStep[] = []
  let rest = text
  while (rest !== '') {
    const before = rest
    const dotted = rest.startsWith('.')
    const at = dotted ? rest.slice(1) : rest
    const key = dotted ? (KEY.exec(at) ?? STRING.exec(at)) : null
    const bracket = /^\[(?:(-?\d{1,6})|"([^"\\]*)"|)\]/.exec(at)
    if (key) {
      steps.push({ key: key[1] ?? key[0] })
      rest = at.slice(key[0].length)
    } else if (bracket) {
      const [whole, index, name] = bracket
      steps.push(
        index !== undefined ? { index: Number(index) } : name !== undefined ? { key: name } : { all: true },
      )
      rest = at.slice(whole.length)
    } else if (dotted && steps.length === 0 && before === text && !/^[\w"[.]/.test(at)) return [[], at]
    else break
  }
  if (/^[\w."?*[-]/.test(rest)) throw unknown(text)
  if (steps.some((one) => 'key' in one && (/[*?]/.test(one.key) || one.key === ''))) throw unknown(text)
  return [steps, rest]
}

function unknown(text: string): NotUnderstood {
  return new NotUnderstood(`yq's "${text.trim().slice(0, 60)}" is not understood here.`)
}
