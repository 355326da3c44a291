import type { PlaceholderMeaning } from '../../operations/types'
import { shorten } from '../document/steps'
import { writeFilters } from '../filters'
import type { DocumentCard, DocumentLine, DocumentStep } from '../parse-document'
import type { BoundStep, GuideStep, Warning } from '../types'
import type { Piece } from './compile-line'
import { namesIn } from './keeps-all'
import type { Recognised } from './recognise'
import { inputsOf, leftTo, parametersOf, type Scope } from './scope'
import type { UnderstoodLine } from './types'

const SLUGS = new Map<string, string>()
/** Titles whose slugs are kept: documents say "Check" and "Restart" again and again. */
const SLUGS_AT_MOST = 1_000

function slugOf(title: string): string {
  const known = SLUGS.get(title)
  if (known !== undefined) return known
  const plain = title.toLowerCase()
  const slug =
    (/^[ -~]*$/.test(plain) ? plain : plain.normalize('NFKD'))
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60) || 'step'
  if (SLUGS.size < SLUGS_AT_MOST) SLUGS.set(title, slug)
  return slug
}

/** Ids of the steps of one card, made of their titles; a title that comes again gets a number. */
export class StepIds {
  private readonly taken = new Map<string, number>()

  constructor(private readonly cardId: string) {}

  of(title: string): string {
    const first = `${this.cardId}/${slugOf(title)}`
    let n = this.taken.get(first) ?? 0
    let id = first
    do {
      n += 1
      id = n === 1 ? first : `${first}-${n}`
    } while (n > 1 && this.taken.has(id))
    this.taken.set(first, n)
    if (n > 1) this.taken.set(id, 1)
    return id
  }
}

const TYPED = new WeakMap<object, string>()

/** The line that a person would type. Repeated lines share their parameters, which are of one operation only. */
function typedFor({ operation, params }: Recognised): string {
  const known = TYPED.get(params)
  if (known !== undefined) return known
  const typed = operation.kubectl(params)
  TYPED.set(params, typed)
  return typed
}

/** A line with the `$(…)` that nobody runs in their place, as a person would type it. */
function withCaptures(typed: string, scope: Scope): string {
  // Between single quotes a shell would leave them as they are.
  if (!typed.includes('<') || typed.includes("'")) return typed
  return typed.replace(/<([a-z][a-z0-9.-]*)>/g, (whole, name: string) => {
    const capture = leftTo(name, scope)
    return capture === undefined ? whole : `"${capture}"`
  })
}

/** Where in a runbook a step stands. */
export interface Place {
  file: string
  card: DocumentCard
  meanings: Record<string, PlaceholderMeaning>
  ids: StepIds
  scope: Scope
}

/** Characters of a command in a title. */
const COMMAND_AT_MOST = 64

/** Characters of a title that may stand before a command: a whole sentence would hide it. */
const BEFORE_COMMAND = 40

/**
 * A title with the command that tells this step from others of that title: `Diagnosis: get pods -n shop`. A sentence
 * that stands above several lines says what they are for together, so it becomes a note of each.
 */
export function titleWith(title: string, command: string): { title: string; of?: string } {
  // Most lines need none of this, and there may be a hundred thousand.
  let words = /\s\s|[\\\n\t]/.test(command) ? command.replace(/\\?\s+/g, ' ').trim() : command
  if (words.includes(' #')) words = words.replace(/ #.*$/, '')
  words = words.replace(/^(?:sudo )?(?:kubectl|oc|k) (?=\S)/, '')
  // What is done comes before where.
  const [, where, what] =
    (/^--?n/.test(words) && /^((?:-n|--namespace)[ =]\S+) (?!.* -- )(.+)$/.exec(words)) || []
  const short = shorten(where && what ? `${what} ${where}` : words.replace(/^-n \S+ /, ''), COMMAND_AT_MOST)
  if (short === '') return { title }
  const before = title.replace(/[;,:.]+$/, '')
  return before.length > BEFORE_COMMAND
    ? { title: short.charAt(0).toUpperCase() + short.slice(1), of: before }
    : { title: `${before}: ${short}` }
}

function noteWith(of: string | undefined, note: string | undefined): string | undefined {
  return of && note ? `${of}. ${note}` : (of ?? note)
}

/** A step that a person does. */
export function guide(
  step: DocumentStep,
  { file, card, ids }: Place,
  of: { name: string; title: string; of?: string; reason: string; line?: DocumentLine; warnings?: Warning[] },
): GuideStep {
  const made: GuideStep = {
    id: ids.of(of.name),
    cardId: card.id,
    title: of.title,
    kind: 'guide',
    commands: of.line ? [of.line.text] : [],
    source: { file: file, line: of.line?.line ?? step.line },
    warnings: of.warnings ?? [],
    reason: of.reason,
  }
  const note = noteWith(of.of, step.note)
  if (note) made.note = note
  return made
}

/** A step that an operation does. Built in place: there are as many of these as command lines. */
export function bound(
  step: DocumentStep,
  { file, card, ids, meanings }: Place,
  of: {
    /** What the id is made of: it outlives a change of the command. */
    name: string
    title: string
    /** What several lines are for together. */
    of?: string
    piece: Piece
    lines: readonly { line: DocumentLine; warnings: Warning[] }[]
    understood: UnderstoodLine
  },
): BoundStep {
  const { found, feeds, scope } = of.piece
  const { operation, params, filters, printed, commands } = found
  // The line of the one whose text is read on: the pipe behind it is about that text.
  const typed = typedFor(printed ?? found)
  const names = namesIn(commands)
  const made: BoundStep = {
    id: ids.of(of.name),
    cardId: card.id,
    title: of.title,
    kind: operation.effect === 'read' ? 'check' : 'fix',
    operation: operation.id,
    params,
    inputs: inputsOf(names, found, scope, meanings),
    kubectl: withCaptures(filters ? `${typed} ${writeFilters(filters)}` : typed, scope),
    commands: of.lines.map(({ line }) => line.text),
    source: { file: file, line: of.lines[0]?.line.line ?? step.line },
    warnings: of.lines.flatMap(({ warnings }) => warnings),
  }
  const parameters = parametersOf(names, commands, of.understood, scope, meanings)
  const note = noteWith(of.of, step.note)
  if (note) made.note = note
  if (filters) made.filters = filters
  if (printed) made.printed = { operation: printed.operation.id, params: printed.params }
  if (parameters.length > 0) made.parameters = parameters
  if (feeds !== undefined) made.feeds = feeds
  if (commands.some((command) => command.repeated)) made.repeated = true
  if (of.understood.notes.length > 0) made.leftOut = of.understood.notes
  if (operation.effect === 'write') {
    made.needs = operation.needs
    made.risk = operation.risk
  }
  return made
}
