/**
 * A command line after parsing, before it means anything: what operations recognise. Placeholders stay
 * in words as written but normalised to `<name>`; see `placeholdersIn`.
 */
import type { NamedType } from './kubectl-resources'

/** A kubectl resource argument: `deployment/backend-api`, `pods`. `kind` is the canonical Kind. */
export interface ResourceArgument {
  /** Canonical Kind; `All` for the category, `Pair` for `a=b`, `Word` for what is no resource. */
  kind: string
  group: string
  /** The full type as far as it is known without a cluster; absent for pairs and words. */
  type?: NamedType
  /** Absent for a list. */
  name?: string
  /** One placeholder stands for TYPE/NAME, so that neither is known before it is filled in. */
  open?: true
}

export interface KubectlCommand {
  program: 'kubectl'
  /** `get`, `logs`, `rollout`, … */
  verb: string
  /** `restart` of `rollout restart`, `generic` of `create secret generic`. */
  subverb?: string
  resources: ResourceArgument[]
  namespace?: string
  allNamespaces: boolean
  selector?: string
  output?: string
  container?: string
  /** Every other flag by its long name, without dashes; `true` for a bare switch; repeated ones joined in order. */
  flags: Record<string, string | true | string[]>
  /** What it is given on standard input, as by a heredoc. */
  stdin?: string
  /** The command after `--` of an exec. */
  inner?: Command
}

export interface CurlCommand {
  program: 'curl'
  method: string
  url: string
  headers: Record<string, string>
  body?: string
}

export interface OtherCommand {
  program: 'other'
  /** argv[0], for example `psql`, `redis-cli`. */
  name: string
}

export type Command = (KubectlCommand | CurlCommand | OtherCommand) & {
  argv: string[]
  /** The in-process filters of its pipeline, in order. */
  filters: Filter[]
  /** What it is given on standard input, as by a heredoc. */
  stdin?: string
  /** As written, without prompt and comment. */
  text: string
  /** It stands behind `watch`: a person looks at it again and again. */
  repeated?: true
}

/** A pipeline stage that runs in process. `argv` as written, for example ['grep','-i','rate']. */
export interface Filter {
  program: string
  argv: string[]
}

/** The names of the placeholders in a word: `kong-<pod-id>` → ['pod-id']. */
export function placeholdersIn(word: string): string[] {
  if (!word.includes('<')) return []
  const names: string[] = []
  for (const [, name = ''] of word.matchAll(PLACEHOLDER)) if (!PRINTED.has(name)) names.push(name)
  return names
}

const PLACEHOLDER = /<([A-Za-z][A-Za-z0-9_.-]*)>/g

/** What kubectl itself prints in angle brackets, for `grep '<none>'`. */
const PRINTED = new Set(['none', 'nil', 'pending', 'unknown', 'unset', 'invalid'])

/** Whether the whole word is one placeholder: `<pod-name>`. */
export function isPlaceholder(word: string): boolean {
  return /^<[A-Za-z][A-Za-z0-9_.-]*>$/.test(word)
}
