import type { Command } from '../command'
import type { Placeholder } from './placeholders'
import type { SessionChoice } from './session-namespace'

/** Gives a parameter its value before the commands of a line run. */
export type Binding = {
  /** Name of the parameter. */
  parameter: string
  /** As written: `POD=$(…)`, or the `$(…)` that stands in a word. */
  text: string
} & (
  | { kind: 'assigned'; value: string }
  /** A `$(…)` whose value a person or the clock gives: `$(cat key.json)`, `$(date +%s)`. */
  | {
      kind: 'left'
      capture: string
      /** It is not quoted: a shell would make several words of a value with blanks. */
      oneWord: boolean
    }
  /** The value is what this command prints, after its filters. */
  | { kind: 'captured'; command: Command }
)

/** What a command line means as a whole. */
export interface UnderstoodLine {
  commands: Command[]
  /** In the order in which a shell would make them. */
  bindings: Binding[]
  /** Every placeholder in order of appearance. */
  placeholders: Placeholder[]
  /** Spellings of names that nobody can fill in: `web-...`. */
  unbound: string[]
  /** What was left out of the line and why that changes nothing, in sentences. */
  notes: string[]
  /** What it means for the namespace of the lines after it: `oc project shop`. */
  session?: SessionChoice
}

export type ParsedLine = UnderstoodLine | { manual: string; session?: SessionChoice }
