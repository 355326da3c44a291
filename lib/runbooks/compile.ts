import 'server-only'
import { createHash } from 'node:crypto'
import type { Operation, PlaceholderMeaning } from '../operations/types'
import type { Command } from './command'
import { compileLine, type LineContext, meaningOf, neededNames, type Piece } from './language/compile-line'
import { bound, guide, type Place, StepIds, titleWith } from './language/make-steps'
import { readMeanings } from './language/meanings'
import { candidates, recognise } from './language/recognise'
import { Scope } from './language/scope'
import {
  type DocumentCard,
  type DocumentLine,
  type DocumentStep,
  parseDocument,
  type RunbookDocument,
  whyUnread,
} from './parse-document'
import { pitfallsOf } from './pitfalls'
import { requestsOfCommands } from './requests/of-commands'
import type { Card, LintLine, Runbook, Shown, Step } from './types'
import { LineReading, type ParsedLine, type UnderstoodLine } from './words'

export interface CompileInput {
  text: string
  file: string
  catalogue: readonly Operation[]
  /** Say of each typed line which requests kubectl would send for it, too. */
  requests?: boolean
  /** What was read in documents before this one: those of one folder say much the same. */
  reading?: LineReading
}

export interface Compiled {
  runbook: Runbook
  lines: LintLine[]
  /** Lines that are understood and become no step, with where they stand: `oc project shop`, `NS=shop`. */
  stepless: Stepless[]
}

export interface Stepless {
  cardId: string
  title: string
  line: LintLine
}

/** Compiles a Markdown runbook, and says of each command line what became of it. */
export function compile({
  text,
  file,
  catalogue,
  requests = false,
  reading = new LineReading(),
}: CompileInput): Compiled {
  const document = parseDocument(text)
  const { meanings, warnings } = readMeanings(document)
  const context: Context = {
    file,
    catalogue,
    document,
    placeholders: meanings,
    lines: [],
    stepless: [],
    reading,
    requests,
  }
  if (warnings.length > 0)
    context.lines.push({
      line: 1,
      text: '---',
      outcome: 'manual',
      operation: null,
      reason: 'The front matter is not understood as a whole.',
      warnings,
    })
  const unread = whyUnread(text)
  if (unread)
    context.lines.push({
      line: 1,
      text: '',
      outcome: 'manual',
      operation: null,
      reason: unread,
      warnings: [],
    })
  const cards = document.cards
    .map((card, index) => compileCard(card, index, context))
    .filter((card) => card.steps.length > 0)
  const { id } = document.frontMatter
  const runbook: Runbook = {
    id: typeof id === 'string' ? id : idOf(file),
    title: typeof document.frontMatter.title === 'string' ? document.frontMatter.title : document.title,
    file,
    version: createHash('sha256').update(text).digest('hex'),
    cards: cards.map((card, index) => ({ ...card, position: index + 1 })),
  }
  return { runbook, lines: context.lines, stepless: context.stepless }
}

/** An id from a file's name: `KubePodCrashLooping.md` → `kube-pod-crash-looping`. */
function idOf(file: string): string {
  return (file.split('/').at(-1) ?? file)
    .replace(/\.(?:md|markdown)$/i, '')
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-|-$/g, '')
}

/** Compiles a Markdown runbook to typed cards and steps. */
export function compileRunbook(input: CompileInput): Runbook {
  return compile(input).runbook
}

interface Context {
  file: string
  catalogue: readonly Operation[]
  document: RunbookDocument
  placeholders: Record<string, PlaceholderMeaning>
  lines: LintLine[]
  stepless: Stepless[]
  reading: LineReading
  requests: boolean
}

function compileCard(card: DocumentCard, index: number, context: Context): Card {
  const place: Place = {
    file: context.file,
    card,
    meanings: context.placeholders,
    ids: new StepIds(card.id),
    scope: Scope.EMPTY,
  }
  return {
    id: card.id,
    title: card.title,
    purpose: card.purpose,
    symptoms: card.symptoms,
    group: card.group,
    position: index + 1,
    steps: card.steps.flatMap((step) => compileStep(step, card, place, context)),
  }
}

