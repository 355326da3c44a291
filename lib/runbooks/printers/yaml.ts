import 'server-only'
import { goNumber, isMap, type Json } from './go-values'

/** Where a line is folded: at the first blank after this many characters. */
const WIDTH = 80
/** Longest key that stands on one line with its value, in bytes. */
const MAX_SIMPLE_KEY = 128

/**
 * A value as sigs.k8s.io/yaml writes it, and so kubectl: keys in natural order, lists at the margin of their key,
 * text plain where YAML 1.1 would read it as text again. Rules: go.yaml.in/yaml/v2, encode.go and emitterc.go. (The
 * `yaml` library chooses other quotes and folds elsewhere.)
 */
export function goYaml(value: Json): string {
  if (isMap(value) && Object.keys(value).length > 0) return mapping(value, 0, '')
  if (Array.isArray(value) && value.length > 0) return sequence(value, 0, '')
  return `${scalar(value, 0, 0)}\n`
}

/** The entries of a map at a margin. `lead` is what already stands on the first line, in place of the margin. */
function mapping(map: { [key: string]: Json }, indent: number, lead: string): string {
  return Object.keys(map)
    .sort(naturally)
    .map((key, index) => {
      const margin = index === 0 && lead !== '' ? lead : ' '.repeat(indent)
      const name = text(key, margin.length, indent, true)
      const value = map[key] as Json
      if (Buffer.byteLength(key) > MAX_SIMPLE_KEY)
        return `${margin}? ${text(key, margin.length + 2, indent + 2, false)}\n${node(value, indent, `${' '.repeat(indent)}:`)}`
      return node(value, indent, `${margin}${name}:`)
    })
    .join('')
}

/** What comes after a key and its colon. */
function node(value: Json, indent: number, before: string): string {
  if (isMap(value) && Object.keys(value).length > 0) return `${before}\n${mapping(value, indent + 2, '')}`
  if (Array.isArray(value) && value.length > 0) return `${before}\n${sequence(value, indent, '')}`
  return `${before} ${scalar(value, before.length + 1, indent + 2)}\n`
}

function sequence(list: readonly Json[], indent: number, lead: string): string {
  return list
    .map((item, index) => {
      const dash = `${index === 0 && lead !== '' ? lead : ' '.repeat(indent)}- `
      if (isMap(item) && Object.keys(item).length > 0) return mapping(item, indent + 2, dash)
      if (Array.isArray(item) && item.length > 0) return sequence(item, indent + 2, dash)
      return `${dash}${scalar(item, dash.length, indent + 2)}\n`
    })
    .join('')
}

function scalar(value: Json, column: number, indent: number): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return text(value, column, indent, false)
  if (typeof value === 'number') return goNumber(value)
  if (typeof value === 'boolean') return String(value)
  return Array.isArray(value) ? '[]' : '{}'
}

const BREAK = /[\n\r\u0085\u2028\u2029]/
// What YAML can show as it is; characters beyond 16 bits are escaped by this writer.
const PRINTABLE = /^[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/

/** Text as a scalar that begins at a column; further lines stand at `indent`. A key is never folded. */
function text(value: string, column: number, indent: number, key: boolean): string {
  const printable = PRINTABLE.test(value)
  const breakAfterBlank = / [\n\r\u0085\u2028\u2029]/.test(value)
  const blankAfterBreak = /[\n\r\u0085\u2028\u2029] /.test(value)
  if (value.includes('\n')) {
    const literal = printable && !breakAfterBlank && !value.endsWith(' ') && !key
    return literal ? block(value, indent) : double(value, column, indent, key)
  }
  if (!readsAsText(value)) return double(value, column, indent, key)
  if (isPlain(value, key) && printable && !breakAfterBlank && !blankAfterBreak)
    return folded(value, column, indent, key)
  if (!printable || breakAfterBlank || blankAfterBreak) return double(value, column, indent, key)
  return `'${folded(value.replaceAll("'", "''"), column + 1, indent, key, true)}'`
}

function isPlain(value: string, key: boolean): boolean {
  if (value === '') return !key
  if (/^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-](?:[ \t]|$))/.test(value)) return false
  if (/^ | $|:(?:[ \t]|$)|[ \t]#/.test(value)) return false
  return !BREAK.test(value)
}

/** Plain or single quoted text, with a line break in place of a blank where a line has grown too long. */
function folded(value: string, column: number, indent: number, key: boolean, quoted = false): string {
  if (key) return value
  let [out, at, blanks] = ['', column, false]
  const chars = Array.from(value)
  for (const [index, char] of chars.entries()) {
    // Separators of lines and paragraphs are line breaks to YAML, and what follows is set in.
    if (index > 0 && BREAK.test(chars[index - 1] as string) && !BREAK.test(char)) {
      out += ' '.repeat(indent)
      at = indent
    }
    const inside = !quoted || (index > 0 && index < chars.length - 1)
    if (char === ' ' && !blanks && at > WIDTH && inside && chars[index + 1] !== ' ') {
      out += `\n${' '.repeat(indent)}`
      at = indent
    } else {
      out += char
      at++
    }
    blanks = char === ' '
  }
  return out
}

