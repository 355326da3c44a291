import 'server-only'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { InputSpec, Json, Operation, PlaceholderMeaning, RecogniseHints } from '../operations/types'
import { type Command, type Filter, placeholdersIn } from './command'
import { whyNot, writeFilters } from './filters'
import {
  type DocumentCard,
  type DocumentLine,
  type DocumentStep,
  parseDocument,
  type RunbookDocument,
  whyUnread,
} from './parse-document'
import { pitfallsOf } from './pitfalls'
import type { BoundStep, Card, GuideStep, LintLine, Runbook, Step, Warning } from './types'
import { parseCommandLine } from './words'

const meaning = z.union([
  z.object({ kind: z.literal('pod').default('pod'), namespace: z.string().optional(), workload: z.string() }),
  z.object({ kind: z.literal('generated-secret') }),
  z.object({
    kind: z.literal('input').default('input'),
    label: z.string(),
    type: z.enum(['text', 'integer', 'quantity', 'choice', 'secret']).default('text'),
    help: z.string().optional(),
    default: z.coerce.string().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
  }),
])

/** Front matter `placeholders`; a meaning that does not parse is left out, told, and the placeholder stays unbound. */
function placeholders(document: RunbookDocument): {
  meanings: Record<string, PlaceholderMeaning>
  warnings: Warning[]
} {
  const warn = (message: string): Warning => ({ id: 'front-matter', message })
  const warnings = document.frontMatterError ? [warn(document.frontMatterError)] : []
  const given = document.frontMatter.placeholders
  if (given === undefined) return { meanings: {}, warnings }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return { meanings: {}, warnings: [...warnings, warn('`placeholders` must be a map of names.')] }
  const meanings = Object.entries(given).flatMap(([name, value]): [string, PlaceholderMeaning][] => {
    const read = meaning.safeParse(value)
    if (read.success) return [[name, read.data as PlaceholderMeaning]]
    warnings.push(warn(`The meaning of <${name}> is not understood, so it stays a plain text field.`))
    return []
  })
  return { meanings: Object.fromEntries(meanings), warnings }
}

export interface CompileInput {
  text: string
  file: string
  catalogue: readonly Operation[]
}

export interface Compiled {
  runbook: Runbook
  lines: LintLine[]
}

/** Compiles a Markdown runbook, and says of each command line what became of it. */
export function compile({ text, file, catalogue }: CompileInput): Compiled {
  const document = parseDocument(text)
  const { meanings, warnings } = placeholders(document)
  const context: Context = {
    file,
    catalogue,
    document,
    placeholders: meanings,
    lines: [],
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
    id: typeof id === 'string' ? id : (file.split('/').at(-1) ?? file).replace(/\.md$/, ''),
    title: typeof document.frontMatter.title === 'string' ? document.frontMatter.title : document.title,
    file,
    version: createHash('sha256').update(text).digest('hex'),
    cards: cards.map((card, index) => ({ ...card, position: index + 1 })),
  }
  return { runbook, lines: context.lines }
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
}

function compileCard(card: DocumentCard, index: number, context: Context): Card {
  const taken = new Set<string>()
  const stepId = (title: string) => {
    const slug =
      title
        .toLowerCase()
        .normalize('NFKD')
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '')
        .slice(0, 60) || 'step'
    let id = `${card.id}/${slug}`
    for (let n = 2; taken.has(id); n++) id = `${card.id}/${slug}-${n}`
    taken.add(id)
    return id
  }
  return {
    id: card.id,
    title: card.title,
    purpose: card.purpose,
    symptoms: card.symptoms,
    group: card.group,
    position: index + 1,
    steps: card.steps.flatMap((step) => compileStep(step, card, stepId, context)),
  }
}

function compileStep(
  step: DocumentStep,
  card: DocumentCard,
  stepId: (title: string) => string,
  context: Context,
): Step[] {
  const base = (title: string) => ({
    id: stepId(title),
    cardId: card.id,
    title,
    ...(step.note ? { note: step.note } : {}),
  })
  if (step.commands.length === 0) {
    return [
      {
        ...base(step.title),
        kind: 'guide',
        commands: [],
        source: { file: context.file, line: step.line },
        warnings: [],
        reason: step.note ?? 'A person does this.',
      },
    ]
  }
  const parsed = step.commands.map((line) => ({ line, read: parseCommandLine(line.text, line.line) }))
  const hints: RecogniseHints = {
    attributes: step.attributes,
    stepTitle: step.title,
    cardTitle: card.title,
    placeholders: context.placeholders,
  }
  const all = parsed.flatMap(({ read }) => ('commands' in read ? read.commands : []))
  const complete = parsed.every(({ read }) => 'commands' in read)
  const together = complete && all.length > 1 ? recognise(all, hints, context.catalogue) : undefined
  if (together) {
    for (const { line, read } of parsed)
      note(
        context,
        line,
        'commands' in read ? read.commands : [],
        { operation: together.operation.id },
        card,
        step,
      )
    return [bound(base(step.title), together, step.commands, context, card, step)]
  }
  return parsed.map(({ line, read }, index) => {
    const title = parsed.length === 1 ? step.title : `${step.title} (${index + 1} of ${parsed.length})`
    const manual = (reason: string): GuideStep => {
      const warnings = note(context, line, 'commands' in read ? read.commands : [], { reason }, card, step)
      return {
        ...base(title),
        kind: 'guide',
        commands: [line.text],
        source: { file: context.file, line: line.line },
        warnings,
        reason: `Line ${line.line}: ${reason}`,
      }
    }
    if ('manual' in read) return manual(read.manual)
    const found =
      recognise(read.commands, hints, context.catalogue) ??
      recogniseFiltered(read.commands, hints, context.catalogue)
    if (!found)
      return manual(
        `No operation stands for this ${read.commands[0]?.program === 'kubectl' ? 'kubectl call' : 'command'} yet.`,
      )
    if ('manual' in found) return manual(found.manual)
    note(context, line, read.commands, { operation: found.operation.id }, card, step)
    return bound(base(title), found, [line], context, card, step)
  })
}

