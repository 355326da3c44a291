import 'server-only'
import {
  type Command,
  type CurlCommand,
  type Filter,
  isPlaceholder,
  type KubectlCommand,
  placeholdersIn,
} from '../runbooks/command'
import type { PodSelection } from './pod-selection'
import { WORKLOADS } from './resolve-pods'
import type { RecogniseHints } from './types'

/** The only command of a step, or undefined when there are more. */
export function only(commands: readonly Command[]): Command | undefined {
  return commands.length === 1 ? commands[0] : undefined
}

/** The only command, when it is kubectl with that verb (and second verb). */
export function kubectl(
  commands: readonly Command[],
  verb: string,
  subverb?: string,
): (Command & KubectlCommand) | undefined {
  const command = only(commands)
  if (command?.program !== 'kubectl' || command.verb !== verb) return undefined
  return subverb === undefined || command.subverb === subverb ? command : undefined
}

/** The one resource of a kubectl command, when it is of that kind. */
export function resource(command: KubectlCommand, kind: string): { name?: string } | undefined {
  const [first, ...more] = command.resources
  return first && more.length === 0 && first.kind === kind ? first : undefined
}

export interface Grep {
  /** The words any of which matches: `grep -E "a|b"` has two. */
  words: string[]
  pattern: string
  ignoreCase: boolean
  invert: boolean
  /** Lines after a match (-A). */
  after: number
}

/** The filters as one grep; undefined for none or for anything else. */
export function grepOf(filters: readonly Filter[]): Grep | undefined {
  const [filter, ...more] = filters
  if (!filter || more.length > 0 || !['grep', 'egrep'].includes(filter.program)) return undefined
  const grep: Grep = { words: [], pattern: '', ignoreCase: false, invert: false, after: 0 }
  const words = filter.argv.slice(1)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (word === '-A') grep.after = Number(words[++i])
    else if (/^-A\d+$/.test(word)) grep.after = Number(word.slice(2))
    else if (word === '-e') grep.pattern = words[++i] ?? ''
    else if (/^-[ivEF]+$/.test(word)) {
      grep.ignoreCase ||= word.includes('i')
      grep.invert ||= word.includes('v')
    } else if (word.startsWith('-')) return undefined
    else if (grep.pattern === '') grep.pattern = word
    else return undefined
  }
  if (grep.pattern === '') return undefined
  const extended = filter.program === 'egrep' || words.some((word) => /^-[ivEF]*E[ivEF]*$/.test(word))
  const fixed = words.some((word) => /^-[ivEF]*F[ivEF]*$/.test(word))
  grep.words = extended && !fixed ? grep.pattern.split('|') : [grep.pattern]
  // Plain words are what people look for in logs; a real expression is left to whoever can read it whole.
  if (!fixed && grep.words.some((word) => word === '' || /[\\^$.*+?()[\]{}]/.test(word))) return undefined
  return grep
}

/** Which pods a pod argument means: a name, a workload, or what its placeholder stands for. */
export function selectPods(
  namespace: string | undefined,
  target: { kind: string; name?: string },
  hints: RecogniseHints,
): PodSelection | undefined {
  const where = namespace ?? 'default'
  const { kind, name } = target
  if (!name) return undefined
  if (kind !== 'Pod') return { namespace: where, workload: `${kind.toLowerCase()}/${name}` }
  const [placeholder] = placeholdersIn(name)
  if (placeholder === undefined) return { namespace: where, pod: name }
  const meaning = hints.placeholders[placeholder]
  if (meaning?.kind === 'pod') return { namespace: meaning.namespace ?? where, workload: meaning.workload }
  // Nobody said which pods it stands for: whoever runs the step names the pod.
  if (isPlaceholder(name)) return { namespace: where, pod: name }
  const [, prefix] = ANY_OF_THEM.exec(name) ?? []
  return prefix === undefined ? undefined : { namespace: where, prefix }
}

/** `kong-<pod-id>`: the rest of the name is made up by a controller, so that any of these pods will do. */
const ANY_OF_THEM = /^([^<>]+-)<(?:(?:pod-)?(?:id|hash|suffix)|pod-template-hash|random|x{3,})>$/

/** An exec: which pods, and the command inside. */
export function insidePods(
  commands: readonly Command[],
  hints: RecogniseHints,
): { pods: PodSelection; inner: Command; filters: Filter[] } | undefined {
  const command = kubectl(commands, 'exec')
  const target = command?.resources[0]
  if (!command?.inner || !target) return undefined
  const pods = selectPods(command.namespace, target, hints)
  return pods ? { pods, inner: command.inner, filters: command.filters } : undefined
}

/** A call of that program inside pods, with its arguments. */
export function programInside(
  commands: readonly Command[],
  hints: RecogniseHints,
  program: string,
): { pods: PodSelection; args: string[]; filters: Filter[] } | undefined {
  const inside = insidePods(commands, hints)
  if (!inside || inside.inner.argv[0]?.split('/').at(-1) !== program) return undefined
  return { pods: inside.pods, args: inside.inner.argv.slice(1), filters: inside.filters }
}

/** A curl inside pods to localhost. */
export function curlInside(
  commands: readonly Command[],
  hints: RecogniseHints,
): { pods: PodSelection; curl: CurlCommand; url: URL; filters: Filter[] } | undefined {
  const inside = insidePods(commands, hints)
  if (inside?.inner.program !== 'curl') return undefined
  try {
    return { pods: inside.pods, curl: inside.inner, url: new URL(inside.inner.url), filters: inside.filters }
  } catch {
    return undefined
  }
}

/** `deployment/web` of the only object of a command, when it is a workload; a ReplicaSet of that name is not. */
export function workloadIn(command: KubectlCommand | undefined): string | undefined {
  const [target, ...more] = command?.resources ?? []
  return target?.name !== undefined && more.length === 0 && WORKLOADS.some((kind) => kind === target.kind)
    ? `${target.kind.toLowerCase()}/${target.name}`
    : undefined
}

/** A whole number on the line; the placeholder in its place is read as one by the schema, once it is filled in. */
export function wholeNumber(value: string | true | string[] | undefined): number | undefined {
  if (typeof value !== 'string') return undefined
  if (isPlaceholder(value)) return value as unknown as number
  return /^\d+$/.test(value) ? Number(value) : undefined
}

/** How a person names the pods of a selection after `kubectl exec` or `kubectl logs`. */
export function podArgument(selection: PodSelection): string {
  if (selection.pod) return selection.pod
  if (selection.workload) return selection.workload
  if (selection.prefix) return `${selection.prefix}<pod-id>`
  return selection.selector ? `-l ${selection.selector}` : '<pod-name>'
}
