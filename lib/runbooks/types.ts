/** A compiled runbook. Universal types; plain data. */
import type { InputSpec, Json, Permission, Risk } from '../operations/types'
import type { Filter } from './command'

export interface Source {
  file: string
  /** 1-based line of the first command. */
  line: number
}

/** A pitfall seen in a line, flagged by name: `redis-del-glob`, `logs-of-one-pod`. */
export interface Warning {
  id: string
  message: string
}

interface StepBase {
  /** `card-id/step-slug`, unique and stable. */
  id: string
  cardId: string
  title: string
  /** The command lines as written in the runbook, placeholders and all. */
  commands: string[]
  source: Source
  warnings: Warning[]
  /** Prose that stands directly above the step, plain text. */
  note?: string
  /** What the runbook shows beside the lines, to compare with: what a program printed, a manifest, a query. */
  shown?: Shown[]
}

/** A text of the runbook that is no command. */
export interface Shown {
  kind: 'output' | 'block'
  /** Language of a block, lower case; empty when it names none. */
  lang: string
  text: string
}

/** A value that a step needs and its line leaves open. */
export interface Parameter {
  /** As in `<name>` in `params` and in `inputs`; empty for a name left open without a word for it. */
  name: string
  /** As the runbook writes it: `$POD_NAME`. */
  spelling: string
  provenance:
    | { kind: 'typed' }
    /** An earlier line of the card gives it this value, as the default of its input. */
    | { kind: 'assigned'; line: number }
    /** It is what the step on that line which `feeds` it prints. */
    | { kind: 'captured'; line: number }
    /** Nobody can know it (`web-...`): a step with one is never sent. */
    | { kind: 'unbound' }
}

export interface BoundStep extends StepBase {
  kind: 'check' | 'fix'
  operation: string
  /** May lack what `inputs` still have to supply. */
  params: { [key: string]: Json }
  inputs: InputSpec[]
  /** The line a person would type, made by the operation from the parameters. */
  kubectl: string
  /** Pipeline stages that the operation leaves to lib/runbooks/filters: they add text, never change the verdict. */
  filters?: Filter[]
  /** Whose text the pipe or a later step reads, where the operation shows something else than the program prints. */
  printed?: { operation: string; params: { [key: string]: Json } }
  /** What the line leaves open, and where its values come from. */
  parameters?: Parameter[]
  /** The parameter of later steps of the card that the output of this check gives its value. */
  feeds?: string
  /** A person would look at it again and again (watch). */
  repeated?: true
  /** What was left out of the line and why that changes nothing, in sentences. */
  leftOut?: string[]
  /** For a fix: who may press it, and how risky it is. */
  needs?: Permission
  risk?: Risk
}

export interface GuideStep extends StepBase {
  kind: 'guide'
  /** Why it is not automated, with the line it stands on. */
  reason: string
}

export type Step = BoundStep | GuideStep

export interface Card {
  id: string
  title: string
  /** What it is for, in a sentence. */
  purpose: string
  symptoms: string[]
  /** Heading it stands under: "Common issues". */
  group: string
  steps: Step[]
  /** 1-based position in the runbook. */
  position: number
}

export interface Runbook {
  id: string
  title: string
  file: string
  /** SHA-256 of the text. */
  version: string
  cards: Card[]
  /** Of a board: the runbooks that it is made of. */
  parts?: RunbookPart[]
}

export interface RunbookPart {
  id: string
  title: string
  /** As in the `source` of its steps. */
  file: string
  version: string
}

/** One command line of a document and what became of it. */
export interface LintLine {
  line: number
  text: string
  outcome: 'typed' | 'manual'
  operation: string | null
  reason: string | null
  /** Of a typed line without an operation: what it means for the lines after it, in sentences. */
  means?: string
  warnings: Warning[]
  /** For a typed line, when they were asked for: what kubectl would send for it, in order; queries percent-encoded. */
  requests?: { method: string; path: string; query?: string; contentType?: string; body?: string }[]
}

export interface LintReport {
  summary: { commandLines: number; typed: number; manual: number }
  lines: LintLine[]
}
