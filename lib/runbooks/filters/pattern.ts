import 'server-only'
import { DIGIT, foldCase, octetsOfClass, SPACE, setOf, WORD } from './octet-sets'
import { NotUnderstood } from './options'

/**
 * `basic` and `extended` as GNU grep has them, `awk` as POSIX awk has it, `perl` as far as it asks for nothing that
 * only a backtracking matcher can do (no look-around, no back-references).
 */
export type Dialect = 'basic' | 'extended' | 'awk' | 'perl'

export type Assertion = '^' | '$' | 'b' | 'B' | '<' | '>' | 'not-word-before' | 'not-word-after'

/** A regular expression over octets; `set` has 256 entries of 0 or 1. */
export type Pattern =
  | { kind: 'empty' }
  | { kind: 'set'; set: Uint8Array }
  | { kind: 'assert'; what: Assertion }
  | { kind: 'cat' | 'or'; parts: Pattern[] }
  /** `lazy`: as few as possible, which changes what is matched but not whether. */
  | { kind: 'repeat'; part: Pattern; min: number; max: number; lazy?: boolean }
  /** Parentheses; `index` counts from 1 in the order in which they open, as \1 does. */
  | { kind: 'group'; part: Pattern; index: number }

const MAX_LENGTH = 1_000
const MAX_REPEAT = 255

/** The text itself, nothing in it being special. */
export function literalPattern(octets: string, ignoreCase: boolean): Pattern {
  const parts = Array.from(octets, (char): Pattern => {
    const set = new Uint8Array(256)
    set[char.charCodeAt(0)] = 1
    return { kind: 'set', set: ignoreCase ? foldCase(set) : set }
  })
  return { kind: 'cat', parts }
}

/**
 * Reads a POSIX expression with the GNU additions. `newlines` says whether a dot and a negated bracket also match a
 * newline, as they do in sed. Throws NotUnderstood with what is wrong or not supported.
 */
export function parsePattern(
  octets: string,
  dialect: Dialect,
  ignoreCase = false,
  newlines = false,
): Pattern {
  if (octets.length > MAX_LENGTH)
    throw new NotUnderstood(`The pattern is longer than ${MAX_LENGTH} characters.`)
  return new PatternReader(octets, dialect, ignoreCase, newlines).read()
}

class PatternReader {
  private at = 0
  private depth = 0
  private groups = 0

  constructor(
    private readonly text: string,
    private readonly dialect: Dialect,
    private readonly ignoreCase: boolean,
    private readonly newlines: boolean,
  ) {}

  read(): Pattern {
    const whole = this.alternatives()
    if (this.at < this.text.length) throw new NotUnderstood('The pattern closes a group it did not open.')
    return whole
  }

  private get basic() {
    return this.dialect === 'basic'
  }

  /** Whether an operator stands here: `|` in extended expressions, `\|` in basic ones. */
  private sees(operator: string, at = this.at): boolean {
    return this.text.startsWith(this.basic ? `\\${operator}` : operator, at)
  }

  private take(operator: string): boolean {
    if (!this.sees(operator)) return false
    this.at += this.basic ? 2 : 1
    return true
  }

  private alternatives(): Pattern {
    const parts = [this.branch()]
    while (this.take('|')) parts.push(this.branch())
    return parts.length === 1 ? (parts[0] as Pattern) : { kind: 'or', parts }
  }

  private branch(): Pattern {
    const parts: Pattern[] = []
    let first = true
    while (this.at < this.text.length && !this.sees('|') && !(this.sees(')') && this.closes())) {
      const atom = this.atom(first)
      // In a basic expression `^*` starts with an anchor and a plain star.
      first = this.basic && first && atom.kind === 'assert' && atom.what === '^'
      parts.push(first ? atom : this.repeated(atom))
    }
    return { kind: 'cat', parts }
  }

  private closes(): boolean {
    if (this.depth > 0) return true
    throw new NotUnderstood('The pattern closes a group it did not open.')
  }

