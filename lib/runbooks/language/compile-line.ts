import type { Operation, PlaceholderMeaning, RecogniseHints } from '../../operations/types'
import type { Command } from '../command'
import { isOn } from '../requests/place'
import { reasonText } from './reasons'
import { type Recognised, recognise, recogniseFiltered, whyNone } from './recognise'
import type { Scope } from './scope'
import type { UnderstoodLine } from './types'

/** One step that a line becomes. */
export interface Piece {
  found: Recognised
  /** The parameter that its output gives a value. */
  feeds?: string
  /** What its parameters are worth where it stands. */
  scope: Scope
}

export interface LineContext {
  catalogue: readonly Operation[]
  meanings: Record<string, PlaceholderMeaning>
  hints: RecogniseHints
}

/** The spelling that has always been a placeholder; operations may read such a name as "any of them". */
const ANY = /^<[A-Za-z][A-Za-z0-9_.-]*>$/

const NONE: ReadonlySet<string> = new Set()

/** Parameters that an operation may not pass over when it is recognised. */
export function neededNames(
  line: UnderstoodLine,
  scope: Scope,
  { meanings }: LineContext,
): ReadonlySet<string> {
  if (line.placeholders.length + line.bindings.length === 0) return NONE
  const names = new Set(scope.names())
  for (const { name, spelling } of line.placeholders) if (!ANY.test(spelling)) names.add(name)
  for (const { parameter } of line.bindings) names.add(parameter)
  for (const name of names) {
    const kind = meanings[name]?.kind
    if (kind === 'pod' || kind === 'generated-secret') names.delete(name)
  }
  return names
}

/**
 * The steps of a line: first what it captures, then what it does. All of them are typed or none is. `place` gets the
 * values that the line gives to parameters; a scope that steps hold is never changed afterwards.
 */
export function compileLine(
  line: UnderstoodLine,
  at: number,
  place: { scope: Scope },
  context: LineContext,
): { pieces: Piece[] } | { manual: string } {
  const pieces: Piece[] = []
  const needed = neededNames(line, place.scope, context)
  let scope = place.scope
  for (const binding of line.bindings) {
    if (binding.kind === 'assigned') {
      scope = scope.assign(binding.parameter, binding.value, at)
      // Whatever else the line does, this much of it is certain.
      place.scope = place.scope.assign(binding.parameter, binding.value, at)
      continue
    }
    if (binding.kind === 'left') {
      const { parameter, capture, oneWord } = binding
      // What stands in a word has no name that a later line could say.
      const inline = binding.text === capture
      scope = scope.leave(parameter, at, { capture, oneWord, inline })
      if (!inline) place.scope = place.scope.leave(parameter, at, { capture, oneWord, inline })
      continue
    }
    const found = recogniseFiltered(scope.within(binding.command), context.hints, context.catalogue, needed)
    if (!found) return { manual: reasonText('captureNotRead', whyNone(binding.command)) }
    if ('manual' in found) return { manual: reasonText('captureNotRead', found.manual) }
    if (found.operation.effect !== 'read')
      return { manual: reasonText('captureNotRead', `${found.operation.title} changes something.`) }
    pieces.push({ found, feeds: binding.parameter, scope })
    scope = scope.capture(binding.parameter, at)
  }
  const done = recogniseAll(scope.commands(line.commands), needed, context)
  if ('manual' in done) return done
  for (const found of done.found) {
    if (found.operation.effect === 'write' && found.commands.some((command) => command.repeated))
      return { manual: reasonText('repeatedChange') }
    pieces.push({ found, scope })
  }
  place.scope = scope
  return { pieces }
}

/** Columns that checks do not show: whoever types this wants to read them. */
function asksForLabels(command: Command): boolean {
  return (
    command.program === 'kubectl' &&
    command.verb === 'get' &&
    (isOn(command, 'show-labels') || command.flags['label-columns'] !== undefined)
  )
}

/** The check that knows best what a command is about, with the text that kubectl prints beside it. */
function withText(
  command: Command,
  needed: ReadonlySet<string>,
  { hints, catalogue }: Pick<LineContext, 'hints' | 'catalogue'>,
): Recognised | undefined {
  const found = recogniseFiltered(command, hints, catalogue, needed)
  return found && 'operation' in found ? found : undefined
}

function recogniseAll(
  commands: readonly Command[],
  needed: ReadonlySet<string>,
  { hints, catalogue }: Pick<LineContext, 'hints' | 'catalogue'>,
): { found: Recognised[] } | { manual: string } {
  if (commands.length === 0) return { found: [] }
  const together = commands.length > 1 ? recognise(commands, hints, catalogue, needed) : undefined
  if (together) return { found: [together] }
  const acting = commands.filter((command) => !(command.program === 'other' && command.name === 'sleep'))
  const found: Recognised[] = []
  for (const command of acting) {
    const one =
      (asksForLabels(command) ? withText(command, needed, { hints, catalogue }) : undefined) ??
      recognise([command], hints, catalogue, needed) ??
      (command.filters.length > 0 ? recogniseFiltered(command, hints, catalogue, needed) : undefined)
    if (!one) return { manual: whyNone(command) }
    if ('manual' in one) return one
    found.push(one)
  }
  const waits = acting.length < commands.length
  if (waits && (found.length === 0 || found.some(({ operation }) => operation.effect === 'write')))
    return { manual: reasonText('wait') }
  return { found }
}

/** What a line that does nothing itself means for those after it. */
export function meaningOf({ bindings, notes }: UnderstoodLine): string {
  return [...bindings.map(({ text }) => `The lines after it use ${text}.`), ...notes].join(' ')
}
