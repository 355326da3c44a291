import type { InputSpec, Json, PlaceholderMeaning } from '../../operations/types'
import { type Command, type Filter, type KubectlCommand, placeholdersIn } from '../command'
import { manifestsOf } from '../requests/creates'
import type { Parameter } from '../types'
import { clockOf } from './clock'
import { formOf } from './forms'
import { namesIn } from './keeps-all'
import type { Placeholder } from './placeholders'
import type { Recognised } from './recognise'
import type { SessionChoice } from './session-namespace'
import type { UnderstoodLine } from './types'
import { programOf } from './wrappers'

type Value =
  | { kind: 'assigned'; line: number; value: string }
  | { kind: 'captured'; line: number }
  | {
      kind: 'left'
      line: number
      capture: string
      oneWord: boolean
      /** It stands in the line itself. */
      inline: boolean
    }

/** Parameters of one card whose values are kept; a person fills in the others. Bounds what copying costs. */
const KEPT_AT_MOST = 200

/** Where a namespace was chosen that is not known, whoever runs a line says it. */
const ASKED = '<namespace>'

/** What the lines of a card have given parameters so far. It never changes: a line makes another one. */
export class Scope {
  private constructor(
    private readonly values: ReadonlyMap<string, Value>,
    /** The namespace of commands that name none. */
    private readonly namespace?: string,
  ) {}

  static readonly EMPTY = new Scope(new Map())

  /** With a value from there on. One that names other parameters stands for them; an empty one gives nothing. */
  assign(name: string, value: string, line: number): Scope {
    const resolved = this.resolve(value)
    const values = new Map(this.values)
    if (resolved === '' || resolved === `<${name}>`) values.delete(name)
    else if (values.size < KEPT_AT_MOST || values.has(name))
      values.set(name, { kind: 'assigned', line, value: resolved })
    return new Scope(values, this.namespaceWithout(name))
  }

  /** With the output of that line from there on. */
  capture(name: string, line: number): Scope {
    return this.with(name, { kind: 'captured', line })
  }

  /** With a value from there on that a person or the clock gives, as the capture says. */
  leave(name: string, line: number, how: { capture: string; oneWord: boolean; inline: boolean }): Scope {
    return this.with(name, { kind: 'left', line, ...how })
  }

  private with(name: string, value: Value): Scope {
    if (this.values.size >= KEPT_AT_MOST && !this.values.has(name)) return this
    return new Scope(new Map(this.values).set(name, value), this.namespaceWithout(name))
  }

  /** The namespace as it was chosen, when a name in it gets another value. */
  private namespaceWithout(name: string): string | undefined {
    if (!this.namespace?.includes(`<${name}>`)) return this.namespace
    const value = this.values.get(name)
    return value?.kind === 'assigned' ? this.namespace.replaceAll(`<${name}>`, value.value) : ASKED
  }

  /** After a line that says something of the namespace of what follows. */
  after(choice: SessionChoice): Scope {
    if (choice.kind === 'chosen') return new Scope(this.values, this.resolve(choice.namespace))
    // Before any choice, another context changes nothing that is known here.
    if (choice.kind === 'elsewhere' && this.namespace === undefined) return this
    return new Scope(this.values, ASKED)
  }

  get(name: string): Value | undefined {
    return this.values.get(name)
  }

  /** Names that an operation must keep: their values are known to come from somewhere. */
  names(): string[] {
    return Array.from(this.values.keys())
  }

  /** A text in which each parameter that stands for others is written as them. */
  resolve(text: string): string {
    if (!text.includes('<')) return text
    return text.replace(/<([a-z][a-z0-9.-]*)>/g, (whole, name: string) => {
      const value = this.values.get(name)
      return value?.kind === 'assigned' && placeholdersIn(value.value).length > 0 ? value.value : whole
    })
  }

  /** Commands in which each parameter that stands for others is written as them. */
  commands(commands: readonly Command[]): readonly Command[] {
    return this.changesNothing() ? commands : commands.map((command) => this.within(command))
  }

  private changesNothing(): boolean {
    return this.values.size === 0 && this.namespace === undefined
  }

  /** A command in which each parameter that stands for others is written as them, in the namespace chosen before. */
  within(command: Command): Command {
    if (this.changesNothing()) return command
    const aliased = namesIn([command]).some((name) => this.resolve(`<${name}>`) !== `<${name}>`)
    const plain = aliased ? (this.deep(command as unknown as Json) as unknown as Command) : command
    return this.namespace === undefined ? plain : inNamespace(plain, this.namespace)
  }

  private deep(value: Json): Json {
    if (typeof value === 'string') return this.resolve(value)
    if (Array.isArray(value)) return value.map((item) => this.deep(item))
    if (value && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.deep(item)]))
    return value
  }
}

/** Verbs about the cluster as a whole. */
const CLUSTER_WIDE = new Set(
  'cordon uncordon drain taint api-resources api-versions cluster-info version explain certificate'.split(
    ' ',
  ),
)

/** A command that says the namespace it means, as a person would have to type it elsewhere. */
function inNamespace(command: Command, namespace: string): Command {
  if (command.program !== 'kubectl' || command.namespace !== undefined || command.allNamespaces)
    return command
  const { verb, resources } = command
  const filters = command.filters.map((filter) => xargsInNamespace(filter, namespace))
  const wide = resources.length > 0 && resources.every(({ type }) => type?.namespaced === false)
  if (wide || CLUSTER_WIDE.has(verb) || saysItself(command)) return { ...command, filters }
  const [program = 'kubectl', ...words] = command.argv
  return { ...command, namespace, filters, argv: [program, '-n', namespace, ...words] }
}

