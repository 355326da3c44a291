import { toString as plainTextOf } from 'mdast-util-to-string'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { withoutTags } from './templates'

const markdown = unified().use(remarkParse).use(remarkGfm)

/** Longest text and most marks that are read as Markdown: pairing marks takes time with their square. */
const MAX_CHARACTERS = 4_000
const MAX_MARKS = 200
/** What of a document is read as Markdown, in characters; after that marks and links are only taken out. */
const MAX_WORK = 100_000
const WORK_PER_TEXT = 150
const WORK_PER_MARK = 20
/** So many paragraphs of a document that hold commands are searched for them; a long runbook has some dozens. */
const MAX_SENTENCES = 2_000

/** Inline Markdown as the words a reader sees. One per document, since it does a limited amount of work. */
export class PlainText {
  private left = MAX_WORK
  private sentences = MAX_SENTENCES

  /** Whether one more paragraph may be searched for commands. */
  maySearch(): boolean {
    return this.sentences-- > 0
  }

  /** The words of a heading, a paragraph or an item. */
  of(raw: string): string {
    const text = withoutTags(raw).trim()
    if (!/[*_`~[\]<>&\\!]|:\/\/|@/.test(text)) return text
    const simple = withoutSimpleMarks(text)
    if (simple !== undefined) return simple
    const marks = text.length > MAX_CHARACTERS ? MAX_MARKS + 1 : (text.match(/[*_~[\]`<]/g)?.length ?? 0)
    const fits = marks <= MAX_MARKS && this.left > 0
    if (fits) this.left -= WORK_PER_TEXT + text.length + marks * WORK_PER_MARK
    if (!fits) return text.replace(/!?\[([^[\]]{0,200})\]\([^()]{0,400}\)/g, '$1').replace(/[*_`~]+/g, '')
    // A word in front keeps `1.` or `>` within a sentence from starting a block; it is taken off again.
    return plainTextOf(markdown.parse(`x ${text}`))
      .slice(2)
      .trim()
  }
}

/** Text whose only marks are code and stars in pairs, which needs no parser; undefined for any other. */
function withoutSimpleMarks(text: string): string | undefined {
  if (text.length > MAX_CHARACTERS || /[_~[\]<>&\\!@]|:\/\//.test(text)) return undefined
  const bare = text
    .replace(/`([^`*\n]{1,200})`/g, '$1')
    .replace(/\*\*([^\s*](?:[^*]{0,200}[^\s*])?)\*\*/g, '$1')
    .replace(/\*([^\s*](?:[^*]{0,200}[^\s*])?)\*/g, '$1')
  return /[*`]/.test(bare) ? undefined : bare
}

export interface CodeSpan {
  text: string
  /** Line breaks of the text in front of it. */
  linesBefore: number
  /** Where it starts and ends in the text, with its backticks. */
  from: number
  to: number
}

/** Longest paragraph that is searched for code. */
const MAX_PARAGRAPH = 10_000

/** The code within a paragraph, in order. */
export function codeSpans(text: string): CodeSpan[] {
  if (text.length > MAX_PARAGRAPH) return []
  const runs = Array.from(text.matchAll(/`+/g), (match) => ({ at: match.index, length: match[0].length }))
  if (runs.length > MAX_MARKS) return []
  const spans: CodeSpan[] = []
  let line = 0
  let counted = 0
  for (let index = 0; index < runs.length; index++) {
    const open = runs[index]
    const close = open && runs.findIndex((run, other) => other > index && run.length === open.length)
    const end = close === undefined || close < 0 ? undefined : runs[close]
    if (!open || !end || close === undefined) continue
    for (; counted < open.at; counted++) if (text[counted] === '\n') line++
    const inner = text.slice(open.at + open.length, end.at).replace(/\s*\n\s*/g, ' ')
    spans.push({ text: inner.trim(), linesBefore: line, from: open.at, to: end.at + end.length })
    index = close
  }
  return spans
}
