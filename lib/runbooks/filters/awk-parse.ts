import 'server-only'
import { CALLS } from './awk-calls'
import { type AwkMachine, Leave } from './awk-machine'
import { type AwkValue, checkFormat, compareValues, formatText, isTrue, toNumber, toText } from './awk-values'
import { type AwkWord, awkWords } from './awk-words'
import { Matcher } from './matcher'
import { CouldNotFinish, NotUnderstood } from './options'
import { parsePattern } from './pattern'

type Evaluate = (machine: AwkMachine) => AwkValue
type Execute = (machine: AwkMachine) => void

/** An expression, with how to assign to it when it is a variable, a field or an element. */
export interface Expression {
  value: Evaluate
  assign?: (machine: AwkMachine, value: AwkValue) => void
  /** The expression between slashes, when it is one. */
  pattern?: Matcher
  constant?: string
}

export interface AwkRule {
  when: 'BEGIN' | 'END' | Evaluate
  act: Execute
}

const NOT_HERE = new Set(
  'while do for break continue function func getline system close fflush delete in return ENVIRON FILENAME RS nextfile srand rand'.split(
    ' ',
  ),
)
// Thrown once for each line, so made once.
const LEAVE = { next: new Leave('next'), exit: new Leave('exit') }
const FIXED = new Set(['NF', 'NR', 'FNR'])

/** Reads the forms of awk that work on one pass of text. Throws NotUnderstood for loops, files and commands. */
export function parseAwk(program: string): AwkRule[] {
  return new AwkParser(awkWords(program)).rules()
}

class AwkParser {
  private at = 0
  /** Inside `print a, b` a bare `>` is a redirection. */
  private bareGreater = true

  constructor(private readonly words: AwkWord[]) {}

  rules(): AwkRule[] {
    const rules: AwkRule[] = []
    this.skipBreaks()
    while (this.word.kind !== 'end') {
      rules.push(this.rule())
      this.skipBreaks()
    }
    if (rules.length === 0) throw new NotUnderstood('The awk program is empty.')
    return rules
  }

  private get word(): AwkWord {
    return this.words[this.at] as AwkWord
  }

  /** Whether a statement is over here. */
  private get over(): boolean {
    return this.sees(';', '}') || this.word.kind === 'line' || this.word.kind === 'end'
  }

  private sees(...marks: string[]): boolean {
    return this.word.kind === 'mark' && marks.includes(this.word.text)
  }

  private takes(mark: string): boolean {
    if (!this.sees(mark)) return false
    this.at++
    return true
  }

  private takesName(name: string): boolean {
    if (!'name call'.includes(this.word.kind) || this.word.text !== name) return false
    this.at++
    return true
  }

  private expect(mark: string): void {
    if (!this.takes(mark)) throw this.surprise()
  }

  private surprise(): NotUnderstood {
    return new NotUnderstood(`awk's "${this.word.text.slice(0, 20)}" is not understood at that place.`)
  }

  private skipBreaks(): void {
    while (this.word.kind === 'line' || this.sees(';')) this.at++
  }

  private skipLines(): void {
    while (this.word.kind === 'line') this.at++
  }

  private rule(): AwkRule {
    if (this.takesName('BEGIN')) return { when: 'BEGIN', act: this.block() }
    if (this.takesName('END')) return { when: 'END', act: this.block() }
    const when: Evaluate = this.sees('{') ? () => 1 : this.expression().value
    if (this.sees(',')) throw new NotUnderstood('awk ranges (/from/,/to/) are not understood here.')
    const act: Execute = this.sees('{')
      ? this.block()
      : (m) => m.print(toText(m.field(0)) + toText(m.get('ORS')))
    return { when, act }
  }

  private block(): Execute {
    this.expect('{')
    const steps: Execute[] = []
    this.skipBreaks()
    while (!this.takes('}')) {
      steps.push(this.statement())
      if (!this.sees(';', '}') && this.word.kind !== 'line' && !this.endedBlock()) throw this.surprise()
      this.skipBreaks()
    }
    return (machine) => {
      for (const step of steps) step(machine)
    }
  }

  private endedBlock(): boolean {
    const before = this.words[this.at - 1]
    return before?.kind === 'mark' && (before.text === '}' || before.text === ';')
  }

  private statement(): Execute {
    if (this.sees('{')) return this.block()
    if (this.takesName('if')) return this.condition()
    if (this.takesName('print')) return this.print()
    if (this.takesName('printf')) return this.printf()
    for (const what of ['next', 'exit'] as const)
      if (this.takesName(what))
        return () => {
          throw LEAVE[what]
        }
    const { value } = this.expression()
    return (machine) => {
      value(machine)
    }
  }

