import {
  type AndOr,
  type ArrayValue,
  type Assignment,
  type PipelineNode,
  parse,
  type Command as ShellCommand,
  type Statement,
  type Word,
} from 'unbash'
import { type Command, type Filter, placeholdersIn } from '../command'
import { dryRunText } from './dry-run-text'
import { type Call, interpret } from './interpret'
import { isLeft } from './left-captures'
import { filterOf, givesText } from './pipes'
import { disguise, Placeholders } from './placeholders'
import { manual, type Reason, reasonForTool } from './reasons'
import { type SessionChoice, sessionChoice } from './session-namespace'
import type { Binding } from './types'
import { type Expansion, inputOf, loneExpansion, type WordContext, wordText } from './words-of'
import { noteVariable, programOf, unwrap } from './wrappers'

const MAX_COMMANDS = 50
const IDLE = new Set(['echo', 'printf', 'true', ':', 'clear', 'date'])
const DECLARES = new Set(['export', 'declare', 'local', 'readonly', 'typeset'])
const COMPOUND: Record<string, Reason> = {
  For: 'loop',
  ArithmeticFor: 'loop',
  Select: 'loop',
  While: 'loop',
  If: 'condition',
  Case: 'condition',
  TestCommand: 'condition',
  ArithmeticCommand: 'arithmetic',
  Function: 'function',
  Subshell: 'subshell',
  BraceGroup: 'group',
  Coproc: 'coprocess',
}

interface Stage {
  /** Words with placeholders in disguise. */
  argv: string[]
  input: string | undefined
  text: string
}

/** Reads one line: what a shell would make of it, without one. Throws StaysManual. */
export class LineReader implements WordContext {
  readonly placeholders = new Placeholders()
  readonly bindings: Binding[] = []
  readonly notes: string[] = []
  readonly unbound: string[] = []
  /** What it means for the namespace of the lines after it. */
  session: SessionChoice | undefined
  /** Whether a call of it was looked at for that. */
  looked = false
  /** How many `$(…)` enclose what is read now. */
  private depth = 0
  /** How many quoted scripts (watch '…') enclose it. */
  private scripts = 0
  private captured = 0
  private count = 0
  /** Commands that were read so far. */
  private commands = 0
  private readonly used = new Set<string>()
  /** Names that were given to what stands in words, not by the author. */
  private readonly own = new Set<string>()

