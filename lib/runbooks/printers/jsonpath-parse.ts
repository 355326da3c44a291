import 'server-only'
import { MAX_TEMPLATE, NotPrintable } from './limits'

/** One of the three numbers of `[from:to:step]`. `derived`: not written, since `[2]` means `[2:3]`. */
export interface SliceEnd {
  known: boolean
  value: number
  derived: boolean
}

export type PathNode =
  | { type: 'list'; nodes: PathNode[] }
  | { type: 'text'; text: string }
  | { type: 'field'; name: string }
  | { type: 'array'; ends: [SliceEnd, SliceEnd, SliceEnd] }
  | { type: 'filter'; left: PathNode[]; right: PathNode[]; operator: string }
  | { type: 'number'; value: number; float: boolean }
  | { type: 'bool'; value: boolean }
  | { type: 'wildcard' }
  | { type: 'recursive' }
  | { type: 'union'; lists: PathNode[][] }
  | { type: 'word'; word: 'range' | 'end' }

/** Unions and filters stand inside each other. */
const MAX_NESTED = 20

/**
 * Reads a template of Kubernetes' own kind of JSONPath, after k8s.io/client-go/util/jsonpath/parser.go. Throws
 * NotPrintable with what is wrong, where kubectl would refuse it too.
 */
export function parseJsonPath(template: string): PathNode[] {
  if (template.length > MAX_TEMPLATE)
    throw new NotPrintable(`The jsonpath is longer than ${MAX_TEMPLATE} characters.`)
  return new PathReader(template, 0).read()
}

const wrong = (what: string) => new NotPrintable(`The jsonpath has ${what}.`)
const isTerminator = (char: string) => char === '' || /[ \t\r\n.,[\]$@{}]/.test(char)

class PathReader {
  private at = 0
  private nodes: PathNode[] = []

  constructor(
    private readonly text: string,
    private readonly depth: number,
  ) {
    if (depth > MAX_NESTED) throw wrong(`more than ${MAX_NESTED} filters in each other`)
  }

  read(): PathNode[] {
    const root: PathNode[] = []
    while (this.at < this.text.length) {
      const open = this.text.indexOf('{', this.at)
      const text = this.text.slice(this.at, open < 0 ? undefined : open)
      if (text !== '') root.push({ type: 'text', text })
      if (open < 0) break
      this.at = open + 1
      this.nodes = []
      root.push({ type: 'list', nodes: this.nodes })
      while (!this.takes('}')) this.inside()
    }
    return root
  }

  /** What stands between braces in another place: an index of a union, a side of a filter. */
  private nested(text: string): PathNode[] {
    const [first] = new PathReader(`{${text}}`, this.depth + 1).read()
    return first?.type === 'list' ? first.nodes : []
  }

  private takes(mark: string): boolean {
    if (!this.text.startsWith(mark, this.at)) return false
    this.at += mark.length
    return true
  }

  private inside(): void {
    if (this.takes('[?(')) this.filter()
    else if (this.takes('..')) this.recursive()
    else {
      const char = this.text[this.at++] ?? ''
      if (char === '' || char === '\n' || char === '\r') throw wrong('a brace that is not closed')
      if (char === ' ' || char === '@' || char === '$') return
      if (char === '[') this.array()
      else if (char === '"' || char === "'") this.quoted(char)
      else if (char === '.') this.field()
      else if (/[-+\p{Nd}]/u.test(char)) this.number()
      else if (/[\p{L}_]/u.test(char)) this.word()
      else throw wrong(`"${char}" at a place where it means nothing`)
    }
  }

  private recursive(): void {
    if (this.nodes.at(-1)?.type === 'recursive') throw wrong('two recursive descents (..) beside each other')
    this.nodes.push({ type: 'recursive' })
    if (/[\p{L}\p{Nd}_]/u.test(this.text[this.at] ?? '')) this.field()
  }

  private field(): void {
    const start = this.at
    while (!isTerminator(this.text[this.at] ?? '')) this.at += this.text[this.at] === '\\' ? 2 : 1
    const name = this.text.slice(start, this.at)
    this.nodes.push(name === '*' ? { type: 'wildcard' } : { type: 'field', name: name.replaceAll('\\', '') })
  }

  private word(): void {
    const start = --this.at
    while (!isTerminator(this.text[this.at] ?? '')) this.at++
    const word = this.text.slice(start, this.at)
    if (word === 'true' || word === 'false') this.nodes.push({ type: 'bool', value: word === 'true' })
    else if (word === 'range' || word === 'end') this.nodes.push({ type: 'word', word })
    else throw wrong(`the word "${word.slice(0, 40)}", which is none of range and end`)
  }

