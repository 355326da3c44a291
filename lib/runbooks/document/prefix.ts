/** What stands in front of a line's text: marks of quotations and list items. */
export interface Prefix {
  quotes: number
  /** The items that start on this line: the column of the mark and the one of its text. */
  items: { at: number; column: number }[]
  /** Column of the text, counted from the last mark of a quotation. */
  column: number
  /** The text after every mark. */
  rest: string
  /** The text after the quotations, with marks of items. */
  whole: string
}

const width = (char: string | undefined, column: number) => (char === '\t' ? 4 - (column % 4) : 1)
const isBlank = (char: string | undefined) => char === ' ' || char === '\t'

/** Reads the marks of one line in a single pass; items beyond `maxItems` are text. */
export function readPrefix(line: string, maxItems: number): Prefix {
  let at = 0
  let column = 0
  let quotes = 0
  let wholeFrom = 0
  let items: Prefix['items'] = []
  for (;;) {
    while (isBlank(line[at])) column += width(line[at++], column)
    if (line[at] === '>') {
      quotes++
      at++
      if (line[at] === ' ') at++
      column = 0
      items = []
      wholeFrom = at
      continue
    }
    const length = items.length < maxItems ? markAt(line, at) : 0
    if (length === 0) break
    const start = column
    at += length
    column += length
    let spaces = 0
    while (isBlank(line[at + spaces])) spaces++
    // Five spaces and more after a mark belong to indented code.
    const taken = spaces === 0 ? 0 : spaces > 4 ? 1 : spaces
    for (let one = 0; one < taken; one++) column += width(line[at++], column)
    items.push({ at: start, column: taken === 0 ? column + 1 : column })
    if (taken !== spaces) break
  }
  return { quotes, items, column, rest: line.slice(at).trimEnd(), whole: line.slice(wholeFrom).trim() }
}

/** Length of the mark of a list item, 0 for none. */
function markAt(line: string, at: number): number {
  let end = at
  if (line[at] === '-' || line[at] === '*' || line[at] === '+') end = at + 1
  else {
    while (end - at < 9 && /[0-9]/.test(line[end] ?? '')) end++
    if (end === at && /[a-z]/i.test(line[end] ?? '') && line[end + 1] === ')') end++
    if (end === at || (line[end] !== '.' && line[end] !== ')')) return 0
    end++
  }
  return end >= line.length || isBlank(line[end]) ? end - at : 0
}

/** A line without so many marks of quotations; undefined when it has fewer. */
export function restAfterQuotes(line: string, quotes: number): string | undefined {
  let at = 0
  for (let count = 0; count < quotes; count++) {
    while (isBlank(line[at])) at++
    if (line[at] !== '>') return undefined
    at++
    if (line[at] === ' ') at++
  }
  return line.slice(at)
}

/** A line without its first so many columns of white space. */
export function dedent(line: string, columns: number): string {
  let at = 0
  for (let column = 0; column < columns && isBlank(line[at]); ) column += width(line[at++], column)
  return line.slice(at)
}

/** Which lines can end a fence, so that one that nothing ends is known without reading on to the end. */
export function closingFences(lines: readonly string[]): { has(from: number, marks: string): boolean } {
  // The longest row of marks that stands alone on this line or a later one.
  const longest = { '`': new Int32Array(lines.length + 1), '~': new Int32Array(lines.length + 1) }
  for (let index = lines.length - 1; index >= 0; index--) {
    const found = /^[ \t]*(`{3,}|~{3,})[ \t]*$/.exec(lines[index] ?? '')?.[1]
    for (const char of ['`', '~'] as const)
      longest[char][index] = Math.max(
        longest[char][index + 1] ?? 0,
        found?.startsWith(char) ? found.length : 0,
      )
  }
  return { has: (from, marks) => (longest[marks[0] === '~' ? '~' : '`'][from] ?? 0) >= marks.length }
}
