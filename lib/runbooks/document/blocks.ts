import { codeUntil, type Found, fencedCode, indentedCode, preformatted } from './code-lines'
import { type Language, languageOf, readInfo } from './info-string'
import { closingFences, readPrefix } from './prefix'
import { hiddenUntil, isOnlyTags, tagFence } from './templates'

export interface HeadingBlock {
  kind: 'heading'
  depth: number
  text: string
  line: number
}

export interface TextBlock {
  kind: 'text'
  /** Inline Markdown; its lines are lines of the file. */
  text: string
  line: number
  /** How many lists it stands in; 0 outside of lists. */
  level: number
  /** It is the first text of an item. */
  item: boolean
  /** It stands in a quotation or a box: a remark, not what to do. */
  aside: boolean
}

export interface CodeBlock {
  kind: 'code'
  language: Language
  lang: string
  attributes: Record<string, string>
  lines: string[]
  /** 1-based line of the file on which the code starts. */
  line: number
  /** No fence surrounds it. */
  indented?: boolean
}

export type Block = HeadingBlock | TextBlock | CodeBlock

interface Container {
  /** Column at which its text starts. */
  column: number
  kind: 'item' | 'box' | 'tab'
}

/** Levels of lists that are told apart. */
const MAX_LEVELS = 100
const MAX_TAG_LINES = 20
const BOX = /^(?:!!!|\?\?\?\+?|===!?\+?)[ \t]+["'\w]/
const RULE = /^(?:-[ \t]*){3,}$|^(?:\*[ \t]*){3,}$|^(?:_[ \t]*){3,}$/
const isRule = (text: string) => text.length < 300 && RULE.test(text)
const ASCIIDOC = /^\[(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION|example|sidebar|quote)\b[^\]]{0,200}\]$/i

/**
 * The headings, texts and code of a document from one of its lines on. It reads Markdown the way its authors mean
 * it rather than to the letter, since a command that is lost helps nobody: fences may be indented as they like,
 * stand in quotations, lists, boxes (`!!!`, `:::`, `=== "Tab"`, `[NOTE]`) and HTML, and one that is not closed
 * ends before the next heading. One pass over the lines; no recursion, so nesting costs nothing.
 */
export function readBlocks(lines: readonly string[], from: number): Block[] {
  return new BlockReader(lines).read(from)
}

class BlockReader {
  private readonly blocks: Block[] = []
  /** The list items, boxes and tabs that are open, outer first. */
  private open: Container[] = []
  private quotes = 0
  /** What was open when a quotation began. */
  private outside: Container[] = []
  private text: TextBlock | undefined
  private afterBlank = true
  /** Fences that are boxes of MyST and wait for their end. */
  private boxes: string[] = []
  /** A box of AsciiDoc waits for its `====`. */
  private delimited = false
  /** A box of colons waits for its `:::`. */
  private colons = false
  private readonly closing
  /** Ends of hidden passages that do not come any more. */
  private readonly absent = new Set<string>()

  constructor(private readonly lines: readonly string[]) {
    this.closing = closingFences(lines)
  }

  read(from: number): Block[] {
    for (let index = from; index < this.lines.length; ) index = this.line(index)
    this.close()
    return this.blocks
  }

  private close() {
    if (this.text) this.blocks.push(this.text)
    this.text = undefined
  }

  private get aside(): boolean {
    return this.quotes > 0 || this.delimited || this.colons || this.open.some((one) => one.kind === 'box')
  }

  private get level(): number {
    return this.open.reduce((count, one) => count + (one.kind === 'item' ? 1 : 0), 0)
  }