/** The steps of a document's step; what stands beside its lines goes with the first. */
function compileStep(step: DocumentStep, card: DocumentCard, place: Place, context: Context): Step[] {
  const steps = stepsOf(step, card, place, context)
  const shown = shownOf(step)
  if (steps[0] && shown.length > 0) steps[0].shown = shown
  return steps
}

/** Characters of a text that go with a step: more is read in the runbook itself. */
const SHOWN_AT_MOST = 4_000

function shownOf({ output = [], attachments = [] }: DocumentStep): Shown[] {
  const cut = (text: string) => (text.length > SHOWN_AT_MOST ? `${text.slice(0, SHOWN_AT_MOST)}\n…` : text)
  return [
    ...(output.length > 0 ? [{ kind: 'output' as const, lang: '', text: cut(output.join('\n')) }] : []),
    ...attachments.slice(0, 5).map(({ lang, text }) => ({ kind: 'block' as const, lang, text: cut(text) })),
  ]
}

function stepsOf(step: DocumentStep, card: DocumentCard, place: Place, context: Context): Step[] {
  if (step.commands.length === 0)
    return [
      guide(step, place, {
        name: step.title,
        title: step.title,
        reason: step.note ?? 'A person does this.',
      }),
    ]
  const parsed = step.commands.map((line) => ({
    line,
    read: line.within === undefined ? context.reading.of(line.text) : { manual: line.within },
  }))
  const lineContext: LineContext = {
    catalogue: context.catalogue,
    meanings: context.placeholders,
    hints: {
      attributes: step.attributes,
      stepTitle: step.title,
      cardTitle: card.title,
      placeholders: context.placeholders,
    },
  }
  const together = compileTogether(parsed, place.scope, lineContext)
  if (together) {
    const lines = parsed.map(({ line, read }) => {
      const { commands, placeholders } = 'commands' in read ? read : { commands: [], placeholders: [] }
      const outcome = { operation: together.found.operation.id, placeholders }
      return { line, warnings: note(context, line, commands, outcome, card, step) }
    })
    return [
      bound(step, place, {
        name: step.title,
        title: step.title,
        piece: together,
        lines,
        understood: together.line,
      }),
    ]
  }
  const outcomes = parsed.map(({ line, read }) => ({
    line,
    read,
    outcome: outcomeOf(read, line.line, place, lineContext),
  }))
  const total = outcomes.reduce(
    (sum, { outcome }) => sum + ('manual' in outcome ? 1 : outcome.pieces.length),
    0,
  )
  const steps: Step[] = []
  for (const { line, read, outcome } of outcomes) {
    const commands = 'commands' in read ? capturesOf(read).concat(read.commands) : []
    if ('manual' in outcome || 'manual' in read) {
      const reason = 'manual' in outcome ? outcome.manual : ''
      const warnings = note(context, line, commands, { reason }, card, step)
      const why = `Line ${line.line}: ${reason}`
      const named = namesOf(step, line.text, steps.length, total)
      steps.push(guide(step, place, { ...named, line, warnings, reason: why }))
      continue
    }
    const operation = outcome.pieces
      .filter(({ feeds }) => feeds === undefined || read.commands.length === 0)
      .map(({ found }) => found.operation.id)
      .join(' + ')
    const { placeholders } = read
    const means = operation === '' ? meaningOf(read) : undefined
    const typed = { operation, placeholders, ...(means === undefined ? {} : { means }) }
    const lines = [{ line, warnings: note(context, line, commands, typed, card, step) }]
    const noted = context.lines.at(-1)
    if (noted && means !== undefined)
      context.stepless.push({ cardId: card.id, title: step.title, line: noted })
    for (const piece of outcome.pieces) {
      const text = outcome.pieces.length > 1 ? piece.found.commands[0]?.text : undefined
      const named = namesOf(step, text ?? line.text, steps.length, total)
      steps.push(bound(step, place, { ...named, piece, lines, understood: read }))
    }
  }
  return steps
}