/** These point a command at another cluster or person, or at files of whoever types it: no operation has them. */
const ELSEWHERE = new Set(
  'context cluster user kubeconfig server token as as-group filename kustomize raw from-file from-env-file patch-file'.split(
    ' ',
  ),
)
/** With these a command still does what its fix does; any other (dry-run, force, all) makes it something else. */
const FIX_FLAGS = new Set(
  'replicas to-revision patch type from-literal min max cpu-percent stdin tty quiet wait timeout record field-manager'.split(
    ' ',
  ),
)

/** Whether an operation does what the flags of a command ask for, so that none is dropped in silence. */
function heeds(operation: Operation, command: Command): boolean {
  if (command.program !== 'kubectl') return true
  const flags = Object.keys(command.flags)
  return operation.effect === 'read'
    ? !flags.some((flag) => ELSEWHERE.has(flag))
    : !command.allNamespaces && flags.every((flag) => FIX_FLAGS.has(flag))
}

interface Recognised {
  operation: Operation
  params: Record<string, Json>
  commands: readonly Command[]
  /** Stages of the pipe that the operation did not take itself. */
  filters?: Filter[]
}

function recognise(
  commands: readonly Command[],
  hints: RecogniseHints,
  catalogue: readonly Operation[],
): Recognised | undefined {
  for (const operation of catalogue) {
    if (!commands.every((command) => heeds(operation, command))) continue
    const params = operation.recognise(commands, hints)
    if (params) return { operation, params: params as Record<string, Json>, commands }
  }
  return undefined
}

/**
 * One command whose pipe no operation understands, taken without it: a check whose output then runs through the
 * filters. A change is never taken so, since what its pipe is for is for a person to say.
 */
function recogniseFiltered(
  commands: readonly Command[],
  hints: RecogniseHints,
  catalogue: readonly Operation[],
): Recognised | { manual: string } | undefined {
  const [command, ...more] = commands
  if (!command || more.length > 0 || command.filters.length === 0) return undefined
  const found = recognise([{ ...command, filters: [] }], hints, catalogue)
  if (found?.operation.effect !== 'read') return undefined
  const manual = command.filters.map(whyNot).find((reason) => reason !== undefined)
  return manual === undefined ? { ...found, commands, filters: command.filters } : { manual }
}

function note(
  context: Context,
  line: DocumentLine,
  commands: readonly Command[],
  outcome: { operation: string } | { reason: string },
  card: DocumentCard,
  step: DocumentStep,
) {
  const warnings = pitfallsOf(commands, { line, step, card, document: context.document })
  const typed = 'operation' in outcome
  context.lines.push({
    line: line.line,
    text: line.text,
    outcome: typed ? 'typed' : 'manual',
    operation: typed ? outcome.operation : null,
    reason: typed ? null : outcome.reason,
    warnings,
  })
  return warnings
}

function bound(
  base: { id: string; cardId: string; title: string; note?: string },
  found: Recognised,
  lines: DocumentLine[],
  context: Context,
  card: DocumentCard,
  step: DocumentStep,
): BoundStep {
  const { operation, params, filters } = found
  const warnings = lines.flatMap((line) => {
    const read = parseCommandLine(line.text, line.line)
    return pitfallsOf('commands' in read ? read.commands : [], {
      line,
      step,
      card,
      document: context.document,
    })
  })
  return {
    ...base,
    kind: operation.effect === 'read' ? 'check' : 'fix',
    operation: operation.id,
    params,
    inputs: inputsOf(operation, params, context.placeholders),
    kubectl: operation.kubectl(params) + (filters ? ` ${writeFilters(filters)}` : ''),
    ...(filters ? { filters } : {}),
    commands: lines.map((line) => line.text),
    source: { file: context.file, line: lines[0]?.line ?? step.line },
    warnings,
    ...(operation.effect === 'write' ? { needs: operation.needs, risk: operation.risk } : {}),
  }
}

/** What a person fills in: placeholders left in the parameters, then what the operation lets them change. */
function inputsOf(
  operation: Operation,
  params: Record<string, Json>,
  meanings: Record<string, PlaceholderMeaning>,
): InputSpec[] {
  const inputs: InputSpec[] = []
  for (const name of new Set(placeholdersIn(JSON.stringify(params)))) {
    const known = meanings[name]
    if (known?.kind === 'generated-secret' || known?.kind === 'pod') continue
    const range =
      known?.min !== undefined && known.max !== undefined ? `${known.min} to ${known.max}` : undefined
    const help = [known?.help, range].filter(Boolean).join(' · ')
    inputs.push({
      name,
      label: known?.label ?? name.replaceAll('-', ' '),
      type: known?.type ?? 'text',
      required: true,
      ...(help ? { help } : {}),
      ...(known?.default === undefined ? {} : { default: known.default }),
      ...(known?.min === undefined ? {} : { min: known.min }),
      ...(known?.max === undefined ? {} : { max: known.max }),
    })
  }
  return [...inputs, ...(operation.inputs?.(params) ?? [])]
}
