import { toString as plainText } from 'mdast-util-to-string'
import remarkFrontmatter from 'remark-frontmatter'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { parse as parseYaml } from 'yaml'

export interface DocumentLine {
  /** 1-based line of the file on which the command starts. */
  line: number
  /** The command with its continuation lines joined by a space. */
  text: string
}

/** The commands under one comment of a fence, in order. */
export interface DocumentStep {
  title: string
  commands: DocumentLine[]
  /** Further comment lines and the prose above the fence. */
  note?: string
  line: number
  attributes: Record<string, string>
}

export interface DocumentCard {
  id: string
  title: string
  group: string
  purpose: string
  symptoms: string[]
  line: number
  steps: DocumentStep[]
}

export interface RunbookDocument {
  title: string
  frontMatter: Record<string, unknown>
  /** Why the front matter could not be read, in a sentence. */
  frontMatterError?: string
  cards: DocumentCard[]
}

const SHELLS = new Set(['bash', 'sh', 'shell', 'console', 'zsh', 'shell-session', ''])
/** Largest document that is read. */
const MAX_BYTES = 4 << 20
/** Most marks of emphasis and links in one block: pairing them takes time with their square (60 kB of `*a_` took 36 s). */
const MAX_MARKS = 5_000

/** Why a document is not read at all, in a sentence; undefined when it is. */
export function whyUnread(text: string): string | undefined {
  if (Buffer.byteLength(text) > MAX_BYTES) return `The document is larger than ${MAX_BYTES >> 20} MiB.`
  const dense = text.split(/\n[ \t\r]*\n/).some((block) => (block.match(/[*_~[]+/g)?.length ?? 0) > MAX_MARKS)
  return dense
    ? `A paragraph has more than ${MAX_MARKS.toLocaleString('en')} stars, underscores and brackets.`
    : undefined
}

const processor = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter, ['yaml'])

/** `Service Not Responding` from `3. Service Not Responding {#id}`. */
function heading(text: string): { title: string; id: string } {
  const explicit = /\{#([a-z0-9-]+)\}\s*$/.exec(text)
  const title = text
    .replace(/\{#[^}]*\}\s*$/, '')
    .replace(/^\s*\d+[.)]\s*/, '')
    .trim()
  const slug = title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return { title, id: explicit?.[1] ?? (slug || 'card') }
}

/** `rule=cors title="A b"` of a fence's info string. */
function attributesOf(meta: string | null | undefined): Record<string, string> {
  return Object.fromEntries(
    Array.from((meta ?? '').matchAll(/([a-z][\w-]*)=(?:"([^"]*)"|(\S+))/g), (match) => [
      match[1] as string,
      match[2] ?? match[3] ?? '',
    ]),
  )
}

/**
 * Reads a runbook's shape: H1 title, H2 groups, H3 cards, H4 sections, fences of command lines. Nothing is
 * interpreted yet and nothing is dropped: each line of a shell fence is a command, a comment or empty.
 */
export function parseDocument(text: string): RunbookDocument {
  const document: RunbookDocument = { title: '', frontMatter: {}, cards: [] }
  if (whyUnread(text)) return document
  const tree = processor.parse(text)
  let group = ''
  let section = ''
  let prose = ''
  let card: DocumentCard | undefined
  const ids = new Set<string>()
  const open = (title: string, line: number) => {
    const { id, title: clean } = heading(title)
    let unique = id
    for (let n = 2; ids.has(unique); n++) unique = `${id}-${n}`
    ids.add(unique)
    card = { id: unique, title: clean, group, purpose: '', symptoms: [], line, steps: [] }
    document.cards.push(card)
  }
  for (const node of tree.children) {
    const line = node.position?.start.line ?? 1
    if (node.type === 'yaml') Object.assign(document, frontMatter(node.value))
    else if (node.type === 'heading') {
      const words = plainText(node)
      prose = ''
      section = ''
      if (node.depth === 1) document.title = heading(words).title
      else if (node.depth === 2) {
        group = heading(words).title
        card = undefined
      } else if (node.depth === 3) open(words, line)
      else section = words
    } else if (node.type === 'paragraph') {
      prose = plainText(node)
      if (card && !card.purpose && section === '') card.purpose = prose.replace(/\s+/g, ' ')
    } else if (node.type === 'list' && card && /symptom/i.test(section)) {
      card.symptoms.push(...node.children.map((item) => plainText(item).trim()))
    } else if (node.type === 'code' && SHELLS.has((node.lang ?? '').toLowerCase())) {
      if (!card) open(group || document.title || 'Commands', line)
      card?.steps.push(
        ...stepsOf(
          node.value,
          line + 1,
          attributesOf(node.meta),
          section || card.title,
          section ? prose : '',
        ),
      )
      prose = ''
    }
  }
  document.title ||= 'Runbook'
  return document
}

function frontMatter(text: string): Pick<RunbookDocument, 'frontMatter' | 'frontMatterError'> {
  try {
    // maxAliasCount bounds what aliases may expand to ("billion laughs").
    const value: unknown = parseYaml(text, { maxAliasCount: 20 })
    if (value === null) return { frontMatter: {} }
    return typeof value === 'object' && !Array.isArray(value)
      ? { frontMatter: value as Record<string, unknown> }
      : { frontMatter: {}, frontMatterError: 'The front matter is no map of names.' }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    return { frontMatter: {}, frontMatterError: `The front matter is not valid YAML: ${why}` }
  }
}

function stepsOf(
  code: string,
  firstLine: number,
  attributes: Record<string, string>,
  section: string,
  prose: string,
): DocumentStep[] {
  const steps: DocumentStep[] = []
  let current: DocumentStep | undefined
  const start = (title: string, line: number) => {
    current = { title, commands: [], line, attributes }
    steps.push(current)
    return current
  }
  const lines = code.split('\n')
  for (let i = 0; i < lines.length; i++) {
    let text = lines[i] ?? ''
    const at = firstLine + i
    if (text.trim() === '') continue
    const comment = /^\s*#\s?(.*)$/.exec(text)
    if (comment) {
      const words = comment[1]?.trim() ?? ''
      // A second comment line belongs to the step whose commands have not come yet.
      if (current && current.commands.length === 0)
        current.note = [current.note, words].filter(Boolean).join(' ')
      else start(words, at)
      continue
    }
    while (/\\\s*$/.test(text) && i + 1 < lines.length)
      text = `${text.replace(/\\\s*$/, '').trimEnd()} ${(lines[++i] ?? '').trim()}`
    const step = current ?? start(section, at)
    step.commands.push({ line: at, text: text.trim() })
  }
  const [first] = steps
  if (first && prose && !first.note) first.note = prose
  return steps
}