  private condition(): Execute {
    this.expect('(')
    const { value } = this.expression()
    this.expect(')')
    this.skipLines()
    const yes = this.statement()
    const mark = this.at
    this.skipBreaks()
    if (!this.takesName('else')) {
      this.at = mark
      return (m) => {
        if (isTrue(value(m))) yes(m)
      }
    }
    this.skipLines()
    const no = this.statement()
    return (m) => {
      if (isTrue(value(m))) yes(m)
      else no(m)
    }
  }

  /** The list after print or printf: with or without parentheses around all of it. */
  private printed(): Expression[] {
    if (this.over) return []
    this.refuseRedirection()
    const start = this.at
    if (this.takes('(')) {
      const list = this.list()
      if (this.takes(')') && this.over) return list
      this.at = start
    }
    this.bareGreater = false
    const list = this.list()
    this.bareGreater = true
    this.refuseRedirection()
    return list
  }

  private refuseRedirection(): void {
    if (this.sees('>', '>>', '|')) throw new NotUnderstood('awk would write to a file or a command.')
  }

  private list(): Expression[] {
    const list = [this.expression()]
    while (this.takes(',')) {
      this.skipLines()
      list.push(this.expression())
    }
    return list
  }

  private print(): Execute {
    const values = this.printed().map((one) => one.value)
    if (values.length === 0) return (m) => m.print(toText(m.field(0)) + toText(m.get('ORS')))
    return (m) =>
      m.print(values.map((value) => toText(value(m))).join(toText(m.get('OFS'))) + toText(m.get('ORS')))
  }

  private printf(): Execute {
    const [format, ...rest] = this.printed()
    if (format?.constant === undefined) throw new NotUnderstood('awk printf needs its format in quotes.')
    const text = format.constant
    checkFormat(text)
    return (m) =>
      m.print(
        formatText(
          text,
          rest.map((one) => one.value(m)),
        ),
      )
  }

  private expression(): Expression {
    const left = this.ternary()
    const operator = ['=', '+=', '-=', '*=', '/=', '%='].find((mark) => this.sees(mark))
    if (!operator) return left
    const { assign, value: old } = left
    if (!assign) throw this.surprise()
    this.at++
    const { value: right } = this.expression()
    const value: Evaluate = (m) => {
      const given = right(m)
      const made =
        operator === '=' ? given : arithmetic(operator.slice(0, 1), toNumber(old(m)), toNumber(given))
      assign(m, made)
      return made
    }
    return { value }
  }

  private ternary(): Expression {
    const left = this.or()
    if (!this.takes('?')) return left
    const yes = this.ternary()
    this.expect(':')
    const no = this.ternary()
    return { value: (m) => (isTrue(left.value(m)) ? yes.value(m) : no.value(m)) }
  }

  private or(): Expression {
    let left = this.and()
    while (this.takes('||')) {
      this.skipLines()
      const [{ value: a }, { value: b }] = [left, this.and()]
      left = { value: (m) => Number(isTrue(a(m)) || isTrue(b(m))) }
    }
    return left
  }

  private and(): Expression {
    let left = this.match()
    while (this.takes('&&')) {
      this.skipLines()
      const [{ value: a }, { value: b }] = [left, this.match()]
      left = { value: (m) => Number(isTrue(a(m)) && isTrue(b(m))) }
    }
    return left
  }

  private match(): Expression {
    let left = this.comparison()
    while (this.sees('~', '!~')) {
      const wanted = this.word.text === '~'
      this.at++
      const [{ value: text }, right] = [left, this.comparison()]
      const { pattern, constant } = right
      const known =
        pattern ?? (constant === undefined ? undefined : new Matcher(parsePattern(constant, 'awk')))
      if (!known) throw new NotUnderstood('awk matches against an expression that is only known later.')
      left = { value: (m) => Number(known.test(toText(text(m))) === wanted) }
    }
    return left
  }

  private comparison(): Expression {
    const left = this.joined()
    const operator = ['<', '<=', '==', '!=', '>=', ...(this.bareGreater ? ['>'] : [])].find((mark) =>
      this.sees(mark),
    )
    if (!operator) return left
    this.at++
    const [{ value: a }, { value: b }] = [left, this.joined()]
    const test = COMPARISONS[operator] as (order: number) => boolean
    return { value: (m) => Number(test(compareValues(a(m), b(m)))) }
  }

