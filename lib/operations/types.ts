/** The shape of everything Crashcart can do. See docs/decisions/0002-operations.md. */
import type { z } from 'zod'
import type { Permission, Role } from '../access/roles'
import type { Result } from '../core/result'
import type { Command } from '../runbooks/command'
import type { ClusterDryRun, ClusterReader, ClusterWriter } from '../targets/types'
import type { CheckResult, ObjectRef, RawText } from '../verdicts/types'

export type Risk = 'low' | 'medium' | 'high'

/** JSON, so that plans, parameters and outcomes can cross a process and be hashed. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** A value a person may set before a step runs. A secret one is never stored, logged or sent back. */
export interface InputSpec {
  /** Names the parameter it fills; dots reach into objects. */
  name: string
  label: string
  type: 'text' | 'integer' | 'quantity' | 'choice' | 'secret'
  /** Shown under the field: unit, range, what it means. */
  help?: string
  required: boolean
  choices?: { value: string; label: string }[]
  /** Filled in when the form opens. */
  default?: string
  min?: number
  max?: number
  /** Left empty, it is what `date` prints with these words at that moment. */
  clock?: readonly string[]
  /** Blanks would make several words of it in a shell. */
  oneWord?: true
  /** It names an object with its type: `pod/web-7d9f`. */
  typeAndName?: true
}

export interface ReadContext {
  cluster: ClusterReader
  signal: AbortSignal
  now(): Date
  /** Evidence older than this does not count: set when checks are run again to verify a fix. */
  since?: Date
  /** Secret inputs by name. Never part of params, results or logs. */
  secrets: Readonly<Record<string, string>>
  /**
   * What it prints goes into `openssl x509` and is kept nowhere, so values of Secrets that are certificates and
   * nothing else may stand in it.
   */
  certificates?: true
}

/** Previews may dry-run; they still cannot change anything. */
export interface PlanContext extends ReadContext {
  dryRun: ClusterDryRun
}

export interface WriteContext extends ReadContext {
  cluster: ClusterWriter
  /** Put on every Kubernetes write as annotation `crashcart.dev/run`, so recovery can look for it. */
  runId: string
}

/** The annotation that marks an object as last changed by a run. */
export const RUN_ANNOTATION = 'crashcart.dev/run'

/** What a heading, fence or front matter adds to a line, and what its placeholders stand for. */
export interface RecogniseHints {
  /** Fence attributes, for example {min: '60', max: '86400'}. */
  attributes: Record<string, string>
  /** Title of the step and of its card: for "Verify CORS settings" beside a plain `get configmap`. */
  stepTitle: string
  cardTitle: string
  /** Front matter `placeholders`: `<backend-pod>` → {workload:'deployment/backend-api', namespace}. */
  placeholders: Record<string, PlaceholderMeaning>
}

export type PlaceholderMeaning =
  | { kind: 'pod'; namespace?: string; workload: string }
  | {
      kind: 'input'
      label: string
      type: InputSpec['type']
      help?: string
      default?: string
      min?: number
      max?: number
    }
  | { kind: 'generated-secret' }

interface Base<P> {
  /** `<target>.<what>`: `kubernetes.pods`, `redis.flush`. */
  id: string
  /** Verb + object, for people: "Restart a workload". */
  title: string
  params: z.ZodType<P>
  /**
   * The parameters when these commands (one line, or the consecutive lines of one step) are this
   * operation, else undefined. Must leave any command it does not fully understand alone.
   */
  recognise(commands: readonly Command[], hints: RecogniseHints): Partial<P> | undefined
  /**
   * How the first command of what it recognises begins: `kubectl VERB`, `curl`. It is not asked about others; absent,
   * it is asked about all.
   */
  starts?: readonly string[]
  /** What is filled in may be a name and nothing more: anything else would change what is asked for. */
  namesOnly?: true
  /** It may recognise several commands as one; the others are asked about single commands only. */
  several?: true
  /** The line(s) a person would type for these parameters. */
  kubectl(params: P): string
  /** What a person may or must fill in; [] when nothing. */
  inputs?(params: Partial<P>): InputSpec[]
}

