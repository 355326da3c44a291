import 'server-only'
import { CALLS } from './awk-calls'
import type { AwkMachine } from './awk-machine'
import { type AwkValue, compareValues, isTrue, toNumber, toText } from './awk-values'
import type { AwkWord } from './awk-words'
import { Matcher } from './matcher'
import { CouldNotFinish, NotUnderstood } from './options'
import { parsePattern } from './pattern'

export type Evaluate = (machine: AwkMachine) => AwkValue

/** An expression, with how to assign to it when it is a variable, a field or an element. */
export interface Expression {
  value: Evaluate
  assign?: (machine: AwkMachine, value: AwkValue) => void
  /** The expression between slashes, when it is one. */
  pattern?: Matcher
  constant?: string
}

const NOT_HERE = new Set(
  'while do for break continue function func getline system close fflush delete in return ENVIRON FILENAME RS nextfile srand rand'.split(
    ' ',
  ),
)
const FIXED = new Set(['NF', 'NR', 'FNR'])

/** Reads expressions from the words of a program, tightest operator last. */
export class AwkExpressions {
  protected at = 0
  /** Inside `print a, b` a bare `>` is a redirection. */
  protected bareGreater = true

  constructor(protected readonly words: AwkWord[]) {}

  protected get word(): AwkWord {
    return this.words[this.at] as AwkWord
  }

  /** Whether a statement is over here. */
  protected get over(): boolean {
    return this.sees(';', '}') || this.word.kind === 'line' || this.word.kind === 'end'
  }

  protected sees(...marks: string[]): boolean {
    return this.word.kind === 'mark' && marks.includes(this.word.text)
  }

  protected takes(mark: string): boolean {
    if (!this.sees(mark)) return false
    this.at++
    return true
  }

  protected takesName(name: string): boolean {
    if (!'name call'.includes(this.word.kind) || this.word.text !== name) return false
    this.at++
    return true
  }

  protected expect(mark: string): void {
    if (!this.takes(mark)) throw this.surprise()
  }

  protected surprise(): NotUnderstood {
    return new NotUnderstood(`awk's "${this.word.text.slice(0, 20)}" is not understood at that place.`)
  }

  protected skipBreaks(): void {
    while (this.word.kind === 'line' || this.sees(';')) this.at++
  }

  protected skipLines(): void {
    while (this.word.kind === 'line') this.at++
  }

  protected list(): Expression[] {
    const list = [this.expression()]
    while (this.takes(',')) {
      this.skipLines()
      list.push(this.expression())
    }
    return list
  }

  protected expression(): Expression {
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