  private line(index: number): number {
    const line = this.lines[index] ?? ''
    const prefix = readPrefix(line, MAX_LEVELS)
    const { rest } = prefix
    if (prefix.quotes !== this.quotes) {
      this.close()
      if (this.quotes === 0) this.outside = this.open
      this.open = prefix.quotes === 0 ? this.outside : []
      this.quotes = prefix.quotes
      this.afterBlank = true
    }
    if (rest === '' && prefix.items.length === 0) {
      this.close()
      this.afterBlank = true
      return index + 1
    }
    const fence = /^(`{3,}|~{3,})(.*)$/.exec(rest)
    const isFence = fence !== null && !(fence[1]?.startsWith('`') && fence[2]?.includes('`'))
    const outer = prefix.items[0]?.at ?? prefix.column
    const lazy = this.text !== undefined && prefix.items.length === 0 && !isFence && !/^#{1,6}\s/.test(rest)
    if (!lazy) while ((this.open.at(-1)?.column ?? 0) > outer) this.open.pop()
    const indent = outer - (this.open.at(-1)?.column ?? 0)
    if (isRule(rest) && prefix.items.length === 0 && !this.text) return index + 1
    if (indent >= 4 && !this.text && this.afterBlank && !isFence)
      return this.code('', indentedCode(this.lines, index, this.quotes, outer), index + 1, true)
    if (isRule(prefix.whole) && (!this.text || !/^-{1,300}$/.test(prefix.whole))) {
      this.close()
      return index + 1
    }
    for (const { column } of prefix.items) {
      this.close()
      if (this.open.length < MAX_LEVELS) this.open.push({ column, kind: 'item' })
    }
    const blank = this.afterBlank
    this.afterBlank = false
    if (isFence && fence) return this.fence(index, fence[1] ?? '', fence[2] ?? '', prefix.column)
    return this.other(index, rest, prefix.column, prefix.items.length > 0, blank)
  }

  /** Headings, boxes, tags and text. */
  private other(index: number, rest: string, column: number, item: boolean, blank: boolean): number {
    const hidden = hiddenUntil(rest)
    if (hidden !== undefined) {
      const end = this.endOf(index + 1, hidden)
      if (end !== undefined) {
        this.close()
        return end + 1
      }
    }
    const tag = tagFence(rest)
    if (tag) return this.until(index, tag.info, tag.ends, column)
    if (/^<pre\b[^>]{0,200}>/i.test(rest)) {
      this.close()
      const lang = /language-([\w-]{1,40})/.exec(rest.slice(0, 400))?.[1] ?? ''
      return this.code(lang, preformatted(this.lines, index, rest), index + 1)
    }
    if (isOnlyTags(rest) || /^\[[^\]]{1,200}\]:\s/.test(rest) || /^:::/.test(rest) || ASCIIDOC.test(rest)) {
      this.close()
      this.afterBlank = true
      if (rest.startsWith(':::')) this.colons = /^:{3,}\s*[\w{]/.test(rest) && !/^:{3,}\s*\{?tab/.test(rest)
      this.delimited = ASCIIDOC.test(rest) && /^={4,}\s*$/.test(this.lines[index + 1] ?? '')
      return index + (this.delimited ? 2 : 1)
    }
    const source = /^\[source(?:,\s*([\w-]+))?[^\]]{0,200}\]\s*$/.exec(rest)
    if (source && /^\s*-{4,}\s*$/.test(this.lines[index + 1] ?? ''))
      return this.until(index + 1, source[1] ?? '', (text) => /^\s*-{4,}\s*$/.test(text), column)
    if (/^\[!\w+\]/.test(rest) && this.quotes > 0) {
      this.close()
      this.say(rest.replace(/^\[!\w+\][-+]?\s*/, ''), index, false)
      return index + 1
    }
    if (this.delimited && /^={4,}\s*$/.test(rest)) {
      this.delimited = false
      this.close()
      return index + 1
    }
    if (BOX.test(rest)) {
      this.close()
      this.say(
        rest.replace(/^\S+\s+(?:[\w-]+\s*(?=["']|$))?/, '').replace(/^["']|["']\s*$/g, ''),
        index,
        false,
      )
      this.close()
      this.open.push({ column: column + 4, kind: rest.startsWith('=') ? 'tab' : 'box' })
      return index + 1
    }
    const heading = /^(#{1,6})(?:[ \t]+(.*)|)$/.exec(rest)
    if (heading && !item) {
      this.close()
      const inside = this.open.length > 0 || this.quotes > 0
      if (!inside) {
        this.boxes = []
        this.colons = false
        this.delimited = false
      }
      this.afterBlank = true
      const depth = heading[1]?.length ?? 6
      const text = (heading[2] ?? '')
        .slice(0, 1_000)
        .replace(/[ \t]#+[ \t]*$/, '')
        .trim()
      // A heading within an item or a quotation is no part of the document's outline.
      this.blocks.push({ kind: 'heading', depth: inside ? 6 : depth, text, line: index + 1 })
      return index + 1
    }
    if (this.setext(rest)) return index + 1
    if (rest.startsWith('|') || blank) this.close()
    this.say(rest, index, item)
    return index + 1
  }

  private setext(rest: string): boolean {
    const { text } = this
    if (!text || text.level > 0 || this.quotes > 0 || rest.length > 300 || !/^(?:=+|-{2,})$/.test(rest))
      return false
    if (text.text.length > 300 || text.text.startsWith('|')) return false
    this.text = undefined
    this.blocks.push({
      kind: 'heading',
      depth: rest.startsWith('=') ? 1 : 2,
      text: text.text,
      line: text.line,
    })
    return true
  }

  private say(text: string, index: number, item: boolean) {
    const clean = text.replace(
      /<\/?(?:details|summary|div|p|br|span|center|b|i|em|strong|table|tr|td|th|ul|ol|li|a|img|small|sub|sup|font|kbd|code)\b[^<>]{0,500}>/gi,
      '',
    )
    if (this.text) this.text.text += `\n${clean}`
    else if (clean.trim() !== '')
      this.text = { kind: 'text', text: clean, line: index + 1, level: this.level, item, aside: this.aside }
    if (/^<\/?(?:details|summary)\b|<\/summary>/i.test(text)) this.close()
  }

  private fence(index: number, marks: string, info: string, column: number): number {
    this.close()
    this.afterBlank = true
    if (info.trim() === '' && this.boxes.at(-1) === marks) {
      this.boxes.pop()
      return index + 1
    }
    const { box } = readInfo(info)
    if (box) {
      this.boxes.push(marks)
      return index + 1
    }
    const closed = this.quotes > 0 || this.closing.has(index + 1, marks)
    const data = languageOf(readInfo(info).lang) === 'data'
    const found = fencedCode(this.lines, index + 1, { marks, quotes: this.quotes, column, closed, data })
    return this.code(info, found, index + 2)
  }

  private until(index: number, info: string, ends: (line: string) => boolean, column: number): number {
    this.close()
    this.afterBlank = true
    return this.code(info, codeUntil(this.lines, index + 1, ends, this.quotes, column), index + 2)
  }

  private code(info: string, found: Found, line: number, indented = false): number {
    const { lang, attributes } = readInfo(info)
    const { content, next } = found
    this.blocks.push({
      kind: 'code',
      language: languageOf(lang),
      lang,
      attributes,
      lines: content,
      line,
      ...(indented ? { indented } : {}),
    })
    return next
  }

  /** The line that holds the end of a hidden passage; looked for once when there is none. */
  private endOf(from: number, end: string): number | undefined {
    if (end !== '-->' && end !== 'endcomment') {
      // A tag of several lines is short; what seems longer is a mistake that must not swallow the document.
      const near = this.lines.slice(from, from + MAX_TAG_LINES).findIndex((line) => line.includes(end))
      return near < 0 ? undefined : from + near
    }
    if (this.absent.has(end)) return undefined
    for (let at = from; at < this.lines.length; at++) if (this.lines[at]?.includes(end)) return at
    this.absent.add(end)
    return undefined
  }
}