/** Whether each object of a manifest names its namespace: kubectl refuses another one beside it. */
function saysItself(command: KubectlCommand): boolean {
  if (command.stdin === undefined || command.flags.filename === undefined) return false
  const objects = manifestsOf(command)
  return (
    !('manual' in objects) &&
    objects.every(({ body }) => (body as { metadata?: { namespace?: string } }).metadata?.namespace)
  )
}

/** The kubectl that xargs runs means that namespace, too. */
function xargsInNamespace(filter: Filter, namespace: string): Filter {
  const at = filter.program === 'xargs' ? filter.argv.findIndex(isKubectl) : -1
  const words = filter.argv.slice(at + 1)
  if (at < 0 || words.some((word) => /^(-n|--namespace|-A|--all-namespaces)/.test(word))) return filter
  return { ...filter, argv: [...filter.argv.slice(0, at + 1), '-n', namespace, ...words] }
}

function isKubectl(word: string): boolean {
  return ['kubectl', 'oc'].includes(programOf(word))
}

/** What a person knows the parameter by, in their spelling where the line has it. */
function spellingOf(name: string, placeholders: readonly Placeholder[]): string {
  return placeholders.find((one) => one.name === name)?.spelling ?? `<${name}>`
}

/** The `$(…)` whose value a person or the clock gives a parameter. */
export function leftTo(name: string, scope: Scope): string | undefined {
  const value = scope.get(name)
  return value?.kind === 'left' ? value.capture : undefined
}

/** `pod-name` → "Pod name"; of a `$(cat key.json)` what the file holds. */
function labelOf(name: string, spelling: string): string {
  const [, file] = /^(?:\$\(|`)cat (\S+?)(?:\)|`)$/.exec(spelling) ?? []
  if (file !== undefined) return `Contents of ${file}`
  const words = name.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The parameters of a step (`names` are those in its commands) and where each has its value from. */
export function parametersOf(
  names: readonly string[],
  commands: readonly Command[],
  line: Pick<UnderstoodLine, 'placeholders' | 'unbound'>,
  scope: Scope,
  meanings: Record<string, PlaceholderMeaning>,
): Parameter[] {
  const named = names.flatMap((name): Parameter[] => {
    const kind = meanings[name]?.kind
    if (kind === 'pod' || kind === 'generated-secret') return []
    const value = scope.get(name)
    const provenance =
      value && value.kind !== 'left' ? { kind: value.kind, line: value.line } : { kind: 'typed' as const }
    return [{ name, spelling: spellingOf(name, line.placeholders), provenance }]
  })
  if (line.unbound.length === 0) return named
  const words = commands.flatMap((command) => command.argv)
  const open = line.unbound
    .filter((spelling) => words.some((word) => word.includes(spelling)))
    .map((spelling): Parameter => ({ name: '', spelling, provenance: { kind: 'unbound' } }))
  return [...named, ...open]
}

/** What a person fills in (`named` are the names in the commands): placeholders left in parameters and pipes, then what the operation lets them change. */
export function inputsOf(
  named: readonly string[],
  { operation, params, commands, filters = [], printed }: Recognised,
  scope: Scope,
  meanings: Record<string, PlaceholderMeaning>,
): InputSpec[] {
  const inputs: InputSpec[] = []
  // Without a placeholder in the words there is none in what was made of them.
  const names =
    named.length > 0
      ? placeholdersIn(JSON.stringify([params, printed?.params ?? null, filters.map(({ argv }) => argv)]))
      : []
  for (const name of new Set(names)) {
    const known = meanings[name]
    if (known?.kind === 'generated-secret' || known?.kind === 'pod') continue
    const value = scope.get(name)
    const range =
      known?.min !== undefined && known.max !== undefined ? `${known.min} to ${known.max}` : undefined
    const left = value?.kind === 'left' ? value : undefined
    // One time for all lines that use a variable is for whoever runs them to say.
    const clock = left?.inline ? clockOf(left.capture) : undefined
    const from =
      value?.kind === 'captured'
        ? `Left empty, it is taken from the output of line ${value.line}`
        : clock
          ? `Left empty, it is the time at that moment (UTC), as ${left?.capture} writes it`
          : left
            ? `${left.capture}${left.inline ? '' : ` of line ${left.line}, the same for every step that uses it`}${left.oneWord ? ', one word' : ''}`
            : value && `Set on line ${value.line}`
    // That kubectl wants the type as well holds whatever a runbook says of the value.
    const place = formOf(name, commands)
    const form = known && !place?.typeAndName ? undefined : place
    const help = [known?.help ?? form?.help, range, from].filter(Boolean).join(' · ')
    const preset = value?.kind === 'assigned' ? value.value : known?.default
    inputs.push({
      name,
      label: known?.label ?? (clock ? 'time' : labelOf(name, left?.capture ?? '')),
      type: known?.type ?? form?.type ?? 'text',
      required: value?.kind !== 'captured' && !clock,
      ...(help ? { help } : {}),
      ...(preset === undefined ? {} : { default: preset }),
      ...(clock ? { clock } : {}),
      ...(left?.oneWord ? { oneWord: true } : {}),
      ...(form?.typeAndName ? { typeAndName: true } : {}),
      ...(known?.min === undefined ? {} : { min: known.min }),
      ...(known?.max === undefined ? {} : { max: known.max }),
    })
  }
  return [...inputs, ...(operation.inputs?.(params) ?? [])]
}
