import type { Json, Operation, RecogniseHints } from '../../operations/types'
import { type Command, type Filter, placeholdersIn } from '../command'
import { isOwnMachine } from '../curl'
import { whyNot, writeFilters } from '../filters'
import { whyNoText } from '../printers/known-text'
import { requestsOf } from '../requests'
import { heeds, keeps, namesIn, pointsElsewhere } from './keeps-all'
import { reasonForTool, reasonText } from './reasons'
import { programOf } from './wrappers'

export interface Recognised {
  operation: Operation
  params: Record<string, Json>
  commands: readonly Command[]
  /** Stages of the pipe that the operation did not take itself. */
  filters?: Filter[]
  /** Whose text is read on where the operation itself shows something else than the program prints. */
  printed?: Recognised
}

/** The operation that does what these commands do, all of it; undefined when none does. */
export function recognise(
  commands: readonly Command[],
  hints: RecogniseHints,
  catalogue: readonly Operation[],
  /** Parameters that the operation may not do without. */
  needed: ReadonlySet<string>,
): Recognised | undefined {
  const [first] = commands
  if (!first) return undefined
  for (const operation of candidates(first, commands.length > 1, catalogue)) {
    const params =
      commands.length === 1 ? paramsOf(operation, first, hints) : asked(operation, commands, hints)
    if (!params) continue
    if (!commands.every(kubectlWouldTake)) return undefined
    if (
      commands.every((command) => heeds(operation, command, params)) &&
      keeps(operation, params, commands, needed)
    )
      return { operation, params, commands }
  }
  return undefined
}

type Params = Record<string, Json> | undefined

function asked(operation: Operation, commands: readonly Command[], hints: RecogniseHints): Params {
  return operation.recognise(commands, hints) as Params
}

const ASKED = new WeakMap<Command, Map<Operation, Params>>()

/**
 * What an operation makes of a single command. Most take the command alone, whatever stands around it; these are asked
 * once for a line that a document repeats.
 */
function paramsOf(operation: Operation, command: Command, hints: RecogniseHints): Params {
  if (operation.recognise.length > 1) return asked(operation, [command], hints)
  const known = ASKED.get(command) ?? new Map<Operation, Params>()
  if (known.size === 0) ASKED.set(command, known)
  else if (known.has(operation)) return known.get(operation)
  const params = asked(operation, [command], hints)
  known.set(operation, params)
  return params
}

type ByStart = Map<string, readonly Operation[]>
const SINGLE = new WeakMap<readonly Operation[], ByStart>()
const SEVERAL = new WeakMap<readonly Operation[], ByStart>()

/** The operations that may recognise what begins with this command, in order of the catalogue. */
export function candidates(
  first: Command,
  several: boolean,
  catalogue: readonly Operation[],
): readonly Operation[] {
  const kept = several ? SEVERAL : SINGLE
  const byStart: ByStart = kept.get(catalogue) ?? new Map()
  kept.set(catalogue, byStart)
  const start = first.program === 'kubectl' ? `kubectl ${first.verb}` : first.program
  const known = byStart.get(start)
  if (known) return known
  const found = catalogue.filter(
    (one) => (!several || one.several) && (!one.starts || one.starts.includes(start)),
  )
  byStart.set(start, found)
  return found
}

const LOOKS = new Set(['get', 'describe', 'logs', 'top', 'events'])

/** Whether kubectl itself would take what only looks; an operation may be less particular. */
function kubectlWouldTake(command: Command): boolean {
  return command.program !== 'kubectl' || !LOOKS.has(command.verb) || 'requests' in requestsOf(command)
}

type Catalogue = readonly Operation[]
const PRINTING = new WeakMap<Catalogue, Catalogue>()

/** Those whose text is the program's own, without checks that show something else. */
function printing(catalogue: Catalogue): Catalogue {
  const known = PRINTING.get(catalogue)
  if (known) return known
  const found = catalogue.filter((one) => one.effect === 'write' || one.prints)
  PRINTING.set(catalogue, found)
  return found
}

const BARE = new WeakMap<Command, Command>()

/** A command by itself, the same each time it is asked for: what is known of it is known once. */
function withoutPipe(command: Command): Command {
  if (command.filters.length === 0) return command
  const known = BARE.get(command)
  if (known) return known
  const bare = { ...command, filters: [] }
  BARE.set(command, bare)
  return bare
}

