import { parse, parseAllDocuments } from 'yaml'

const CHARACTERS = 262_144
const DEEPEST = 100
/** What aliases may expand to ("billion laughs"). */
const ALIASES = 20

/**
 * Documents of a YAML text by a stranger as plain values, or why they are not read, in a sentence. Depth is bounded
 * before the parser sees it: nested keys (`? ? ? …`) take it time that grows with their square and more.
 */
export function yamlDocuments(text: string): { values: unknown[] } | { problem: string } {
  const bad = tooMuch(text)
  if (bad) return { problem: bad }
  try {
    const values: unknown[] = []
    for (const document of parseAllDocuments(text)) {
      const [problem] = document.errors
      if (problem) return { problem: `It is not valid YAML: ${problem.message.split('\n')[0]}` }
      values.push(document.toJS({ maxAliasCount: ALIASES }))
    }
    return { values }
  } catch (cause) {
    return {
      problem: `It could not be read: ${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}`,
    }
  }
}

/** One YAML or JSON value; undefined when it is neither, or too deep. */
export function yamlValue(text: string): unknown {
  if (tooMuch(text)) return undefined
  try {
    return parse(text, { maxAliasCount: ALIASES })
  } catch {
    return undefined
  }
}

function tooMuch(text: string): string | undefined {
  if (text.length > CHARACTERS) return `It is longer than ${CHARACTERS.toLocaleString('en')} characters.`
  let depth = 0
  let deepest = 0
  for (const char of text) {
    if (char === '[' || char === '{') deepest = Math.max(deepest, ++depth)
    else if (char === ']' || char === '}') depth -= 1
  }
  const stacked = /(?:[?:-][ \t]+){30}/.test(text)
  return deepest > DEEPEST || stacked ? 'It is nested too deeply.' : undefined
}