export interface Check<P> extends Base<P> {
  effect: 'read'
  /**
   * Its raw text is what the program of the line prints, so that pipes and captures may read it. Others show more or
   * something else than the program does, and are passed over where a text is read on.
   */
  prints?: true
  run(context: ReadContext, params: P): Promise<CheckResult>
}

/** What exists now, so that a later difference is seen: → `stale`. */
export interface Binding {
  object: string
  uid: string
  generation?: number
  /** SHA-256 of the fields the fix touches. */
  fields: string
}

export type Change =
  | { type: 'diff'; title: string; before: string; after: string }
  | { type: 'list'; title: string; items: string[]; more?: number }
  | { type: 'text'; title: string; text: string }

export interface Plan {
  /** The button: "Restart deployment/backend-api". */
  act: string
  /** What is locked while this runs. */
  target: ObjectRef
  changes: Change[]
  /** Names of what is touched: pods replaced, keys removed. */
  touches: string[]
  warnings: { level: 'info' | 'warn' | 'danger'; text: string }[]
  undo: { possible: boolean; text: string }
  /**
   * Names of secret values that are typed in at the press: `apply` gets them as `secrets`. They live in memory until
   * then, so such a fix cannot wait for a second person.
   */
  asks?: string[]
  /** What a person types to confirm a high-risk fix. */
  confirmName: string
  bindings: Binding[]
  /** What apply needs; plain data without secrets. */
  payload: Json
}

export interface Applied {
  /** What was done, in a sentence. */
  summary: string
  /** ISO time just before the first write was sent. */
  at: string
  /** What verify and undo need; plain data without secrets. */
  payload: Json
  /** What it printed, redacted and cut to what a run may carry: shown with the run. */
  output?: RawText[]
}

export interface Progress {
  /** `running` repeats; exactly one of the others ends the stream. */
  state: 'running' | 'done' | 'failed' | 'unknown'
  /** "2 of 3 pods replaced". */
  message: string
  done?: number
  total?: number
}

/** How to take a fix back: an operation with parameters (run as a new fix), or why it cannot be. */
export type Undo = { operation: string; params: Json } | { irreversible: string }

export interface Fix<P> extends Base<P> {
  effect: 'write'
  /** It sends more than one write: after a crash the mark on the first says nothing of the others. */
  severalWrites?: boolean
  /** Its act names the object and hardly what becomes of it: a run is told by the title of its step as well. */
  toldByStep?: true
  needs: Permission
  risk: Risk
  /** Its run shows what it printed, so a pipe behind it can be done here: its parameters take `filters`. */
  showsOutput?: true
  /** Names of the secret values that are typed in at the press, see `Plan.asks`. */
  asks?(params: Partial<P>): string[]
  /** Parameters in the commands that whoever presses it is asked for, and that are kept nowhere (see `Plan.asks`). */
  asksFor?(commands: readonly Command[]): readonly string[]
  /** Preview. Refusals (paused, in progress, nothing to change) are errors from here. */
  plan(context: PlanContext, params: P): Promise<Result<Plan>>
  /** Sends it, once, no retries. A time-out after sending returns code `timeout`. */
  apply(context: WriteContext, plan: Plan): Promise<Result<Applied>>
  /** Watches until the effect is there. The engine then runs the checks it should cure. */
  verify(context: ReadContext, plan: Plan, applied: Applied): AsyncIterable<Progress>
  undo?(plan: Plan, applied: Applied): Undo
}

// biome-ignore lint/suspicious/noExplicitAny: the catalogue holds operations of every parameter type; zod parses at the border
export type Operation = Check<any> | Fix<any>

export type { Permission, Role }
