import type { Json, Operation, RecogniseHints } from '../../operations/types'
import { type Command, type Filter, type KubectlCommand, placeholdersIn } from '../command'
import { isOwnMachine } from '../curl'
import { whyNot, writeFilters } from '../filters'
import { whyNoText } from '../printers/known-text'
import { requestsOf } from '../requests'
import { reasonForTool, reasonText } from './reasons'
import { programOf } from './wrappers'

/** These point a command at another cluster or person, or at files of whoever types it: no operation has them. */
const ELSEWHERE = new Set(
  'context cluster user kubeconfig server token as as-group filename kustomize raw from-file from-env-file patch-file'.split(
    ' ',
  ),
)
/** A right may be asked for another's sake, and a binding names the person whom it gives one. */
function pointsElsewhere({ verb, subverb = '' }: KubectlCommand, flag: string): boolean {
  if (flag === 'as' && verb === 'auth') return false
  if (flag === 'raw' && verb === 'get') return false
  if (flag === 'user' && verb === 'create' && subverb.endsWith('rolebinding')) return false
  return ELSEWHERE.has(flag)
}

/** With these a command still does what its fix does; any other (dry-run, force, all) makes it something else. */
const FIX_FLAGS = new Set(
  'v request-timeout replicas to-revision patch type from-literal min max cpu-percent stdin tty quiet wait timeout record field-manager docker-server docker-username docker-password docker-email'.split(
    ' ',
  ),
)

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

/** Whether an operation keeps the words of a command as they are, so that none can be lost. */
function keepsWords(command: Command, params: Record<string, Json>): boolean {
  return (
    Array.isArray(params.words) &&
    params.words.length === command.argv.length - 1 &&
    params.words.every((word, index) => word === command.argv[index + 1])
  )
}

/**
 * Whether a command is about more, or about other objects, than parameters of an operation can say, which are about one
 * object or the selection of one kind: several objects, a type that is filled in, all namespaces, another selection,
 * a container by its name.
 */
function meansMore(command: KubectlCommand, params: Record<string, Json>): boolean {
  const objects = command.resources.filter(({ kind }) => kind !== 'Pair' && kind !== 'Word')
  if (objects.length > 1 || objects.some(({ open }) => open)) return true
  if (command.allNamespaces && params.namespace !== undefined) return true
  const kept = new Set(textsIn(params))
  return [command.selector, command.container, command.flags['field-selector']].some(
    (chosen) =>
      typeof chosen === 'string' &&
      !kept.has(chosen) &&
      // Slices are found by the name of their service, which stands behind the sign.
      !(chosen.startsWith('kubernetes.io/service-name=') && kept.has(chosen.split('=').at(-1) ?? '')),
  )
}

/** The texts of parameters, however deep. */
function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** Whether an operation does what the flags of a command ask for, so that none is dropped in silence. */
function heeds(operation: Operation, command: Command, params: Record<string, Json>): boolean {
  if (command.stdin !== undefined && params.stdin !== command.stdin) return false
  if (command.program !== 'kubectl') return true
  if (!keepsWords(command, params) && meansMore(command, params)) return false
  const { filename, ...rest } = command.flags
  const flags = Object.keys(filename === '-' && command.stdin !== undefined ? rest : command.flags)
  if (flags.some((flag) => pointsElsewhere(command, flag))) return false
  if (operation.effect === 'read' || keepsWords(command, params)) return true
  return !command.allNamespaces && flags.every((flag) => FIX_FLAGS.has(flag))
}

/** Whether what the commands need from elsewhere is still asked for: an operation may read a name as "any". */
function keeps(
  operation: Operation,
  params: Record<string, Json>,
  commands: readonly Command[],
  needed: ReadonlySet<string>,
): boolean {
  if (needed.size === 0) return true
  const asked = (operation.effect === 'write' && operation.asksFor?.(commands)) || []
  const wanted = namesIn(commands).filter((name) => needed.has(name) && !asked.includes(name))
  if (wanted.length === 0) return true
  const kept = new Set(placeholdersIn(JSON.stringify(params)))
  return wanted.every((name) => kept.has(name))
}

const NAMES = new WeakMap<Command, readonly string[]>()

/** The parameters in the words, pipes and texts of commands. */
export function namesIn(commands: readonly Command[]): readonly string[] {
  const [only, ...more] = commands
  if (only && more.length === 0) return namesOf(only)
  return [...new Set(commands.flatMap(namesOf))]
}

function namesOf(command: Command): readonly string[] {
  const known = NAMES.get(command)
  if (known) return known
  const names = new Set<string>()
  const look = (words: readonly string[]) => {
    for (const word of words) if (word.includes('<')) for (const name of placeholdersIn(word)) names.add(name)
  }
  const { argv, filters, stdin } = command
  look(argv)
  for (const filter of filters) look(filter.argv)
  if (stdin !== undefined) look([stdin])
  const found = [...names]
  NAMES.set(command, found)
  return found
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
