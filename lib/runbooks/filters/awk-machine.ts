import 'server-only'
import { type AwkValue, toNumber, toText } from './awk-values'
import { Matcher } from './matcher'
import { CouldNotFinish } from './options'
import { parsePattern } from './pattern'

/** Most fields of a record: an assignment to $9999999 must not fill the memory. */
const MAX_FIELDS = 10_000
/** Most octets printed. */
const MAX_PRINTED = 8 << 20

/** Thrown by `exit` and `next`; nothing else leaves a program early. */
export class Leave extends Error {
  constructor(readonly what: 'next' | 'exit') {
    super(what)
  }
}

/** The state of a running awk program: variables, the record and its fields, and what was printed. */
export class AwkMachine {
  readonly variables = new Map<string, AwkValue>([
    ['FS', ' '],
    ['OFS', ' '],
    ['ORS', '\n'],
    ['SUBSEP', '\x1c'],
    ['NR', 0],
  ])
  readonly arrays = new Map<string, Map<string, AwkValue>>()
  private readonly patterns = new Map<string, Matcher>()
  private printed: string[] = []
  private printedLength = 0
  private record = ''
  private fields: string[] | undefined = []
  /** FS as it was when the record was read: a new one holds from the next record on. */
  private separator = ' '

  read(line: string): void {
    this.variables.set('NR', toNumber(this.variables.get('NR')) + 1)
    this.setRecord(line)
  }

  get output(): string {
    return this.printed.join('')
  }

  print(text: string): void {
    this.printedLength += text.length
    if (this.printedLength > MAX_PRINTED) throw new CouldNotFinish('awk printed more than 8 MiB.')
    this.printed.push(text)
  }

  get(name: string): AwkValue {
    if (name === 'NF') return this.split().length
    return this.variables.get(name === 'FNR' ? 'NR' : name)
  }

  set(name: string, value: AwkValue): void {
    this.variables.set(name, value)
  }

  array(name: string): Map<string, AwkValue> {
    const known = this.arrays.get(name)
    if (known) return known
    const made = new Map<string, AwkValue>()
    this.arrays.set(name, made)
    return made
  }

  field(index: number): AwkValue {
    if (index === 0) return { field: this.record }
    const text = this.split()[Math.trunc(index) - 1]
    return text === undefined ? undefined : { field: text }
  }

  setField(index: number, value: AwkValue): void {
    const text = toText(value)
    if (index === 0) {
      this.setRecord(text)
      return
    }
    if (!(index >= 1 && index <= MAX_FIELDS))
      throw new CouldNotFinish('awk set a field that there cannot be.')
    const fields = this.split()
    while (fields.length < index) fields.push('')
    fields[Math.trunc(index) - 1] = text
    this.record = fields.join(toText(this.get('OFS')))
  }

  /** An expression that is only known now; one that is not understood throws. */
  matcher(octets: string): Matcher {
    const known = this.patterns.get(octets)
    if (known) return known
    if (this.patterns.size > 500) this.patterns.clear()
    const made = new Matcher(parsePattern(octets, 'awk'))
    this.patterns.set(octets, made)
    return made
  }

  /** Fields as FS parts them: a blank stands for runs of white space, one octet for itself, more for an expression. */
  splitText(text: string, separator: string): string[] {
    if (separator === ' ') return text.split(/[ \t\n]+/).filter((field) => field !== '')
    if (text === '') return []
    if (separator.length === 1) return text.split(separator)
    const fields: string[] = []
    const matcher = this.matcher(separator)
    let from = 0
    for (let at = 0; ; ) {
      const found = matcher.find(text, at)
      if (!found) break
      const [start, end] = found
      at = end > start ? end : start + 1
      if (end > start) {
        fields.push(text.slice(from, start))
        from = end
      }
      if (at > text.length) break
    }
    return [...fields, text.slice(from)]
  }

  private setRecord(text: string): void {
    this.record = text
    this.fields = undefined
    this.separator = toText(this.variables.get('FS'))
  }

  private split(): string[] {
    this.fields ??= this.splitText(this.record, this.separator)
    return this.fields
  }
}
