import type { Command } from './command'
import { RESERVED } from './language/placeholders'
import { withoutPrompt } from './language/prompts'
import { LineReader } from './language/read-line'
import { reasonText, StaysManual } from './language/reasons'
import { type SessionChoice, sessionChoiceIn } from './language/session-namespace'
import type { ParsedLine } from './language/types'

export type { Binding, ParsedLine, UnderstoodLine } from './language/types'

/** Longest line that is looked at, and longest with the text of a here-document or quotation. */
const MAX_LINE = 8_192
const MAX_TEXT = 65_536

/** What nearly every line is made of. */
const PLAIN = /^[\x20-\x7e\n\t]*$/

/** Characters that hide, move or turn text: what is seen would not be what is read. */
const UNSEEN =
  /(?![\n\t\r])\p{Cc}|[\u00a0\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u2028\u2029]/u

/**
 * One command line (continuations joined) as commands that operations can recognise: one, or several joined by
 * `&&`, `;` or a newline. What a shell would have to do (loops, jobs, files) is a reason for a manual step; variables
 * and captures are parameters.
 */
export function parseCommandLine(text: string): ParsedLine {
  const limit = text.includes('\n') ? MAX_TEXT : MAX_LINE
  if (text.length > limit) return { manual: reasonText('tooLong', String(limit)) }
  if (!PLAIN.test(text)) {
    if (UNSEEN.test(text)) return { manual: reasonText('controlCharacters') }
    if (RESERVED.test(text)) return { manual: reasonText('privateCharacters') }
  }
  const bare = withoutPrompt(text)
  const reader = new LineReader()
  try {
    const commands = reader.read(bare)
    const { bindings, notes, unbound, placeholders } = reader
    if (commands.length === 0 && bindings.length === 0 && reader.session === undefined)
      return { manual: reasonText(notes.length > 0 ? 'prints' : 'empty') }
    const [only] = commands
    const whole = only && commands.length === 1 && bindings.length === 0
    return {
      commands: whole ? [{ ...only, text: bare }] : commands,
      bindings,
      placeholders: placeholders.found,
      unbound,
      notes,
      ...sessionOf(reader, commands.some(isShell) ? bare : ''),
    }
  } catch (cause) {
    if (!(cause instanceof StaysManual)) throw cause
    return { manual: cause.message, ...sessionOf(reader, bare) }
  }
}

/** What was read of it, unless more of the text may choose a namespace than was read. */
function sessionOf({ session, looked }: LineReader, text: string): { session?: SessionChoice } {
  const whole = looked && !/[;&|()`\n]|sh\s+-/.test(text)
  const all = whole ? undefined : sessionChoiceIn(text)
  const meant = session && all?.kind !== 'unknown' ? session : (all ?? session)
  return meant ? { session: meant } : {}
}

function isShell(command: Command): boolean {
  return command.program === 'other' && /^(ba|z|k|da|a)?sh$/.test(command.name)
}

/** Texts that are kept; bounds what documents of nothing but different lines may hold. */
const KEPT_AT_MOST = 20_000

/** Reads the lines of a document or of a folder of them, each text once: runbooks say the same thing again and again. */
export class LineReading {
  private readonly known = new Map<string, ParsedLine>()

  /** What `parseCommandLine` says of the text. Whoever gets it shares it and changes nothing. */
  of(text: string): ParsedLine {
    const known = this.known.get(text)
    if (known) return known
    const read = parseCommandLine(text)
    if (this.known.size < KEPT_AT_MOST) this.known.set(text, read)
    return read
  }
}
