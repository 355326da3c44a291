import 'server-only'
import { AwkExpressions, type Evaluate, type Expression } from './awk-expressions'
import { type AwkMachine, Leave } from './awk-machine'
import { checkFormat, formatText, isTrue, toText } from './awk-values'
import { awkWords } from './awk-words'
import { NotUnderstood } from './options'

type Execute = (machine: AwkMachine) => void

export interface AwkRule {
  when: 'BEGIN' | 'END' | Evaluate
  act: Execute
}

// Thrown once for each line, so made once.
const LEAVE = { next: new Leave('next'), exit: new Leave('exit') }

/** Each level is several calls of this parser, and of the program it makes. */
const DEEPEST = 50
const PROGRAM_AT_MOST = 2_000

function depthOf(program: string): number {
  let depth = 0
  let deepest = 0
  for (const char of program) {
    if ('([{?'.includes(char)) deepest = Math.max(deepest, ++depth)
    else if (')]}:'.includes(char)) depth = Math.max(0, depth - 1)
  }
  // A row of signs is read one inside the other.
  const signs = Math.max(0, ...Array.from(program.matchAll(/[!$+-][!$+\s-]*/g), (match) => match[0].length))
  return Math.max(deepest, signs)
}

/** Reads the forms of awk that work on one pass of text. Throws NotUnderstood for loops, files and commands. */
export function parseAwk(program: string): AwkRule[] {
  if (program.length > PROGRAM_AT_MOST || depthOf(program) > DEEPEST)
    throw new NotUnderstood('The awk program is too long or nested too deeply.')
  return new AwkParser(awkWords(program)).rules()
}

class AwkParser extends AwkExpressions {
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
}