  /** The commands of a text, in order. */
  read(text: string): Command[] {
    const script = parse(disguise(text, this.placeholders))
    const [error] = script.errors ?? []
    if (error) manual('incomplete', error.message)
    const commands = this.statements(script.commands)
    // Both would be filled in with one value.
    const same = this.placeholders.found.find(
      ({ name, spelling }) => this.own.has(name) && !/^(\$\(|`)/.test(spelling),
    )
    if (same) manual('ownName', same.spelling)
    return commands
  }

  note(sentence: string): void {
    if (!this.notes.includes(sentence)) this.notes.push(sentence)
  }

  capture(part: Expansion, quoted: boolean): string {
    const command = isLeft(part, quoted) ? undefined : this.inner(part)
    const name = this.captured++ === 0 ? 'captured' : `captured-${this.captured}`
    const text = this.placeholders.spelled(part.text)
    this.bindings.push(
      command
        ? { kind: 'captured', parameter: name, text, command }
        : { kind: 'left', parameter: name, text, capture: text, oneWord: !quoted },
    )
    this.own.add(name)
    return this.placeholders.add(name, text) ?? ''
  }

  private inner(part: Expansion): Command {
    if (this.depth >= 2) manual('tooDeep')
    if (!part.script || part.script.errors?.length) manual('incomplete', 'a $(…) does not end')
    this.depth += 1
    const commands = this.statements(part.script.commands)
    this.depth -= 1
    const [command, ...more] = commands
    if (more.length > 0) manual('captureHasTwo')
    if (command?.program === 'other' || !command)
      manual('captureNotRead', reasonForTool(command?.program === 'other' ? command.name : 'echo'))
    return command
  }

  private statements(list: readonly Statement[]): Command[] {
    return list.flatMap((statement) => {
      if (statement.background) manual('background')
      return this.node(statement.command)
    })
  }

  private node(node: PipelineNode | AndOr): Command[] {
    if (this.count++ > MAX_COMMANDS) manual('tooManyParts', String(MAX_COMMANDS))
    switch (node.type) {
      case 'Command':
        return this.command([node])
      case 'Pipeline':
        if (node.prefixes.some((prefix) => prefix.type === 'Negation')) manual('negated')
        return this.command(node.commands)
      case 'AndOr':
        return node.commands.flatMap((one, index) => {
          if (index === 0 || node.operators[index - 1] === '&&') return this.node(one)
          if (!isIdle(one)) manual('whenFails')
          this.note('What only prints a text when the command fails is left out.')
          return []
        })
      case 'Redirected':
        return manual(COMPOUND[node.command.type] ?? 'group')
      default:
        return manual(COMPOUND[node.type] ?? 'group')
    }
  }

  private command(nodes: readonly PipelineNode[]): Command[] {
    const plain = nodes.map((node): ShellCommand => {
      if (node.type === 'Command') return node
      const reason = node.type === 'Redirected' ? COMPOUND[node.command.type] : COMPOUND[node.type]
      return manual(reason === 'loop' || reason === 'condition' ? reason : 'stage')
    })
    const [first, ...rest] = plain
    if (!first) return manual('empty')
    if (rest.length === 0 && this.binds(first)) return []
    const printed = printedExpansion(first)
    if (printed) {
      // `echo $(kubectl …)` prints what the command prints.
      return [this.withFilters(this.inner(printed), rest)]
    }
    if (rest.length === 0 && isIdle(first)) {
      for (const word of first.args) if (word.type === 'Word') wordText(word, this)
      this.note('What only prints a text is left out.')
      return []
    }
    const given = givesText(first, rest.length > 0, this) ?? this.wouldCreate(first, rest)
    if (given !== undefined && rest[0]) {
      const stage = this.stage(rest[0])
      if (['kubectl', 'oc'].includes(programOf(unwrap(stage.argv).argv[0]))) {
        const text = `${this.placeholders.spelled(sourceOf(first))} | ${stage.text}`
        return this.run({ ...stage, input: given, text }, rest.slice(1))
      }
    }
    return this.run(this.stage(first), rest)
  }

  private run(stage: Stage, rest: readonly ShellCommand[]): Command[] {
    const { argv, repeated, script, notes } = unwrap(stage.argv)
    for (const sentence of notes) this.note(this.placeholders.spelled(sentence))
    if (argv.length === 0) manual('empty')
    if (this.chooses(argv, rest)) return []
    if (script !== undefined) {
      if (this.scripts > 0) manual('tooDeep')
      this.scripts += 1
      const commands = this.read(script)
      this.scripts -= 1
      const [only] = commands
      if (rest.length > 0 && commands.length !== 1) manual('stage')
      return (only && rest.length > 0 ? [this.withFilters(only, rest)] : commands).map((one) => ({
        ...one,
        repeated: true,
      }))
    }
    const filters =
      rest.length > 0 ? this.filters(rest, programOf(this.placeholders.restore(argv[0] ?? ''))) : []
    let { text } = stage
    for (const node of rest) text += ` | ${this.placeholders.spelled(sourceOf(node))}`
    const call: Call = { argv, filters, stdin: stage.input, text, repeated }
    const command = interpret(call, this.placeholders, this.unbound)
    this.commands += 1
    if (this.depth === 0 && this.placeholders.found.length > 0)
      for (const word of command.argv) for (const name of placeholdersIn(word)) this.used.add(name)
    return [command]
  }

  /** Whether a call only chooses the namespace of what comes after it. */
  private chooses(argv: readonly string[], rest: readonly ShellCommand[]): boolean {
    this.looked = true
    const choice = sessionChoice(argv.map((word) => this.placeholders.restore(word)))
    if (!choice) return false
    this.session = choice
    // What stands before it on the line means another namespace.
    if (choice.kind !== 'chosen' || !choice.alone || this.commands > 0 || rest.length > 0) return false
    this.note(`The lines after it mean the namespace ${choice.namespace}.`)
    return true
  }

  /** The object that the first stage only shows and the next one applies: `kubectl create … --dry-run=client -o yaml |`. */
  private wouldCreate(first: ShellCommand, [next]: readonly ShellCommand[]): string | undefined {
    const isKubectl = (node: ShellCommand | undefined) =>
      ['kubectl', 'oc'].includes(programOf(node?.name?.value))
    if (!isKubectl(first) || !isKubectl(next)) return undefined
    const { argv, input } = this.stage(first)
    return input === undefined
      ? dryRunText(argv.slice(1).map((word) => this.placeholders.restore(word)))
      : undefined
  }

  private withFilters(command: Command, rest: readonly ShellCommand[]): Command {
    return { ...command, filters: [...command.filters, ...this.filters(rest, command.argv[0] ?? '')] }
  }

  private filters(nodes: readonly ShellCommand[], from: string): Filter[] {
    return nodes.flatMap((node) => {
      const { argv, input } = this.stage(node)
      if (input !== undefined) manual('unusedInput', argv[0])
      return filterOf(
        argv.map((word) => this.placeholders.restore(word)),
        from,
        this,
      )
    })
  }

  private stage(node: ShellCommand): Stage {
    const variables = node.prefix.filter((one): one is Assignment => one.type === 'Assignment')
    for (const { name } of variables) this.note(noteVariable(name))
    const before = this.placeholders.found.length
    if (!node.name) return manual('empty')
    const argv = [node.name, ...node.args].map((word) =>
      word.type === 'Word' ? wordText(word, this) : this.pair(word),
    )
    for (const { spelling } of this.placeholders.found.slice(before)) {
      const own = variables.find(({ name }) => spelling === `$${name}` || spelling === `\${${name}}`)
      if (own) manual('variableOfCommand', own.name)
    }
    return { argv, input: inputOf(node.redirects, this), text: this.placeholders.spelled(sourceOf(node)) }
  }

  /** `a=$b` among the arguments of a command that declares nothing. */
  private pair(one: Assignment): string {
    if (one.value.type !== 'Word') return manual('array')
    return `${one.name}${one.append ? '+' : ''}=${wordText(one.value, this)}`
  }

  /** Whether a command only gives variables their values: `NS=shop`, `export POD=$(…)`. */
  private binds(node: ShellCommand): boolean {
    const declares = node.name !== undefined && DECLARES.has(node.name.value)
    if (node.name && !declares) return false
    const assignments = [...node.prefix, ...(declares ? node.args : [])]
    for (const one of assignments) {
      if (one.type === 'Assignment') this.assign(one)
      else if (one.type === 'Word' && /[=$]/.test(one.value))
        manual('incomplete', 'an assignment is not understood')
    }
    if (node.redirects.length > 0) inputOf(node.redirects, this)
    if (!declares && !assignments.some((one) => one.type === 'Assignment')) manual('empty')
    return true
  }

  private assign(one: Assignment): void {
    const value = one.value.type === 'Word' ? one.value : onlyElement(one.value)
    if (one.index) manual('array')
    if (one.append) manual('appends')
    noteVariable(one.name)
    const lone = loneExpansion(value)
    const bound = this.placeholders.add(one.name, one.name)
    const parameter = bound === undefined ? '' : this.placeholders.restore(bound).slice(1, -1)
    if (bound !== undefined) this.placeholders.found.pop()
    if (parameter === '') manual('argument', one.name)
    if (this.used.has(parameter)) manual('setsAfterUse', one.name)
    const text = this.placeholders.spelled(one.text)
    if (lone && isLeft(lone, true))
      this.bindings.push({
        kind: 'left',
        parameter,
        text,
        capture: this.placeholders.spelled(lone.text),
        oneWord: false,
      })
    else if (lone) this.bindings.push({ kind: 'captured', parameter, text, command: this.inner(lone) })
    else
      this.bindings.push({
        kind: 'assigned',
        parameter,
        text,
        value: this.placeholders.restore(wordText(value, this)),
      })
  }
}

/**
 * The `$(…)` that is all of an array: what it prints is looked at, and taken as a value where it is one name. Arrays of
 * words stay with the shell. Throws StaysManual.
 */
function onlyElement({ elements }: ArrayValue): Word {
  const [word, ...more] = elements
  return word && more.length === 0 && loneExpansion(word) ? word : manual('array')
}

function sourceOf(node: ShellCommand): string {
  let text = node.name?.text ?? ''
  for (const word of node.args) text += ` ${word.text}`
  return text
}

/** A command that prints what it was told and does nothing. */
function isIdle(node: PipelineNode): boolean {
  if (node.type !== 'Command' || node.redirects.length > 0) return false
  const program = node.name?.value ?? ''
  // date can set the clock as well: only as it prints.
  const plain = program !== 'date' || node.args.every((word) => /^[+"']|^-u$/.test(word.text))
  return IDLE.has(program) && plain
}

/** The `$(…)` that an echo prints and nothing else. */
function printedExpansion(node: ShellCommand): Expansion | undefined {
  if (node.name?.value !== 'echo' || node.redirects.length > 0) return undefined
  const words = node.args.filter((word) => word.type !== 'Word' || !/^-[neE]+$/.test(word.value))
  const [word, ...more] = words
  return word?.type === 'Word' && more.length === 0 ? loneExpansion(word) : undefined
}
