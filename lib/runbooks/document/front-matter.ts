import { parse as parseToml } from 'smol-toml'
import { parse as parseYaml } from 'yaml'

/** Largest front matter that is read: comparing the keys of a map takes time with their square. */
const MAX_CHARACTERS = 16 << 10
/** How deep brackets may stand in each other; parsers recurse. */
const MAX_DEPTH = 100

export interface FrontMatter {
  frontMatter: Record<string, unknown>
  frontMatterError?: string
  /** How many lines of the file it takes. */
  lines: number
}

const NONE: FrontMatter = { frontMatter: {}, lines: 0 }

/**
 * Front matter at the very start of a document: YAML between `---`, TOML between `+++`, or one JSON object. What
 * does not end is not front matter; what ends and does not parse is told and left out.
 */
export function readFrontMatter(lines: readonly string[]): FrontMatter {
  const first = (lines[0] ?? '').trimEnd()
  if (first === '---') return fenced(lines, /^(?:---|\.\.\.)[ \t]*$/, 'YAML', yaml)
  if (first === '+++') return fenced(lines, /^\+\+\+[ \t]*$/, 'TOML', parseToml)
  if (/^\{(?![{%<])/.test(first)) return json(lines)
  return NONE
}

function fenced(
  lines: readonly string[],
  end: RegExp,
  name: string,
  parse: (text: string) => unknown,
): FrontMatter {
  const close = lines.findIndex((line, index) => index > 0 && end.test(line))
  return close < 0 ? NONE : { ...read(lines.slice(1, close).join('\n'), name, parse), lines: close + 1 }
}

/** maxAliasCount bounds what aliases may expand to ("billion laughs"). */
function yaml(text: string): unknown {
  return parseYaml(text, { maxAliasCount: 20 })
}

/** The object ends with the line on which its braces balance; Hugo wants it to start on the first one. */
function json(lines: readonly string[]): FrontMatter {
  let depth = 0
  let quoted = false
  let length = 0
  for (let index = 0; index < lines.length && length <= MAX_CHARACTERS; index++) {
    const line = lines[index] ?? ''
    length += line.length + 1
    for (let at = 0; at < line.length; at++) {
      const char = line[at]
      if (quoted && char === '\\') at++
      else if (char === '"') quoted = !quoted
      else if (!quoted && char === '{') depth++
      else if (!quoted && char === '}') depth--
    }
    if (depth === 0)
      return { ...read(lines.slice(0, index + 1).join('\n'), 'JSON', JSON.parse), lines: index + 1 }
  }
  return NONE
}

function read(
  text: string,
  name: string,
  parse: (text: string) => unknown,
): Pick<FrontMatter, 'frontMatter' | 'frontMatterError'> {
  const error = (message: string) => ({ frontMatter: {}, frontMatterError: message })
  if (text.length > MAX_CHARACTERS)
    return error(`The front matter is longer than ${MAX_CHARACTERS >> 10} KiB.`)
  if (depthOf(text) > MAX_DEPTH)
    return error(`The front matter is not valid ${name}: it is nested too deeply.`)
  try {
    const value = parse(text)
    if (value === null || value === undefined) return { frontMatter: {} }
    return typeof value === 'object' && !Array.isArray(value)
      ? { frontMatter: value as Record<string, unknown> }
      : error('The front matter is no map of names.')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    return error(`The front matter is not valid ${name}: ${why}`)
  }
}

/** Deepest nesting by brackets, by `- - -` of one line, or by indentation. */
function depthOf(text: string): number {
  let deepest = 0
  let depth = 0
  for (const char of text) {
    if (char === '[' || char === '{') deepest = Math.max(deepest, ++depth)
    else if (char === ']' || char === '}') depth--
  }
  for (const line of text.split('\n')) {
    const marks = /^[ \t]*(?:[-?][ \t]+)*/.exec(line)?.[0].length ?? 0
    deepest = Math.max(deepest, marks / 2)
  }
  return deepest
}