  /** Values beside each other are joined to one text. */
  private joined(): Expression {
    let left = this.sum()
    while (
      ['number', 'string', 'name', 'call'].includes(this.word.kind)
        ? this.word.text !== 'in'
        : this.sees('(', '$', '!')
    ) {
      if (this.sees('!')) throw this.surprise()
      const [{ value: a }, { value: b }] = [left, this.sum()]
      left = { value: (m) => toText(a(m)) + toText(b(m)) }
    }
    return left
  }

  private sum(): Expression {
    return this.chain(['+', '-'], () => this.chain(['*', '/', '%'], () => this.unary()))
  }

  private chain(marks: string[], next: () => Expression): Expression {
    let left = next()
    while (this.sees(...marks)) {
      const mark = this.word.text
      this.at++
      const [{ value: a }, { value: b }] = [left, next()]
      left = { value: (m) => arithmetic(mark, toNumber(a(m)), toNumber(b(m))) }
    }
    return left
  }

  private unary(): Expression {
    if (this.takes('!')) {
      const { value } = this.unary()
      return { value: (m) => Number(!isTrue(value(m))) }
    }
    for (const sign of ['-', '+'])
      if (this.takes(sign)) {
        const { value } = this.unary()
        return { value: (m) => (sign === '-' ? -toNumber(value(m)) : toNumber(value(m))) }
      }
    const base = this.step()
    if (!this.takes('^')) return base
    const { value: power } = this.unary()
    return { value: (m) => toNumber(base.value(m)) ** toNumber(power(m)) }
  }

  /** `++` and `--`, before or after. */
  private step(): Expression {
    const before = this.sees('++', '--') ? this.word.text : undefined
    if (before) this.at++
    const operand = this.primary()
    const after = !before && operand.assign && this.sees('++', '--') ? this.word.text : undefined
    const mark = before ?? after
    if (!mark) return operand
    if (after) this.at++
    const { assign, value } = operand
    if (!assign) throw this.surprise()
    return {
      value: (m) => {
        const old = toNumber(value(m))
        const made = mark === '++' ? old + 1 : old - 1
        assign(m, made)
        return before ? made : old
      },
    }
  }

  private primary(): Expression {
    const { kind, text } = this.word
    if (kind === 'number' || kind === 'string') {
      this.at++
      const value = kind === 'number' ? Number(text) : text
      return { value: () => value, ...(kind === 'string' ? { constant: text } : {}) }
    }
    if (kind === 'pattern') {
      this.at++
      const pattern = new Matcher(parsePattern(text, 'awk'))
      return { pattern, value: (m) => Number(pattern.test(toText(m.field(0)))) }
    }
    if (this.takes('(')) {
      const outer = this.bareGreater
      this.bareGreater = true
      const { value } = this.expression()
      this.bareGreater = outer
      this.expect(')')
      return { value }
    }
    if (this.takes('$')) {
      const { value } = this.sees('++', '--') ? this.step() : this.sees('-') ? this.unary() : this.primary()
      return {
        value: (m) => m.field(toNumber(value(m))),
        assign: (m, given) => m.setField(toNumber(value(m)), given),
      }
    }
    if (kind === 'name' || kind === 'call') return this.named(text)
    throw this.surprise()
  }

  private named(name: string): Expression {
    if (NOT_HERE.has(name)) throw new NotUnderstood(`awk's ${name} is not understood here.`)
    const call = Object.hasOwn(CALLS, name) ? CALLS[name] : undefined
    if (!call && this.word.kind === 'call') throw new NotUnderstood(`awk's ${name}() is not understood here.`)
    this.at++
    if (call) {
      const given = this.takes('(') ? (this.sees(')') ? [] : this.list()) : undefined
      if (given) this.expect(')')
      return { value: call(given) }
    }
    if (this.takes('[')) {
      const keys = this.list().map((one) => one.value)
      this.expect(']')
      const key = (m: AwkMachine) => keys.map((value) => toText(value(m))).join(toText(m.get('SUBSEP')))
      return {
        value: (m) => m.array(name).get(key(m)),
        assign: (m, given) => void m.array(name).set(key(m), given),
      }
    }
    if (/^(BEGIN|END|if|else|print|printf|next|exit)$/.test(name)) throw this.surprise()
    return {
      value: (m) => m.get(name),
      ...(FIXED.has(name) ? {} : { assign: (m: AwkMachine, given: AwkValue) => m.set(name, given) }),
    }
  }
}

const COMPARISONS: Record<string, (order: number) => boolean> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '>=': (order) => order >= 0,
  '>': (order) => order > 0,
}

function arithmetic(mark: string, a: number, b: number): number {
  switch (mark) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    default:
      if (b === 0) throw new CouldNotFinish('awk divides by zero.')
      return mark === '/' ? a / b : a % b
  }
}
