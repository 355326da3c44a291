import type { TextBlock } from './blocks'
import { codeSpans, type PlainText } from './inline'
import { whySuspicious } from './suspicious'
import type { Entry } from './transcript'
import type { DocumentLine, DocumentSection, DocumentStep } from './types'

/** What a step is called when no comment names it, and what is said of it. */
export interface Lead {
  title: string
  /** Nothing but the heading of the part gave it that title. */
  plain?: true
  /** For a step of that title. */
  note: string
  /** For a step of another title: the sentence that would have been it, too. */
  whole: string
}

const MAX_TITLE = 90
const MAX_NOTE = 600

/** Text of at most so many characters, cut at a word. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text
  return `${text.slice(0, length).replace(/\s+\S{0,40}$/, '')} …`
}

/**
 * Title and note from the prose above a block. A sentence that introduces it ("Check the pods:", or the text of
 * its list item) is a better title than "Diagnosis", but no better than a heading of its own.
 */
export function leadOf(
  prose: readonly TextBlock[],
  heading: { title: string; plain: boolean },
  plain: PlainText,
): Lead {
  const near = prose.slice(-4)
  const texts = near.map((block) => plain.of(block.text).replace(/\s+/g, ' '))
  const at = near.findLastIndex((block) => !block.aside)
  const last = texts[at] ?? ''
  const introduces = heading.plain || last.endsWith(':') || (near[at]?.level ?? 0) > 0
  const sentences = last.split(/(?<=[.:!?])\s+/)
  const sentence = ((last.endsWith(':') ? sentences.at(-1) : sentences[0]) ?? '').replace(/[\s:.]+$/, '')
  const titled = introduces && /\p{L}/u.test(sentence) && sentence.length <= MAX_TITLE
  const rest = titled && sentences.length === 1 ? texts.toSpliced(at, 1) : texts
  return {
    title: titled ? sentence : heading.title,
    ...(titled || !heading.plain ? {} : { plain: true as const }),
    note: noteOf(rest),
    whole: noteOf(texts),
  }
}

/** The texts that stand nearest to the block: the first ones go when there are too many. */
function noteOf(texts: readonly string[]): string {
  let note = ''
  for (const text of texts.toReversed())
    if (note === '' || note.length + text.length < MAX_NOTE) note = note ? `${text} ${note}` : text
  return shorten(note, MAX_NOTE)
}

/** A command with what is suspicious about it. */
function lineOf(text: string, line: number, within?: string): DocumentLine {
  const suspicious = whySuspicious(text)
  return { line, text, ...(within ? { within } : {}), ...(suspicious ? { suspicious } : {}) }
}

/** Two notes as one; by `+`, since a block may hold thousands. */
function joined(note: string | undefined, text: string): string {
  return note && text ? `${note} ${text}` : note || text
}

/** The steps of a block: a comment starts one, and the commands up to the next comment belong to it. */
export function stepsOf(
  entries: readonly Entry[],
  attributes: Record<string, string>,
  section: DocumentSection | undefined,
  lead: Lead,
): DocumentStep[] {
  const steps: DocumentStep[] = []
  let current: DocumentStep | undefined
  const early: string[] = []
  const start = (title: string, line: number) => {
    const plain = title === lead.title && lead.plain ? { plain: lead.plain } : {}
    current = { title, ...plain, commands: [], line, attributes, ...(section ? { section } : {}) }
    steps.push(current)
    return current
  }
  for (const { kind, text, line, within } of entries) {
    if (kind === 'output') {
      if (!current) early.push(text)
      else if (current.output) current.output.push(text)
      else current.output = [text]
    } else if (kind === 'remark' && current) {
      current.note = joined(current.note, text)
    } else if (kind === 'comment' || kind === 'remark') {
      // A second comment line belongs to the step whose commands have not come yet.
      if (current && current.commands.length === 0) current.note = joined(current.note, text)
      else start(text || lead.title, line)
    } else {
      const step = current ?? start(lead.title, line)
      step.commands.push(lineOf(text, line, within))
    }
  }
  const [first] = steps
  const note = first?.title === lead.title ? lead.note : lead.whole
  // The first step's own comment, when it has one, says more about it than the prose above the block.
  if (first && note && !first.note) first.note = note
  if (first && early.length > 0) first.output = [...early, ...(first.output ?? [])]
  return steps
}

const ASKS =
  /\b(?:run|running|execute|executing|issue|enter|type|use|using|try|check|inspect|verify|confirm|look|see|list|describe|get|find|view|show|watch|restart|restarting|scale|scaling|stop|start|wait|launch|create|force|delete|deleting|remove|removing|apply|via|with|by|invoke|perform|examine|review|identify|determine|query|collect|print|edit|patch|roll|drain|cordon)\b/i
const FORBIDS =
  /\b(?:do not|don['’]t|never|avoid|must not|should not|shouldn['’]t|cannot|can['’]t|instead of|rather than|unlike|ran|had been|has been|was run|was deleted|is equivalent|same as)\b/i
/** How far from the code of a sentence its words count, and how many codes of a paragraph are looked at. */
const MAX_SENTENCE = 300
const MAX_SPANS = 10
const COMMAND = /^(?:\$ )?(?:kubectl|oc)(?:\s+[^\s]+){2,}$/

/**
 * The commands within a sentence that says to run them ("Check the node with `kubectl describe node <node>`"), as
 * one step; undefined when there are none. An item that is nothing but the command says so too.
 */
export function inlineStep(
  block: TextBlock,
  section: DocumentSection | undefined,
  plain: PlainText,
): DocumentStep | undefined {
  if (!/`(?:\$ )?(?:kubectl|oc)\s/.test(block.text) || !plain.maySearch()) return undefined
  const commands = codeSpans(block.text)
    .slice(0, MAX_SPANS)
    .flatMap((span): DocumentLine[] => {
      if (!COMMAND.test(span.text) || /\.\.\.|…/.test(span.text)) return []
      const before =
        block.text
          .slice(0, span.from)
          .split(/[.!?;]\s/)
          .at(-1) ?? ''
      const after = block.text.slice(span.to, span.to + MAX_SENTENCE).split(/[.!?;](?:\s|$)/)[0] ?? ''
      const alone = `${before}${after}`.replace(/[^\p{L}]/gu, '') === ''
      const sentence = `${before} ${after}`.replace(/`[^`]*`/g, ' ')
      if (FORBIDS.test(sentence) || !(alone || ASKS.test(sentence))) return []
      return [{ ...lineOf(span.text.replace(/^\$ /, ''), block.line + span.linesBefore), inline: true }]
    })
  const [first] = commands
  if (!first) return undefined
  const words = plain.of(block.text).replace(/\s+/g, ' ')
  const sentence = words.split(/(?<=[.:!?])\s+/)[0]?.replace(/[\s:.]+$/, '') ?? words
  const title = shorten(sentence, MAX_TITLE)
  return {
    title,
    commands,
    line: first.line,
    attributes: {},
    ...(section ? { section } : {}),
    ...(words.replace(/[\s:.]+$/, '') === title ? {} : { note: shorten(words, MAX_NOTE) }),
  }
}
