/**
 * What a runbook leaves for a person to fill in, in all the spellings of the world, as one form: `<name>`. A shell
 * would read most of them as something else, so they pass its grammar in disguise and are whole or partial words of
 * an argv afterwards. Nothing is ever pasted into a command line.
 */

export interface Placeholder {
  /** Lower case, words joined by dashes: what `<name>` in an argv and the inputs of a step are called. */
  name: string
  /** As the runbook writes it: `${POD_NAME}`. */
  spelling: string
}

const OPEN = '\uE000'
const CLOSE = '\uE001'
const DISGUISED = /\uE000(\d+)\uE001/g

/** Characters that placeholders use to pass through the grammar; no text may hold them. */
export const RESERVED = /[\uE000\uE001]/

/** What kubectl prints in angle brackets by itself; people look for these words. */
const PRINTED = /^(none|nil|pending|unknown|unset|invalid|no value|not set|empty)$/i

const ANGLE = /<(\p{L}[^<>\n$`"\\;&(){}]{0,60})>/uy
const SINGLE_BRACES = /\{([A-Za-z][\w-]{0,60})\}/y
/** Several words in braces are nothing to a shell, unless a blank or a mark among them makes it a group. */
const WORDS_IN_BRACES = /\{([A-Za-z][\w-]{0,30}(?: [\w-]{1,30}){0,8})\}/y
const DOUBLE_BRACES = /\{\{[-<%]?[ \t]{0,4}[$.]{0,2}([A-Za-z][\w.-]{0,60})[ \t]{0,4}[->%]?\}\}/y
const BRACKETS = /\[([A-Za-z][A-Za-z0-9_ -]{1,60}[A-Za-z0-9])\](?=[\s;|&)"]|$)/y
const HERE_DOCUMENT = /<<(-?)[ \t]*(['"]?)([\w.-]+)\2/y
/** A word in which braces are a template of kubectl, or the flag before such a word. */
const TEMPLATE_WORD = /template|jsonpath|columns|go-?tmpl/
const TEMPLATE_FLAG = /^(-o|--output|--template|-w|--write-out|-t|--format)$/

/** Letters beyond the Latin ones, as a word that tells them apart: names are kept plain, people see the spelling. */
function foreign(letters: string): string {
  let hash = 0x811c9dc5
  for (const char of letters) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return `-u${(hash >>> 0).toString(16).padStart(8, '0')}-`
}

/** `POD_NAME`, `your pod name`, `.Values.pod`, `Größe` → `pod-name`, `your-pod-name`, `values.pod`, `grosse`. */
export function normalName(spelled: string): string {
  return spelled
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/([a-z])\p{M}+/gu, '$1')
    .normalize('NFC')
    .replace(/(?:(?![a-z])[\p{L}\p{M}])+/gu, foreign)
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.\d]+|[-.]+$/g, '')
}

/** The placeholders of one line, in order of appearance. */
export class Placeholders {
  readonly found: Placeholder[] = []

  /** A disguise for one placeholder; undefined when no name can be made of it. */
  add(name: string, spelling: string): string | undefined {
    const normal = normalName(name)
    if (normal === '') return undefined
    this.found.push({ name: normal, spelling })
    return `${OPEN}${this.found.length - 1}${CLOSE}`
  }

  /** A word with `<name>` for each disguise. */
  restore(text: string): string {
    if (!text.includes(OPEN)) return text
    return text.replace(DISGUISED, (_, index) => `<${this.found[Number(index)]?.name ?? ''}>`)
  }

  /** A text as it was written. */
  spelled(text: string): string {
    if (!text.includes(OPEN)) return text
    return text.replace(DISGUISED, (_, index) => this.found[Number(index)]?.spelling ?? '')
  }
}

type State = 'bare' | 'single' | 'double'

/** A line whose placeholders (all but `$X`, which the grammar finds) are in disguise. One pass, linear. */
export function disguise(text: string, placeholders: Placeholders): string {
  if (!/[<{[]/.test(text)) return text
  const out: string[] = []
  const stack: { state: State; tick: boolean }[] = [{ state: 'bare', tick: false }]
  const documents: { delimiter: string; tabs: boolean }[] = []
  let from = 0
  let wordAt = 0
  let before = ''
  let piped = false
  const put = (pattern: RegExp, at: number, accept: (inner: string) => boolean): number => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    const inner = match?.[1] ?? ''
    if (!match || !accept(inner)) return at
    const hidden = placeholders.add(inner, match[0])
    if (hidden === undefined) return at
    out.push(text.slice(from, at), hidden)
    from = at + match[0].length
    return from
  }
  const endWord = (at: number) => {
    if (at > wordAt) before = text.slice(wordAt, Math.min(at, wordAt + 20))
    wordAt = at + 1
  }
  let i = 0
  while (i < text.length) {
    const top = stack[stack.length - 1] ?? { state: 'bare', tick: false }
    const char = text[i] ?? ''
    const quoted = top.state !== 'bare'
    if (char === '\\' && top.state !== 'single') {
      i += 2
      continue
    }
    if (char === '<') {
      if (!quoted && text.startsWith('<<', i) && !text.startsWith('<<<', i)) {
        HERE_DOCUMENT.lastIndex = i
        const opened = HERE_DOCUMENT.exec(text)
        if (opened) documents.push({ delimiter: opened[3] ?? '', tabs: opened[1] === '-' })
        i += opened ? opened[0].length : 2
        continue
      }
      const next = text[i - 1] === '<' ? i : put(ANGLE, i, (inner) => isAngle(inner, quoted))
      i = next > i ? next : i + 1
      continue
    }
    if (top.state === 'single') {
      if (char === "'") stack.pop()
      i += 1
      continue
    }
    if (char === '{' && !/[$%@#]/.test(text[i - 1] ?? '')) {
      const template =
        TEMPLATE_WORD.test(text.slice(wordAt, Math.min(i, wordAt + 40))) || TEMPLATE_FLAG.test(before)
      const single = quoted ? SINGLE_BRACES : WORDS_IN_BRACES
      const next = template ? i : put(text[i + 1] === '{' ? DOUBLE_BRACES : single, i, () => true)
      i = next > i ? next : i + (text[i + 1] === '{' ? 2 : 1)
      continue
    }
    if (char === '[' && !quoted && !piped && isWordStart(text, i, wordAt)) {
      const next = put(BRACKETS, i, () => true)
      i = next > i ? next : i + 1
      continue
    }
    if (char === '"') {
      if (top.state === 'double') stack.pop()
      else stack.push({ state: 'double', tick: false })
    } else if (char === '$' && text[i + 1] === '(') {
      stack.push({ state: 'bare', tick: false })
      i += 1
      wordAt = i + 1
    } else if (char === '`') {
      if (top.tick && stack.length > 1) stack.pop()
      else stack.push({ state: 'bare', tick: true })
      wordAt = i + 1
    } else if (!quoted) {
      if (char === "'") stack.push({ state: 'single', tick: false })
      else if (char === '(') stack.push({ state: 'bare', tick: false })
      else if (char === ')' && stack.length > 1 && !top.tick) stack.pop()
      else if (char === '\n' && documents.length > 0) {
        i = hideInDocuments(text, i + 1, documents, (at, end) => {
          for (let k = text.indexOf('<', at); k >= 0 && k < end; k = text.indexOf('<', k + 1))
            put(ANGLE, k, (inner) => isAngle(inner, true))
        })
        endWord(i)
        continue
      }
      if (/\s/.test(char)) endWord(i)
      else if (/[|;&]/.test(char)) {
        endWord(i)
        piped = char === '|' && text[i + 1] !== '|' && text[i - 1] !== '|'
      }
      if (char === '\n') piped = false
    }
    i += 1
  }
  out.push(text.slice(from))
  return out.join('')
}

function isAngle(inner: string, quoted: boolean): boolean {
  if (PRINTED.test(inner) || /\s$|\s\d$/.test(inner)) return false
  // `a <b and c> d` in a query or a program compares.
  return !quoted || (/^[\w.@/: -]+$/.test(inner) && !/\s(and|or)\s/i.test(inner))
}

function isWordStart(text: string, at: number, wordAt: number): boolean {
  return at === wordAt || (text[at - 1] === '=' && text[wordAt] === '-')
}

/** Walks over the bodies of here-documents, which quotes mean nothing to; gives where the lines after them begin. */
function hideInDocuments(
  text: string,
  start: number,
  documents: { delimiter: string; tabs: boolean }[],
  hide: (from: number, to: number) => void,
): number {
  let at = start
  for (const { delimiter, tabs } of documents.splice(0)) {
    const body = at
    let line = ''
    do {
      const end = text.indexOf('\n', at)
      const stop = end < 0 ? text.length : end
      line = text.slice(at, stop)
      if (tabs) line = line.replace(/^\t+/, '')
      if (line === delimiter) hide(body, at)
      at = stop + 1
    } while (line !== delimiter && at <= text.length)
    if (line !== delimiter) hide(body, text.length)
  }
  return Math.min(at, text.length)
}
