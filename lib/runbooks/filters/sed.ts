import 'server-only'
import { linesOf, type Stage, toOctets } from './lines'
import { CouldNotFinish, NotUnderstood, noFiles, readOptions } from './options'
import { parseSed, type SedAddress, type SedCommand, type SedSubstitution } from './sed-parse'

/** Most octets printed. */
const MAX_PRINTED = 8 << 20

/**
 * sed with the commands s, p, d, q, = and blocks, as GNU sed 4 runs them; -n, -e and -E (or -r). `argv` begins with
 * the program. Throws NotUnderstood for other commands, for files (-i, -f) and for exit codes.
 */
export function readSed(argv: readonly string[]): Stage {
  const { given, operands } = readOptions(argv.slice(1), {
    program: 'sed',
    switches: 'nErsu',
    values: 'e',
    long: {
      quiet: 'n',
      silent: 'n',
      expression: 'e',
      'regexp-extended': 'E',
      separate: 's',
      unbuffered: 'u',
    },
  })
  const has = (letters: string) => given.some(([letter]) => letters.includes(letter))
  const scripts = given.flatMap(([letter, value]) => (letter === 'e' ? [value] : []))
  if (scripts.length === 0) {
    const script = operands.shift()
    if (script === undefined) throw new NotUnderstood('sed lacks its script.')
    scripts.push(script)
  }
  noFiles('sed', operands)
  const script = toOctets(scripts.join('\n'))
  const commands = parseSed(script, has('Er'))
  return (octets) => new SedMachine(octets, has('n')).run(commands)
}

/** What a range has come to: the line after which it is over, or whether its last line is still looked for. */
interface OpenRange {
  until: number
}

class SedMachine {
  private readonly lines: string[]
  private readonly whole: boolean
  private readonly ranges = new Map<SedCommand, OpenRange | 'closed'>()
  private readonly printed: string[] = []
  private printedLength = 0
  private number = 0
  private space = ''
  /** Whether what was printed last lacks its newline, since the input does. */
  private owesNewline = false

  constructor(
    octets: string,
    private readonly quiet: boolean,
  ) {
    this.lines = linesOf(octets)
    this.whole = octets.endsWith('\n')
  }

  run(commands: readonly SedCommand[]): string {
    for (const line of this.lines) {
      this.number++
      this.space = line
      const left = this.execute(commands)
      if (left !== 'delete' && !this.quiet) this.print(this.space)
      if (left === 'quit') {
        // Unlike at the end of its input, sed then writes the newline that the last line lacks.
        if (this.owesNewline) this.printed.push('\n')
        break
      }
    }
    return this.printed.join('')
  }

  private get last(): boolean {
    return this.number === this.lines.length
  }

  private print(text: string, complete = !this.last || this.whole): void {
    const line = `${this.owesNewline ? '\n' : ''}${text}${complete ? '\n' : ''}`
    this.owesNewline = !complete
    this.printedLength += line.length
    if (this.printedLength > MAX_PRINTED) throw new CouldNotFinish('sed printed more than 8 MiB.')
    this.printed.push(line)
  }

  private execute(commands: readonly SedCommand[]): 'delete' | 'quit' | undefined {
    for (const command of commands) {
      if (this.selects(command) === command.negated) continue
      const { act } = command
      if (act.kind === 'delete' || act.kind === 'quit') return act.kind
      if (act.kind === 'print') this.print(this.space)
      else if (act.kind === 'number') this.print(String(this.number), true)
      else if (act.kind === 'substitute') this.substitute(act.by)
      else {
        const left = this.execute(act.commands)
        if (left) return left
      }
    }
    return undefined
  }

  private matches(address: SedAddress): boolean {
    switch (address.kind) {
      case 'line':
        return this.number === address.number
      case 'last':
        return this.last
      case 'match':
        return address.matcher.test(this.space)
      case 'step': {
        const { first, step } = address
        return step === 0 ? this.number === first : this.number >= first && (this.number - first) % step === 0
      }
      case 'more':
        return false
    }
  }

  private selects(command: SedCommand): boolean {
    const { from, to } = command
    if (!from) return true
    if (!to) return this.matches(from)
    const open = this.ranges.get(command)
    if (open === undefined && from.kind === 'line' && from.number === 0)
      // `0,/re/` is open before the first line, so that the expression may match there.
      this.ranges.set(command, { until: Number.POSITIVE_INFINITY })
    const range = this.ranges.get(command)
    if (range === undefined || range === 'closed') return this.opens(command, from, to, range === 'closed')
    return this.goesOn(command, from, to, range)
  }

  private opens(command: SedCommand, from: SedAddress, to: SedAddress, before: boolean): boolean {
    if (from.kind === 'line') {
      // A range from a line on begins once only, at the first line from there that comes by.
      if (before || this.number < from.number) return false
    } else if (!this.matches(from)) return false
    if (to.kind === 'line' && to.number <= this.number) {
      this.ranges.set(command, 'closed')
      return from.kind !== 'line' || this.number === from.number || this.number <= to.number
    }
    if (to.kind === 'more' && to.lines === 0) return true
    const until =
      to.kind === 'line' ? to.number : to.kind === 'more' ? this.number + to.lines : Number.POSITIVE_INFINITY
    this.ranges.set(command, { until })
    return true
  }

  private goesOn(command: SedCommand, from: SedAddress, to: SedAddress, { until }: OpenRange): boolean {
    const close = () => this.ranges.set(command, 'closed')
    if (until !== Number.POSITIVE_INFINITY) {
      if (this.number >= until) close()
      // Its last line passed by unseen, in a block that was not run.
      return this.number <= until || this.opens(command, from, to, true)
    }
    if (this.matches(to)) close()
    return true
  }

  private substitute({ matcher, captures, pieces, all, nth, print }: SedSubstitution): void {
    const text = this.space
    let [made, at, count, end] = ['', 0, 0, -1]
    while (at <= text.length) {
      const found = matcher.find(text, at)
      if (!found) break
      const [start, stop] = found
      const empty = start === stop
      made += text.slice(at, start)
      // Right after a match there is no empty one.
      const counts = !empty || start !== end
      if (counts) count++
      if (counts && count >= nth) {
        const spans = captures?.of(text, start, stop) ?? []
        for (const piece of pieces) {
          if (typeof piece === 'string') made += piece
          else if (piece === 0) made += text.slice(start, stop)
          else made += text.slice(...(spans[piece] ?? [0, 0]))
        }
        if (made.length > MAX_PRINTED) throw new CouldNotFinish('sed made a line of more than 8 MiB.')
        if (!all) {
          at = stop
          break
        }
      } else made += text.slice(start, stop)
      end = stop
      if (empty) made += text.slice(stop, stop + 1)
      at = empty ? stop + 1 : stop
    }
    if (count < nth) return
    this.space = made + text.slice(at)
    if (print) this.print(this.space)
  }
}