/** A literal block: `|`, with what YAML needs to know of blanks at its start and newlines at its end. */
function block(value: string, indent: number): string {
  const start = /^[ \n]/.test(value) ? '2' : ''
  const end = !value.endsWith('\n') ? '-' : value === '\n' || value.endsWith('\n\n') ? '+' : ''
  const margin = ' '.repeat(indent)
  const lines = value.split('\n')
  if (value.endsWith('\n')) lines.pop()
  const body = lines.map((line) => (line === '' ? '' : margin + line)).join('\n')
  // A block that ends in newlines of its own already ends the line; so does one that ends in one.
  return `|${start}${end}\n${body}`
}

const NAMED: Record<string, string> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\u0085': 'N',
  '\u2028': 'L',
  '\u2029': 'P',
}

function double(value: string, column: number, indent: number, key: boolean): string {
  let [out, at, blanks] = ['"', column + 1, false]
  const chars = Array.from(value)
  for (const [index, char] of chars.entries()) {
    if (char === ' ' && !key && !blanks && at > WIDTH && index > 0 && index < chars.length - 1) {
      // A blank that follows would be lost at the start of a line.
      const slash = chars[index + 1] === ' ' ? '\\' : ''
      out += `\n${' '.repeat(indent)}${slash}`
      at = indent + slash.length
      blanks = true
      continue
    }
    const written =
      char === '"' || char === '\\' || BREAK.test(char) || !PRINTABLE.test(char) ? escaped(char) : char
    out += written
    at += written.length
    blanks = char === ' '
  }
  return `${out}"`
}

function escaped(char: string): string {
  if (Object.hasOwn(NAMED, char)) return `\\${NAMED[char]}`
  const code = char.codePointAt(0) as number
  const [letter, size] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8]
  return `\\${letter}${code
    .toString(16)
    .toUpperCase()
    .padStart(size as number, '0')}`
}

const WORDS = new Set(
  'y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF ~ null Null NULL .nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF'.split(
    ' ',
  ),
)

/** Whether YAML 1.1 reads this as text when it stands there without quotes. */
function readsAsText(value: string): boolean {
  if (value === '' || WORDS.has(value)) return false
  if (/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(value)) return false
  if (!/^[-+.\d]/.test(value)) return true
  if (/^\d{4}-/.test(value) && isTimestamp(value)) return false
  const bare = value.replaceAll('_', '')
  if (value[0] === '.') return !/^\.\d+(?:[eE][-+]?\d+)?$/.test(bare)
  return !(
    /^[-+]?(?:0[0-7]*|[1-9]\d*|0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+)$/.test(bare) ||
    /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(bare)
  )
}

function isTimestamp(value: string): boolean {
  const found =
    /^\d{4}-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?(?:Z|[-+]\d\d:\d\d))| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?)?$/.exec(
      value,
    )
  if (!found) return false
  const [month = 0, day = 0, ...time] = found.slice(1).map((part) => Number(part ?? 0))
  const [hour = 0, minute = 0, second = 0] = time.slice(0, 3).some((one) => one > 0) ? time : time.slice(3)
  const days = new Date(Date.UTC(Number(value.slice(0, 4)), month, 0)).getUTCDate()
  return month >= 1 && month <= 12 && day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60
}

const isLetter = (char: string) => /\p{L}/u.test(char)
const isDigit = (char: string) => /\p{Nd}/u.test(char)

/** The order of keys in yaml.v2: numbers inside by their value, letters after everything else. */
function naturally(one: string, two: string): number {
  const [a, b] = [Array.from(one), Array.from(two)]
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x, y] = [a[i] as string, b[i] as string]
    if (x === y) continue
    const [xLetter, yLetter] = [isLetter(x), isLetter(y)]
    if (xLetter && yLetter) return x < y ? -1 : 1
    if (xLetter || yLetter) return yLetter ? -1 : 1
    // A 0 inside a number does not begin one.
    let base = 0
    if (x === '0' || y === '0')
      for (let j = i - 1; j >= 0 && isDigit(a[j] as string); j--)
        if (a[j] !== '0') {
          base = 1
          break
        }
    const number = (chars: string[]): [number, number] => {
      let [value, at] = [base, i]
      for (; at < chars.length && isDigit(chars[at] as string); at++) value = value * 10 + Number(chars[at])
      return [value, at]
    }
    const [[xNumber, xEnd], [yNumber, yEnd]] = [number(a), number(b)]
    if (xNumber !== yNumber) return xNumber - yNumber
    if (xEnd !== yEnd) return xEnd - yEnd
    return x < y ? -1 : 1
  }
  return a.length - b.length
}
