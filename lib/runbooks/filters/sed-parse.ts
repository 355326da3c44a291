import 'server-only'
import { Captures } from './captures'
import { Matcher } from './matcher'
import { NotUnderstood, wholeNumber } from './options'
import { type Pattern, parsePattern } from './pattern'

export type SedAddress =
  | { kind: 'line'; number: number }
  | { kind: 'last' }
  | { kind: 'match'; matcher: Matcher }
  /** `first~step` */
  | { kind: 'step'; first: number; step: number }
  /** `+N` as the second of two. */
  | { kind: 'more'; lines: number }

/** A piece of a replacement: text, or the number of the group that stands there (0 for the whole match). */
export type SedPiece = string | number

export interface SedSubstitution {
  matcher: Matcher
  /** Only where the replacement names a group. */
  captures: Captures | undefined
  pieces: SedPiece[]
  all: boolean
  /** The first match that is replaced, from 1. */
  nth: number
  print: boolean
}

export interface SedCommand {
  from?: SedAddress
  to?: SedAddress
  /** `!` after the addresses. */
  negated: boolean
  act:
    | { kind: 'print' }
    | { kind: 'delete' }
    | { kind: 'quit' }
    | { kind: 'number' }
    | { kind: 'substitute'; by: SedSubstitution }
    | { kind: 'block'; commands: SedCommand[] }
}

const CONTROL: Record<string, string> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' }
const MAX_DEPTH = 20

/**
 * Reads a sed script given as octets: the commands s, p, d, q, = and blocks, with addresses. Throws NotUnderstood for
 * every other command and for what would touch a file or start a program (r, w, e).
 */
export function parseSed(script: string, extended: boolean): SedCommand[] {
  return new SedReader(script, extended).read()
}

class SedReader {
  private at = 0

  constructor(
    private readonly text: string,
    private readonly extended: boolean,
  ) {}

  read(): SedCommand[] {
    const commands = this.commands(0)
    if (this.at < this.text.length) throw new NotUnderstood('sed closes a block it did not open.')
    return commands
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }

  private commands(depth: number): SedCommand[] {
    if (depth > MAX_DEPTH) throw new NotUnderstood(`sed has more than ${MAX_DEPTH} blocks in each other.`)
    const commands: SedCommand[] = []
    for (;;) {
      this.take(/[\s;]*/y)
      if (this.at >= this.text.length || this.text[this.at] === '}') return commands
      commands.push(this.command(depth))
    }
  }

