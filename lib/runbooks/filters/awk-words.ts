import 'server-only'
import { NotUnderstood } from './options'

/** A word of an awk program. `line` ends a statement, `end` the program. */
export interface AwkWord {
  kind: 'number' | 'string' | 'pattern' | 'name' | 'call' | 'mark' | 'line' | 'end'
  text: string
}

const MARKS = [
  '&&',
  '||',
  '++',
  '--',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '==',
  '!=',
  '<=',
  '>=',
  '!~',
  '>>',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  ',',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '!',
  '>',
  '<',
  '|',
  '?',
  ':',
  '~',
  '$',
  '=',
]

const ESCAPES: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  '/': '/',
}

/** A string's value; used for -v and -F too, where awk reads escapes as in a string. */
export function unescapeAwk(octets: string): string {
  return octets.replace(/\\([0-7]{1,3}|[\s\S]|$)/g, (_, after: string) => {
    if (/^[0-7]/.test(after)) return String.fromCharCode(Number.parseInt(after, 8) & 255)
    const known = Object.hasOwn(ESCAPES, after) ? ESCAPES[after] : undefined
    // An escaped dot in a string becomes an expression's escape in every awk.
    if (known === undefined && /^[.*+?()[\]{}|^$&]$/.test(after)) return `\\${after}`
    if (known === undefined) throw new NotUnderstood(`awk's \\${after} is not understood here.`)
    return known
  })
}

/** Whether a slash after this word divides; otherwise it opens a regular expression. */
function isOperand(word: AwkWord | undefined): boolean {
  if (!word) return false
  if (word.kind === 'mark') return [')', ']', '++', '--', '$'].includes(word.text)
  return word.kind === 'number' || word.kind === 'string' || word.kind === 'name'
}

/** The words of a program given as octets. Throws NotUnderstood for what is no awk. */
export function awkWords(program: string): AwkWord[] {
  const words: AwkWord[] = []
  let at = 0
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at
    const found = pattern.exec(program)?.[0]
    if (found) at += found.length
    return found
  }
  while (at < program.length) {
    if (take(/(?:[ \t]|\\\n|#[^\n]*)+/y)) continue
    if (take(/\n/y)) {
      words.push({ kind: 'line', text: '\n' })
      continue
    }
    const number = take(/(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y)
    const name = number ? undefined : take(/[A-Za-z_]\w*/y)
    if (number) words.push({ kind: 'number', text: number })
    else if (name) words.push({ kind: program[at] === '(' ? 'call' : 'name', text: name })
    else if (program[at] === '"') {
      const string = take(/"(?:[^"\\\n]|\\[\s\S])*"/y)
      if (!string) throw new NotUnderstood('The awk program has a string that is not closed.')
      words.push({ kind: 'string', text: unescapeAwk(string.slice(1, -1)) })
    } else if (program[at] === '/' && !isOperand(words.at(-1))) {
      const pattern = take(/\/(?:[^/\\\n[]|\\.|\[\^?\]?[^\]\n]*\])*\//y)
      if (!pattern) throw new NotUnderstood('The awk program has an expression that is not closed.')
      words.push({ kind: 'pattern', text: pattern.slice(1, -1) })
    } else {
      const mark = MARKS.find((one) => program.startsWith(one, at))
      if (!mark)
        throw new NotUnderstood(
          `The awk program has "${program.slice(at, at + 10)}", which is not understood here.`,
        )
      at += mark.length
      words.push({ kind: 'mark', text: mark })
    }
  }
  words.push({ kind: 'end', text: 'its end' })
  return words
}
