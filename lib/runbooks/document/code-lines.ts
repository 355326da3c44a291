import { dedent, restAfterQuotes } from './prefix'

/** The lines of a block of code and the line at which reading goes on. */
export interface Found {
  content: string[]
  next: number
}

interface Fence {
  marks: string
  quotes: number
  /** Column of the marks: so much white space does not belong to the lines. */
  column: number
  /** Whether a later line of the document can end it. */
  closed: boolean
  /** It is no block of commands. */
  data: boolean
}

const HEADING = /^#{2,6}\s/

/**
 * The lines of a fence up to its end, the end of its quotation, or the end of the document. One that was not closed
 * ends before the next heading; a shell fence was not closed when another fence of its length opens within it.
 */
export function fencedCode(lines: readonly string[], from: number, fence: Fence): Found {
  const { marks, quotes, column, closed, data } = fence
  const content: string[] = []
  let heading = -1
  for (let at = from; at < lines.length; at++) {
    const rest = restAfterQuotes(lines[at] ?? '', quotes)
    if (rest === undefined) return { content, next: at }
    const trimmed = rest.trimStart()
    if (trimmed.startsWith(marks)) {
      if (trimmed.replaceAll(marks[0] ?? '', '').trim() === '') return { content, next: at + 1 }
      if (!data && /^[\w{]/.test(trimmed.slice(marks.length)))
        return heading < 0
          ? { content, next: at }
          : { content: content.slice(0, heading - from), next: heading }
    }
    if (HEADING.test(rest)) {
      if (!closed) return { content, next: at }
      if (heading < 0) heading = at
    }
    content.push(dedent(rest, column))
  }
  return { content, next: lines.length }
}

/** The lines up to one that ends them, to the end of the quotation, or to the next heading. */
export function codeUntil(
  lines: readonly string[],
  from: number,
  ends: (line: string) => boolean,
  quotes: number,
  column: number,
): Found {
  const content: string[] = []
  for (let at = from; at < lines.length; at++) {
    const rest = restAfterQuotes(lines[at] ?? '', quotes)
    if (rest === undefined || HEADING.test(rest)) return { content, next: at }
    if (ends(rest)) return { content, next: at + 1 }
    content.push(dedent(rest, column))
  }
  return { content, next: lines.length }
}

/** The lines of `<pre>`, which stand in HTML: a `<name>` in them is written `&lt;name&gt;`. */
export function preformatted(lines: readonly string[], from: number, first: string): Found {
  const content: string[] = []
  for (let at = from; at < lines.length; at++) {
    const line = at === from ? first : (lines[at] ?? '')
    const end = line.indexOf('</pre>')
    if (end < 0 && HEADING.test(line)) return { content, next: at }
    content.push(
      (end < 0 ? line : line.slice(0, end))
        .replace(/<\/?(?:pre|code|span|b|i|em|strong|br)\b[^<>]{0,200}>/gi, '')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&'),
    )
    if (end >= 0) return { content, next: at + 1 }
  }
  return { content, next: lines.length }
}

/** The lines that are indented by so many columns, blank ones between them too. */
export function indentedCode(lines: readonly string[], from: number, quotes: number, column: number): Found {
  const content: string[] = []
  for (let at = from; at < lines.length; at++) {
    const rest = restAfterQuotes(lines[at] ?? '', quotes)
    const indent = /^[ \t]*/.exec(rest ?? '')?.[0].replaceAll('\t', '    ').length ?? 0
    if (rest === undefined || (rest.trim() !== '' && indent < column)) return { content, next: at }
    content.push(dedent(rest, column))
  }
  return { content, next: lines.length }
}