/**
 * One command of which a text is read on, by its pipe or by a capture: the check that knows best what it is about, and
 * beside it the one that prints what the program prints. A change is taken so only when it shows what it prints, since
 * what its pipe is for is for a person to say.
 */
export function recogniseFiltered(
  command: Command,
  hints: RecogniseHints,
  catalogue: readonly Operation[],
  needed: ReadonlySet<string>,
): Recognised | { manual: string } | undefined {
  if (command.filters.some(feedsKubectl)) return { manual: reasonText('feedsKubectl') }
  const bare = withoutPipe(command)
  const found = recognise([bare], hints, catalogue, needed)
  if (found?.operation.effect !== 'read') {
    if (command.filters.length === 0) return found
    return found?.operation.showsOutput ? withPipe(found, command) : undefined
  }
  const printer = found.operation.prints ? found : recognise([bare], hints, printing(catalogue), needed)
  if (printer?.operation.effect !== 'read' || printsOtherwise(printer.operation.id, command))
    return { manual: reasonText('otherText') }
  // Which pod a front matter means is for the operation to find out; a line has to name it.
  if (printer !== found && namesIn([bare]).some((name) => isPod(name, hints)))
    return { manual: reasonText('otherText') }
  const printed = printer === found ? {} : { printed: printer }
  return command.filters.length === 0 ? { ...found, ...printed } : withPipe({ ...found, ...printed }, command)
}

function withPipe(found: Recognised, command: Command): Recognised | { manual: string } {
  const manual = whyNoPipe(command.filters)
  return manual === undefined ? { ...found, commands: [command], filters: command.filters } : { manual }
}

function isPod(name: string, { placeholders }: RecogniseHints): boolean {
  return placeholders[name]?.kind === 'pod'
}

const PIPES = new Map<string, string | undefined>()
/** Pipes of which that is known; behind different commands stand the same few again and again. */
const PIPES_AT_MOST = 2_000

/** Why filters do not run here. What a person fills in is a plain word there: anything else is refused before they run. */
function whyNoPipe(filters: readonly Filter[]): string | undefined {
  const written = writeFilters(filters)
  if (PIPES.has(written)) return PIPES.get(written)
  const manual = filters
    .map(withExamples)
    .map(whyNot)
    .find((reason) => reason !== undefined)
  if (PIPES.size < PIPES_AT_MOST) PIPES.set(written, manual)
  return manual
}

/** Operations that print what kubectl prints of some of their lines only. */
const SOME = new Set(['read', 'top', 'progress', 'served', 'rights'].map((name) => `kubernetes.${name}`))

function printsOtherwise(operation: string, command: Command): boolean {
  return SOME.has(operation) && command.program === 'kubectl' && whyNoText(command) !== undefined
}

function feedsKubectl({ program, argv }: Filter): boolean {
  return program === 'xargs' && argv.some((word) => ['kubectl', 'oc'].includes(programOf(word)))
}

function withExamples({ program, argv }: Filter): Filter {
  return {
    program,
    argv: argv.map((word) =>
      placeholdersIn(word).reduce((text, name) => text.replaceAll(`<${name}>`, 'x'), word),
    ),
  }
}

/** Why no operation stands for a command. */
export function whyNone(command: Command): string {
  if (command.program === 'curl')
    return isOwnMachine(command.url) ? reasonText('ownMachine', command.url) : reasonForTool('curl')
  if (command.program !== 'kubectl') return reasonForTool(command.name)
  const elsewhere = Object.keys(command.flags).find(
    (flag) => flag !== 'filename' && pointsElsewhere(command, flag),
  )
  if (elsewhere) return reasonText('elsewhere', `--${elsewhere}`)
  const sent = requestsOf(command)
  if ('manual' in sent) return sent.manual
  if (command.verb === 'create' && command.subverb === 'token') return reasonText('credential')
  if (command.inner?.program === 'other' && /^(env|printenv)$/.test(command.inner.name))
    return reasonText('environment')
  if (command.allNamespaces && !LOOKS.has(command.verb)) return reasonText('everywhere')
  return reasonText('noKubectl')
}
