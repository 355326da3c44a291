import 'server-only'
import { PERMISSIONS } from '../access/roles'
import { sha256 } from '../core/ids'
import { redact } from '../core/redact'
import { operationById } from '../operations/catalogue'
import type { InputSpec } from '../operations/types'
import { compareCards, compareTexts } from './compare'
import type { Compiled, Stepless } from './compile'
import { boardFrom } from './library'
import type { Comparison, PreviewCard, PreviewInput, PreviewStep, RunbookPreview } from './preview-types'
import type { BoundStep, LintLine, Runbook, Step } from './types'

/** A board of more would be slow for everybody, and nobody reads it at night. */
const CARDS_AT_MOST = 150
const LINES_AT_MOST = 2_000
/** An id stands in addresses and in the names of cards. */
const ID = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/
/** They make a line look like another line than the one that is compiled. */
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/

/** What a text is compared with: what stands under its id now, or another version. */
export interface Base {
  text: string
  runbook: Runbook
  name: string
  at?: string
}

export interface PreviewOf {
  text: string
  /** Name of the file. */
  file: string
  compiled: Compiled
  base?: Base
  /** The other runbooks on the board, whose cards must keep their names. */
  others?: readonly Runbook[]
  mainId?: string
}

/** Lines about the document as a whole stand on line 1 and are no command. */
function isNote(line: LintLine): boolean {
  return line.line === 1 && (line.text === '' || line.text === '---')
}

/** Gives each step its lines: both are in the order of the text, and a step knows where it begins. */
function stepReader(lines: readonly LintLine[]): (step: Step) => PreviewStep {
  let at = 0
  return (step) => {
    const own = step.commands.map((text) => {
      let found = at
      while (
        found < lines.length &&
        (lines[found]?.text !== text || (lines[found]?.line ?? 0) < step.source.line)
      )
        found += 1
      const line = lines[found]
      if (line) at = found + 1
      return { line: line?.line ?? step.source.line, text, warnings: line?.warnings ?? step.warnings }
    })
    const operation = step.kind === 'guide' ? undefined : operationById(step.operation)
    return {
      title: step.title,
      ...(step.note && (step.kind !== 'guide' || step.note !== step.reason) ? { note: step.note } : {}),
      outcome: step.kind === 'guide' ? 'manual' : step.kind,
      line: step.source.line,
      lines: own,
      ...(operation ? { operation: { id: operation.id, title: operation.title } } : {}),
      ...(step.kind === 'guide' ? { reason: step.reason.replace(/^Line \d+: /, '') } : {}),
      ...(step.kind === 'fix' && step.needs ? { needs: PERMISSIONS[step.needs] } : {}),
      ...(step.kind === 'fix' && step.risk ? { risk: step.risk } : {}),
    }
  }
}

/** A card's steps with the lines between them that become none. */
function withStepless(steps: PreviewStep[], cardId: string, stepless: readonly Stepless[]): PreviewStep[] {
  const others = stepless
    .filter((one) => one.cardId === cardId)
    .map(
      ({ title, line: { line, text, warnings, means } }): PreviewStep => ({
        title,
        outcome: 'understood',
        line,
        lines: [{ line, text, warnings }],
        ...(means ? { reason: means } : {}),
      }),
    )
  return others.length === 0 ? steps : [...steps, ...others].sort((a, b) => a.line - b.line)
}

/** What a step asks for: before it is previewed, and the secrets at its press. */
function askedBy(step: BoundStep): InputSpec[] {
  const operation = operationById(step.operation)
  const secrets = (operation?.effect === 'write' && operation.asks?.(step.params)) || []
  return [
    ...step.inputs,
    ...secrets.map(
      (name): InputSpec => ({
        name,
        label: `Value of ${name}`,
        type: 'secret',
        required: true,
        help: 'Asked for when it is pressed',
      }),
    ),
  ]
}

function inputsOf(runbook: Runbook): PreviewInput[] {
  const inputs = new Map<string, PreviewInput>()
  for (const card of runbook.cards)
    for (const step of card.steps)
      for (const spec of step.kind === 'guide' ? [] : askedBy(step)) {
        const key = `${spec.name} ${spec.label} ${spec.type} ${spec.default ?? ''}`
        const known = inputs.get(key) ?? { ...spec, where: [] }
        if (!known.where.includes(card.title)) known.where.push(card.title)
        inputs.set(key, known)
      }
  return [...inputs.values()]
}

function lineNumbers(text: string, found: (line: string) => boolean): number[] {
  return text.split('\n').flatMap((line, index) => (found(line) ? [index + 1] : []))
}