  private number(): void {
    const start = this.at - 1
    while (/[.\p{Nd}]/u.test(this.text[this.at] ?? '')) this.at++
    const text = this.text.slice(start, this.at)
    if (!/^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(text)) throw wrong(`"${text}", which is no number`)
    this.nodes.push({ type: 'number', value: Number(text), float: text.includes('.') })
  }

  private quoted(quote: string): void {
    const start = this.at
    for (;;) {
      const char = this.text[this.at++] ?? ''
      if (char === '' || char === '\n') throw wrong('a text that is not closed')
      if (char === quote && this.text[this.at - 2] !== '\\') break
    }
    this.nodes.push({ type: 'text', text: unquote(this.text.slice(start, this.at - 1), quote) })
  }

  private array(): void {
    const end = this.text.indexOf(']', this.at)
    const text = this.text.slice(this.at, end)
    if (end < 0 || text.includes('\n')) throw wrong('an index that is not closed')
    this.at = end + 1
    if (text.includes(',')) {
      const lists = text.split(',').map((one) => this.nested(`[${one.replace(/^ +| +$/g, '')}]`))
      this.nodes.push({ type: 'union', lists })
      return
    }
    const key = /^'([^']*)'$/.exec(text)
    if (key) {
      this.nodes.push(...this.nested(`.${key[1]}`))
      return
    }
    this.nodes.push({ type: 'array', ends: sliceOf(text === '*' ? ':' : text) })
  }

  private filter(): void {
    const start = this.at
    let [begun, ended, quote] = [false, false, '']
    for (;;) {
      const char = this.text[this.at++] ?? ''
      if (char === '' || char === '\n') throw wrong('a filter that is not closed')
      if ((char === '"' || char === "'") && !begun) [begun, quote] = [true, char]
      else if (char === quote && this.text[this.at - 2] !== '\\') ended = true
      else if (char === ')' && begun === ended) break
    }
    const text = this.text.slice(start, this.at - 1)
    if (!this.takes(']')) throw wrong('a filter that is not closed')
    const [, left = '', operator = '', right = ''] = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text) ?? []
    if (operator === '')
      this.nodes.push({ type: 'filter', left: this.nested(text), right: [], operator: 'exists' })
    else {
      if (!['<', '>', '==', '!=', '<=', '>='].includes(operator))
        throw wrong(`the comparison "${operator.slice(0, 10)}", which there is not`)
      this.nodes.push({ type: 'filter', left: this.nested(left), right: this.nested(right), operator })
    }
  }
}

function sliceOf(text: string): [SliceEnd, SliceEnd, SliceEnd] {
  const found = /^(-?\d{0,9})(:-?\d{0,9})?(:-?\d{0,9})?$/.exec(text)
  if (!found) throw wrong(`the index "${text.slice(0, 40)}", which is none`)
  const end = (written: string | undefined): SliceEnd => {
    const digits = written?.replace(/^:/, '') ?? ''
    if (digits === '-') throw wrong('an index that is no number')
    return { known: digits !== '', value: Number(digits), derived: false }
  }
  const from = end(found[1])
  const to = found[2] === undefined ? { known: true, value: from.value + 1, derived: true } : end(found[2])
  return [from, to, end(found[3])]
}

const ESCAPES: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}

/** What a text of Go says, for either kind of quotes. Throws NotPrintable for an escape that Go does not have. */
export function unquote(text: string, quote: string): string {
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|([\s\S]?))|["'\n]/g,
    (whole, hex2?: string, hex4?: string, hex8?: string, octal?: string, letter?: string) => {
      if (whole[0] !== '\\') {
        if (whole === quote || whole === '\n') throw wrong('a quote inside a text')
        return whole
      }
      const code = hex2 ?? hex4 ?? hex8
      const number =
        code !== undefined ? Number.parseInt(code, 16) : octal !== undefined ? Number.parseInt(octal, 8) : -1
      if (number > 0x10ffff) throw wrong('a character that there is not')
      if (number >= 0) return String.fromCodePoint(number)
      if (letter === quote) return quote
      const known = Object.hasOwn(ESCAPES, letter ?? '') ? ESCAPES[letter ?? ''] : undefined
      if (known === undefined) throw wrong(`\\${letter ?? ''} in a text`)
      return known
    },
  )
}
