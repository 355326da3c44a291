import { type Block, readBlocks, type TextBlock } from './document/blocks'
import { CardBuilder } from './document/card-builder'
import { readFrontMatter } from './document/front-matter'
import { PlainText } from './document/inline'
import { Joiner } from './document/joining'
import { cardDepth } from './document/shape'
import type { RunbookDocument } from './document/types'
import { type Meaning, vocabularyOf } from './document/vocabulary'

export type {
  DocumentAttachment,
  DocumentCard,
  DocumentLine,
  DocumentSection,
  DocumentStep,
  RunbookDocument,
} from './document/types'

/** Largest document that is read. */
const MAX_BYTES = 4 << 20
/** Most lines that are read: a file of nothing but headings would make as many cards. */
const MAX_LINES = 50_000

/** Why a document is not read at all, in a sentence; undefined when it is. */
export function whyUnread(text: string): string | undefined {
  if (text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES)
    return `The document is larger than ${MAX_BYTES >> 20} MiB.`
  let lines = 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return lines > MAX_LINES ? `The document has more than ${MAX_LINES.toLocaleString('en')} lines.` : undefined
}

/** `Service Not Responding` from `3. Service Not Responding {#id}`. */
function heading(text: string): { title: string; id: string } {
  const explicit = /\{#([a-z0-9-]{1,200})\}\s*$/.exec(text)
  const title = text
    .replace(/\{#[^{}]{0,200}\}\s*$/, '')
    .replace(/^\s*\d+[.)]\s*/, '')
    .trim()
  const slug = title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return { title, id: explicit?.[1] ?? (slug || 'card') }
}

/** `**Check the pods**` as a paragraph of its own, which many use for a heading; a note is none. */
function boldHeading(block: TextBlock): string | undefined {
  if (block.level > 0 || block.text.length > 120) return undefined
  const words = /^\s*(?:\*\*|__)([^*_\n]+):?(?:\*\*|__):?\s*$/.exec(block.text)?.[1]?.replace(/:$/, '')
  return words && !/^(?:note|warning|caution|important|tip|info|danger|example)s?$/i.test(words)
    ? words
    : undefined
}

type Titled = Block & { title?: string; id?: string; meaning?: Meaning | undefined }

/**
 * Reads a runbook's shape: cards with their purpose, symptoms and steps of command lines. Nothing is interpreted
 * yet and no line of a fence is dropped: it is a command, a comment, what a program printed, or an attachment.
 *
 * Which headings are cards is told by `cardDepth`: H3 in a document of many cards (H1 title, H2 groups), H2 when
 * their headings are Meaning, Diagnosis, Mitigation and the like, and the whole file (one card for each H1) when
 * these are its H2. Deeper headings, and paragraphs in bold, name steps.
 */
export function parseDocument(text: string): RunbookDocument {
  const document: RunbookDocument = { title: '', frontMatter: {}, cards: [] }
  if (whyUnread(text)) return document
  // A NUL is what CommonMark says: a replacement character, so that a command with one is told as suspicious.
  const lines = text
    .replace(/^\uFEFF/, '')
    .replaceAll('\0', '\uFFFD')
    .split(/\r?\n/)
  const { frontMatter, frontMatterError, lines: skip } = readFrontMatter(lines)
  document.frontMatter = frontMatter
  if (frontMatterError) document.frontMatterError = frontMatterError
  const { vocabulary, unknown } = vocabularyOf(frontMatter.headings)
  if (unknown.length > 0)
    document.frontMatterError ??= `The front matter's headings name parts that do not exist: ${unknown.join(', ')}.`

  const plain = new PlainText()
  const blocks: Titled[] = readBlocks(lines, skip)
  for (const block of blocks)
    if (block.kind === 'heading') {
      Object.assign(block, heading(plain.of(block.text)))
      block.meaning = vocabulary.meaningOf(block.title ?? '')
    }
  const outline = blocks.flatMap((block) =>
    block.kind === 'heading' ? [{ depth: block.depth, meaning: block.meaning }] : [],
  )
  const depth = cardDepth(outline)
  const named = typeof frontMatter.title === 'string' ? frontMatter.title : ''
  const alert = depth < 3
  const joiner = new Joiner()
  /** Each id with the number that its next namesake gets. */
  const ids = new Map<string, number>()
  let group = ''
  let builder: CardBuilder | undefined
  const open = (title: string, id: string, line: number) => {
    builder?.finish()
    let unique = id
    for (let n = ids.get(id) ?? 2; ids.has(unique); n++) {
      unique = `${id}-${n}`
      ids.set(id, n + 1)
    }
    ids.set(unique, 2)
    const card = { id: unique, title, group, purpose: '', symptoms: [], line, steps: [] }
    document.cards.push(card)
    builder = new CardBuilder(card, alert, plain, joiner)
    return builder
  }
  const openNamed = (title: string, line: number) => {
    const { title: clean, id } = heading(title)
    return open(clean, id, line)
  }
  const leave = () => {
    builder?.finish()
    builder = undefined
  }
  if (depth < 2 && !outline.some((one) => one.depth === 1)) openNamed(named || 'Runbook', skip + 1)
  blocks.forEach((block, index) => {
    if (block.kind === 'heading') {
      const { title = '', id = 'card', meaning } = block
      if (block.depth === 1) document.title ||= title
      if (block.depth > depth) builder?.heading({ depth: block.depth, title, meaning })
      else if (block.depth === depth) {
        // "References" among alerts is no alert, unless commands follow.
        if (depth === 2 && meaning?.plain) {
          leave()
          group = title
        } else {
          if (depth === 2) group = document.title
          open(title, id, block.line)
        }
      } else if (block.depth === 2 || depth === 2) {
        leave()
        group = title
      }
    } else if (block.kind === 'text') {
      if (!/[\p{L}\p{N}]/u.test(block.text)) return
      const words = boldHeading(block)
      if (words) builder?.heading({ depth: 7, title: words, meaning: vocabulary.meaningOf(words) })
      else builder?.text(block, blocks[index + 1])
    } else if (builder) builder.code(block)
    else if (block.language !== 'data' && block.language !== 'printed')
      openNamed(group || document.title || 'Commands', block.line - 1).code(block)
  })
  leave()
  document.title ||= named || 'Runbook'
  return document
}