function places(numbers: readonly number[]): string {
  const shown = numbers.slice(0, 5).join(', ')
  return `${numbers.length === 1 ? 'Line' : 'Lines'} ${shown}${numbers.length > 5 ? ` and ${numbers.length - 5} more` : ''}`
}

function obstaclesOf({ text, compiled, others = [], mainId = '', base }: PreviewOf): string[] {
  const { runbook, lines } = compiled
  const said: string[] = []
  if (!ID.test(runbook.id))
    said.push(
      `Its id would be “${runbook.id.slice(0, 80)}”. An id has small letters, digits and dashes, at most 60: write \`id: my-service\` into the front matter.`,
    )
  if (runbook.cards.length === 0)
    said.push(
      'There is no card in it. A card is a heading that begins with ### and has a fenced block of command lines under it.',
    )
  if (runbook.cards.length > CARDS_AT_MOST)
    said.push(`It has ${runbook.cards.length} cards; a board can show ${CARDS_AT_MOST} of one runbook.`)
  if (lines.length > LINES_AT_MOST)
    said.push(`It has ${lines.length} command lines; at most ${LINES_AT_MOST} are taken of one runbook.`)
  const reordered = lineNumbers(text, (line) => REORDERING.test(line))
  if (reordered.length > 0)
    said.push(
      `${places(reordered)}: invisible characters there change the order in which text is shown, so it would not do what it seems to do.`,
    )
  const board = boardFrom([...others, runbook], mainId)
  const ids = new Set<string>()
  const twice = board?.cards.map((card) => card.id).find((id) => ids.size === ids.add(id).size)
  if (twice) said.push(`Another runbook has a card with the name ${twice} on the board already.`)
  if (base?.text === text) said.push('It is the same text, so there is nothing to install.')
  return said
}

/** Front matter names a secret that is made later; that is no secret yet. */
function looksSecret(line: string): boolean {
  return line.length < 10_000 && !/\bkind: generated-secret\b/.test(line) && redact(line) !== line
}

function notesOf({ text, compiled }: PreviewOf): string[] {
  const said = compiled.lines
    .filter(isNote)
    .flatMap((line) => [line.reason ?? '', ...line.warnings.map((warning) => warning.message)])
  const secret = lineNumbers(text, looksSecret)
  if (secret.length > 0)
    said.push(
      `${places(secret)}: that looks like a password or a token. Everybody who can sign in could read it; name the secret instead of writing it down.`,
    )
  return said.filter(Boolean)
}

function comparisonOf({ text, compiled, base }: PreviewOf): Comparison | undefined {
  if (!base) return undefined
  const cards = compareCards(base.runbook, compiled.runbook)
  return {
    with: { name: base.name, sha256: base.runbook.version, ...(base.at ? { at: base.at } : {}) },
    same: base.text === text,
    cards,
    unchanged: compiled.runbook.cards.length - cards.filter(({ change }) => change !== 'removed').length,
    ...compareTexts(base.text, text),
  }
}

/** Everything a person should see of a text before it becomes a runbook. */
export function previewOf(what: PreviewOf): RunbookPreview {
  const { text, file, compiled } = what
  const { runbook } = compiled
  const lines = compiled.lines.filter((line) => !isNote(line))
  const read = stepReader(lines)
  // What is too large to be installed is shown by its beginning.
  const cards: PreviewCard[] = runbook.cards
    .slice(0, CARDS_AT_MOST)
    .map(({ id, title, group, purpose, steps }) => ({
      id,
      title,
      group,
      purpose,
      steps: withStepless(steps.slice(0, LINES_AT_MOST).map(read), id, compiled.stepless),
    }))
  const kinds = runbook.cards.flatMap((card) => card.steps.map((step) => step.kind))
  const typed = lines.filter((line) => line.outcome === 'typed').length
  const comparison = comparisonOf(what)
  return {
    id: runbook.id,
    title: runbook.title,
    file,
    sha256: sha256(text),
    bytes: Buffer.byteLength(text),
    textLines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    summary: {
      commandLines: lines.length,
      typed,
      manual: lines.length - typed,
      checks: kinds.filter((kind) => kind === 'check').length,
      fixes: kinds.filter((kind) => kind === 'fix').length,
      warnings: lines.reduce((sum, line) => sum + line.warnings.length, 0),
    },
    cards,
    inputs: inputsOf(runbook),
    notes: notesOf(what),
    obstacles: obstaclesOf(what),
    ...(comparison ? { comparison } : {}),
  }
}