/** What the id of a line's step is made of, and its title. */
function namesOf(
  step: DocumentStep,
  command: string,
  before: number,
  total: number,
): { name: string; title: string; of?: string } {
  const { title } = step
  if (total === 1 && !step.plain) return { name: title, title }
  const name = total === 1 ? title : `${title} (${before + 1} of ${total})`
  return { name, ...titleWith(title, command) }
}

/** What a line becomes where it stands; a namespace that it chooses is meant by what comes after, whoever types it. */
function outcomeOf(read: ParsedLine, at: number, place: Place, context: LineContext) {
  const { session } = read
  if (session) place.scope = place.scope.after(session)
  const outcome = 'manual' in read ? read : compileLine(read, at, place, context)
  if (!session || session.kind === 'elsewhere' || !('manual' in outcome)) return outcome
  const meant =
    session.kind === 'chosen'
      ? `The lines after it mean the namespace ${session.namespace}.`
      : 'The lines after it ask for the namespace where they name none.'
  return { manual: `${outcome.manual} ${meant}` }
}

function capturesOf(line: UnderstoodLine): Command[] {
  return line.bindings.flatMap((binding) => (binding.kind === 'captured' ? [binding.command] : []))
}

/** All lines of a step as one operation, when there are several and one means them all. */
function compileTogether(
  parsed: readonly { read: ParsedLine }[],
  scope: Scope,
  context: LineContext,
): (Piece & { line: UnderstoodLine }) | undefined {
  const lines: UnderstoodLine[] = []
  let count = 0
  for (const { read } of parsed) {
    if (
      'manual' in read ||
      read.bindings.length > 0 ||
      read.session ||
      read.commands.some((command) => command.repeated)
    )
      return undefined
    lines.push(read)
    count += read.commands.length
  }
  const first = lines.find(({ commands }) => commands.length > 0)?.commands[0]
  if (count < 2 || !first || candidates(first, true, context.catalogue).length === 0) return undefined
  const line: UnderstoodLine = {
    commands: lines.flatMap(({ commands }) => scope.commands(commands)),
    bindings: [],
    placeholders: lines.flatMap(({ placeholders }) => placeholders),
    unbound: lines.flatMap(({ unbound }) => unbound),
    notes: lines.flatMap(({ notes }) => notes),
  }
  const found = recognise(line.commands, context.hints, context.catalogue, neededNames(line, scope, context))
  return found && { found, scope, line }
}

function sentBy(
  commands: readonly Command[],
  placeholders: UnderstoodLine['placeholders'],
): Pick<LintLine, 'requests'> {
  const requests = requestsOfCommands(commands, placeholders)
  return requests ? { requests } : {}
}

function note(
  context: Context,
  line: DocumentLine,
  commands: readonly Command[],
  outcome:
    | (Pick<UnderstoodLine, 'placeholders'> & { operation: string; means?: string })
    | { reason: string },
  card: DocumentCard,
  step: DocumentStep,
) {
  const warnings = pitfallsOf(commands, { line, step, card, document: context.document })
  const typed = 'operation' in outcome
  context.lines.push({
    line: line.line,
    text: line.text,
    outcome: typed ? 'typed' : 'manual',
    // A line that only gives a parameter its value is understood, and no operation.
    operation: typed && outcome.operation !== '' ? outcome.operation : null,
    reason: typed ? null : outcome.reason,
    ...(typed && outcome.means ? { means: outcome.means } : {}),
    warnings,
    ...(typed && context.requests ? sentBy(commands, outcome.placeholders) : {}),
  })
  return warnings
}