  private command(depth: number): SedCommand {
    const from = this.address()
    let to: SedAddress | undefined
    this.take(/[ \t]*/y)
    if (from && this.take(/,[ \t]*/y)) {
      to = this.take(/\+/y) ? { kind: 'more', lines: this.count() } : this.address()
      if (!to || to.kind === 'step')
        throw new NotUnderstood('sed has a range whose end is not understood here.')
    }
    if (from?.kind === 'line' && from.number === 0 && to?.kind !== 'match')
      throw new NotUnderstood('sed counts lines from 1.')
    const negated = this.take(/[ \t]*!+[ \t]*/y) !== undefined
    this.take(/[ \t]*/y)
    const letter = this.text[this.at++] ?? ''
    const command = { ...(from ? { from } : {}), ...(to ? { to } : {}), negated }
    if (letter === '{') {
      const commands = this.commands(depth + 1)
      if (!this.take(/\}/y)) throw new NotUnderstood('sed has a block that is not closed.')
      this.ends()
      return { ...command, act: { kind: 'block', commands } }
    }
    if (letter === 's') return { ...command, act: { kind: 'substitute', by: this.substitution() } }
    const kind = ({ p: 'print', d: 'delete', q: 'quit', '=': 'number' } as const)[letter]
    if (!kind)
      throw new NotUnderstood(`sed's ${letter ? `"${letter}"` : 'missing command'} is not understood here.`)
    if (kind === 'quit' && to) throw new NotUnderstood('sed quits at one line, not at a range.')
    this.ends()
    return { ...command, act: { kind } }
  }

  /** A command ends at a semicolon, a brace, a comment or the end of its line. */
  private ends(): void {
    this.take(/[ \t]*/y)
    if (this.at < this.text.length && !/[;\n}]/.test(this.text[this.at] as string))
      throw new NotUnderstood(
        `sed has "${this.text.slice(this.at, this.at + 10)}" after a command, which is not understood here.`,
      )
  }

  private count(): number {
    return wholeNumber('sed', this.take(/\d+/y) ?? '')
  }

  private address(): SedAddress | undefined {
    if (this.take(/\$/y)) return { kind: 'last' }
    if (/\d/.test(this.text[this.at] ?? '')) {
      const number = this.count()
      return this.take(/~/y) ? { kind: 'step', first: number, step: this.count() } : { kind: 'line', number }
    }
    if (!this.take(/\/|\\(?=[^\n\\])/y)) return undefined
    const delimiter = this.text[this.at - 1] === '/' ? '/' : (this.text[this.at++] as string)
    const written = this.until(delimiter, true)
    const ignoreCase = this.take(/I/y) !== undefined
    return { kind: 'match', matcher: new Matcher(this.pattern(written, ignoreCase)) }
  }

  /** The text up to the next delimiter; one behind a backslash stands for itself. */
  private until(delimiter: string, expression: boolean): string {
    let text = ''
    while (this.at < this.text.length) {
      const char = this.text[this.at++] as string
      if (char === delimiter) return text
      if (char === '\n' && expression) break
      if (char !== '\\') text += char
      else {
        const escaped = this.text[this.at++] ?? ''
        if (escaped !== delimiter) text += char + escaped
        // Whether such a character keeps its special meaning differs between versions of sed.
        else if (delimiter !== '/' && /[.*[\]^$+?(){}|&\w]/.test(delimiter))
          throw new NotUnderstood(
            `sed has \\${delimiter} between ${delimiter}, which means different things.`,
          )
        else text += escaped
      }
    }
    throw new NotUnderstood('sed has an expression that is not closed.')
  }

  private pattern(written: string, ignoreCase: boolean): Pattern {
    if (written === '') throw new NotUnderstood("sed's empty expression stands for an earlier one.")
    // sed itself reads these escapes, between brackets too, before the expression is read.
    const octets = written.replace(/\\([\s\S])/g, (whole, letter: string) =>
      Object.hasOwn(CONTROL, letter) ? (CONTROL[letter] as string) : whole,
    )
    return parsePattern(octets, this.extended ? 'extended' : 'basic', ignoreCase, true)
  }

  private substitution(): SedSubstitution {
    const delimiter = this.text[this.at++] ?? ''
    if (delimiter === '' || delimiter === '\n' || delimiter === '\\')
      throw new NotUnderstood('sed has an s without its delimiters.')
    const written = this.until(delimiter, true)
    const replacement = this.until(delimiter, false)
    const flags = this.take(/[A-Za-z0-9]*/y) ?? ''
    const found = /^(?:g|p|i|I|[1-9]\d{0,8}(?!\d))*$/.test(flags)
    if (!found) throw new NotUnderstood(`sed s///${flags.slice(0, 20)} is not understood here.`)
    const numbers = flags.match(/\d+/g) ?? []
    if (numbers.length > 1 || /g.*g|p.*p/.test(flags)) throw new NotUnderstood('sed has a flag of s twice.')
    this.ends()
    const pattern = this.pattern(written, /i/i.test(flags))
    const pieces = readReplacement(replacement)
    const most = Math.max(0, ...pieces.map((piece) => (typeof piece === 'number' ? piece : 0)))
    if (most > groupsIn(pattern)) throw new NotUnderstood(`sed has no group \\${most} to put in place.`)
    return {
      matcher: new Matcher(pattern),
      captures: most > 0 ? new Captures(pattern) : undefined,
      pieces,
      all: flags.includes('g'),
      nth: Number(numbers[0] ?? 1),
      print: flags.includes('p'),
    }
  }
}

function readReplacement(written: string): SedPiece[] {
  const pieces: SedPiece[] = []
  for (const [part] of written.matchAll(/\\[\s\S]|&|[^\\&]+|\\$/g)) {
    const after = part[1] ?? ''
    if (part === '&') pieces.push(0)
    else if (part[0] !== '\\') pieces.push(part)
    else if (/\d/.test(after)) pieces.push(Number(after))
    else if (Object.hasOwn(CONTROL, after)) pieces.push(CONTROL[after] as string)
    else if (after === '' || /[A-Za-z]/.test(after))
      throw new NotUnderstood(`sed's \\${after} in a replacement is not understood here.`)
    else pieces.push(after)
  }
  return pieces
}

function groupsIn(pattern: Pattern): number {
  if (pattern.kind === 'group') return Math.max(pattern.index, groupsIn(pattern.part))
  if (pattern.kind === 'repeat') return groupsIn(pattern.part)
  return pattern.kind === 'cat' || pattern.kind === 'or' ? Math.max(0, ...pattern.parts.map(groupsIn)) : 0
}