  private repeated(atom: Pattern): Pattern {
    let part = atom
    for (;;) {
      const range = this.quantifier()
      if (!range) return part
      part = { kind: 'repeat', part, min: range[0], max: range[1] }
      if (this.dialect !== 'perl') continue
      const mark = /^[*+?{]/.exec(this.text.slice(this.at))?.[0]
      if (mark === '?') {
        this.at++
        part.lazy = true
      } else if (mark && mark !== '{') throw new NotUnderstood('The pattern has a possessive repetition.')
      return part
    }
  }

  private quantifier(): [number, number] | undefined {
    if (this.text[this.at] === '*') {
      this.at++
      return [0, Number.POSITIVE_INFINITY]
    }
    if (this.take('+')) return [1, Number.POSITIVE_INFINITY]
    if (this.take('?')) return [0, 1]
    if (!this.sees('{')) return undefined
    const rest = this.text.slice(this.at + (this.basic ? 2 : 1))
    const found = (this.basic ? /^(\d*)(?:(,)(\d*))?\\\}/ : /^(\d*)(?:(,)(\d*))?\}/).exec(rest)
    if (this.dialect === 'perl' && found?.[1] === '')
      throw new NotUnderstood('The pattern has braces that are no interval to all of its readers.')
    if (!found || (found[1] === '' && !found[2])) {
      if (this.dialect === 'extended' || this.dialect === 'perl') return undefined
      throw new NotUnderstood('The pattern has braces that are no interval.')
    }
    const min = Number(found[1] || 0)
    const max = found[2] ? (found[3] ? Number(found[3]) : Number.POSITIVE_INFINITY) : min
    if (min > max) throw new NotUnderstood('The pattern has an interval that ends before it begins.')
    if (min > MAX_REPEAT || (max > MAX_REPEAT && max !== Number.POSITIVE_INFINITY))
      throw new NotUnderstood(`The pattern repeats something more than ${MAX_REPEAT} times.`)
    this.at += (this.basic ? 2 : 1) + found[0].length
    return [min, max]
  }

  private atom(first: boolean): Pattern {
    const char = this.text[this.at] as string
    if (this.sees('(')) return this.group()
    if (char === '[') return { kind: 'set', set: this.bracket() }
    if (char === '\\') return this.escape()
    if (char === '^' && (first || !this.basic)) {
      this.at++
      if (!this.basic && /^[*+?{]/.test(this.text.slice(this.at)))
        throw new NotUnderstood('The pattern repeats an anchor.')
      return { kind: 'assert', what: '^' }
    }
    if (char === '$' && (!this.basic || this.endsBranch(this.at + 1))) {
      this.at++
      if (!this.basic && /^[*+?{]/.test(this.text.slice(this.at)))
        throw new NotUnderstood('The pattern repeats an anchor.')
      return { kind: 'assert', what: '$' }
    }
    if (char === '.') {
      this.at++
      return { kind: 'set', set: this.newlines ? setOf(/[\s\S]/) : setOf(/\n/, true) }
    }
    if (first && !this.basic && /[*+?{]/.test(char)) {
      // GNU grep takes a leading star as a repetition of nothing; others differ.
      if (this.dialect !== 'extended' || char === '{')
        throw new NotUnderstood('The pattern begins with a repetition.')
      return { kind: 'empty' }
    }
    this.at++
    return this.literal(char)
  }

  private endsBranch(at: number): boolean {
    return at >= this.text.length || this.sees('|', at) || this.sees(')', at)
  }

  private literal(char: string): Pattern {
    return (literalPattern(char, this.ignoreCase) as { parts: Pattern[] }).parts[0] as Pattern
  }

  private group(): Pattern {
    this.take('(')
    if (++this.depth > 50) throw new NotUnderstood('The pattern has more than 50 groups in each other.')
    if (this.dialect === 'perl' && this.text[this.at] === '?') {
      if (!this.text.startsWith('?:', this.at))
        throw new NotUnderstood('The pattern looks around itself, or names or changes a group (?…).')
      this.at += 2
      const plain = this.alternatives()
      if (!this.take(')')) throw new NotUnderstood('The pattern has a group that is not closed.')
      this.depth--
      return plain
    }
    const index = ++this.groups
    const inner = this.alternatives()
    if (!this.take(')')) throw new NotUnderstood('The pattern has a group that is not closed.')
    this.depth--
    return { kind: 'group', part: inner, index }
  }

  private escape(): Pattern {
    const char = this.text[this.at + 1]
    if (char === undefined) throw new NotUnderstood('The pattern ends in a backslash.')
    this.at += 2
    if (this.dialect === 'awk') {
      const control = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v' }[char]
      if (control) return this.literal(control)
    } else {
      if (char === 'w' || char === 'W')
        return { kind: 'set', set: char === 'w' ? WORD : setOf(this.newlines ? /\w/ : /[\w\n]/, true) }
      if (char === 's' || char === 'S')
        return { kind: 'set', set: char === 's' ? SPACE : setOf(/[ \t-\r]/, true) }
      if (char === 'b' || char === 'B') return { kind: 'assert', what: char }
      if (this.dialect === 'perl') return this.perlEscape(char)
      if (char === '<' || char === '>') return { kind: 'assert', what: char }
    }
    if (/[1-9]/.test(char)) throw new NotUnderstood('The pattern refers back to a group (\\1).')
    if (/[A-Za-z0-9`'<>]/.test(char))
      throw new NotUnderstood(`The pattern has \\${char}, which means different things to different tools.`)
    if (this.basic && '{}'.includes(char)) throw new NotUnderstood('The pattern repeats nothing.')
    return this.literal(char)
  }

  private perlEscape(char: string): Pattern {
    if (char === 'd' || char === 'D')
      return { kind: 'set', set: char === 'd' ? DIGIT : setOf(/[\d\n]/, true) }
    if (char === 'h') return { kind: 'set', set: setOf(/[ \t]/) }
    // What comes before \K is no part of the match: group 0 begins anew.
    if (char === 'K') return { kind: 'group', part: { kind: 'empty' }, index: 0 }
    const control = { t: '\t', r: '\r', f: '\f', e: '\x1b' }[char]
    if (control) return this.literal(control)
    if (/[1-9]/.test(char)) throw new NotUnderstood('The pattern refers back to a group (\\1).')
    if (/[A-Za-z0-9]/.test(char))
      throw new NotUnderstood(`The pattern has \\${char}, which is not understood here.`)
    return this.literal(char)
  }

  /** A bracket expression such as [^a-z[:digit:]_]. */
  private bracket(): Uint8Array {
    const set = new Uint8Array(256)
    const { text } = this
    const start = this.at
    this.at++
    const negated = text[this.at] === '^'
    if (negated) this.at++
    for (let first = true; first || text[this.at] !== ']'; first = false) {
      if (this.at >= text.length) throw new NotUnderstood('The pattern has a bracket that is not closed.')
      if (text.startsWith('[:', this.at)) {
        const end = text.indexOf(':]', this.at)
        const codes = end < 0 ? undefined : octetsOfClass(text.slice(this.at + 2, end))
        if (!codes) throw new NotUnderstood('The pattern names a character class that there is not.')
        for (const code of codes) set[code] = 1
        this.at = end + 2
        continue
      }
      const named =
        this.dialect === 'perl' ? /^\\([dws])/.exec(text.slice(this.at, this.at + 2))?.[1] : undefined
      if (named) {
        const members = named === 'd' ? DIGIT : named === 'w' ? WORD : SPACE
        for (const [code, member] of members.entries()) if (member) set[code] = 1
        this.at += 2
        if (text[this.at] === '-' && text[this.at + 1] !== ']')
          throw new NotUnderstood('The pattern has a range that begins with a class.')
        continue
      }
      const from = this.bracketOctet()
      let to = from
      if (text[this.at] === '-' && text[this.at + 1] !== ']' && this.at + 1 < text.length) {
        this.at++
        to = this.bracketOctet()
      }
      if (to < from) throw new NotUnderstood('The pattern has a range that ends before it begins.')
      set.fill(1, from, to + 1)
    }
    this.at++
    if (/^\[:.*:\]$/s.test(text.slice(start, this.at)))
      throw new NotUnderstood('A character class needs two pairs of brackets: [[:space:]].')
    if (this.ignoreCase) foldCase(set)
    return negated ? set.map((one, code) => (one === 0 && (this.newlines || code !== 10) ? 1 : 0)) : set
  }

  private bracketOctet(): number {
    const { text } = this
    if (text.startsWith('[.', this.at) || text.startsWith('[=', this.at))
      throw new NotUnderstood('The pattern names a collating element.')
    let char = text[this.at++] as string
    if (char === '\\' && (this.dialect === 'awk' || this.dialect === 'perl')) {
      const escaped = text[this.at++] ?? ''
      if (/[A-Za-z0-9]/.test(escaped) && !'nt'.includes(escaped))
        throw new NotUnderstood(`The pattern has \\${escaped} between brackets.`)
      char = { n: '\n', t: '\t' }[escaped] ?? escaped
    }
    return char.charCodeAt(0)
  }
}
