import type { Json, Operation } from '../../operations/types'
import { type Command, type KubectlCommand, placeholdersIn } from '../command'
import { isOwnMachine } from '../curl'

/** These point a command at another cluster or person, or at files of whoever types it: no operation has them. */
const ELSEWHERE = new Set(
  'context cluster user kubeconfig server token as as-group filename kustomize raw from-file from-env-file patch-file'.split(
    ' ',
  ),
)
/** A right may be asked for another's sake, and a binding names the person whom it gives one. */
export function pointsElsewhere({ verb, subverb = '' }: KubectlCommand, flag: string): boolean {
  if (flag === 'as' && verb === 'auth') return false
  if (flag === 'raw' && verb === 'get') return false
  if (flag === 'user' && verb === 'create' && subverb.endsWith('rolebinding')) return false
  return ELSEWHERE.has(flag)
}

/** With these a command still does what its fix does; any other (dry-run, force, all) makes it something else. */
const FIX_FLAGS = new Set(
  'v request-timeout replicas to-revision patch type from-literal min max cpu-percent stdin tty quiet wait timeout field-manager docker-server docker-username docker-password docker-email'.split(
    ' ',
  ),
)

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
  if (objects.length > 1 || objects.some(({ open, kind }) => open || kind.startsWith('<'))) return true
  if (command.allNamespaces && params.namespace !== undefined) return true
  const kept = new Set(textsIn(params))
  if (command.container !== undefined && params.container !== command.container) return true
  return [command.selector, command.flags['field-selector']].some(
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

/** Services are asked over plain HTTP; what a certificate is held against is known to the machine on which curl runs. */
function isAskedInCluster(url: string): boolean {
  return /^(?!https:)/i.test(url) && !isOwnMachine(url)
}

/** Whether an operation does what the flags of a command ask for, so that none is dropped in silence. */
export function heeds(operation: Operation, command: Command, params: Record<string, Json>): boolean {
  if (command.stdin !== undefined && params.stdin !== command.stdin) return false
  if (command.program === 'curl') return isAskedInCluster(command.url)
  if (command.program !== 'kubectl') return true
  if (!keepsWords(command, params) && meansMore(command, params)) return false
  const { filename, ...rest } = command.flags
  const flags = Object.keys(filename === '-' && command.stdin !== undefined ? rest : command.flags)
  if (flags.some((flag) => pointsElsewhere(command, flag))) return false
  if (operation.effect === 'read' || keepsWords(command, params)) return true
  return !command.allNamespaces && flags.every((flag) => FIX_FLAGS.has(flag))
}

/** Whether what the commands need from elsewhere is still asked for: an operation may read a name as "any". */
export function keeps(
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
