import 'server-only'
import type { Budget } from './limits'

/** How far columns are apart. */
export interface Layout {
  /** Narrowest column, the blanks after it included. */
  narrowest: number
  /** Blanks between columns. */
  padding: number
}

/** k8s.io/cli-runtime/pkg/printers/tabwriter.go: nearly every table of kubectl. */
export const TABLE: Layout = { narrowest: 6, padding: 3 }

/**
 * Rows as kubectl's tabwriter (github.com/liggitt/tabwriter, a Go text/tabwriter) sets them: every cell but the last
 * of its row as wide as the widest above and below it. A newline or a tab inside a cell begins another row or cell, as
 * it does there.
 */
export function alignColumns(
  rows: readonly (readonly string[])[],
  budget: Budget,
  { narrowest, padding }: Layout = TABLE,
): string {
  const text = rows.map((row) => `${row.join('\t')}\n`).join('')
  if (text === '') return ''
  const lines = text
    .slice(0, -1)
    .split(/[\n\f]/)
    .map((line) => line.split(/[\t\v]/))
  const sizes = lines.map((line) => line.map((cell) => Array.from(cell).length))
  const widths: number[][] = lines.map(() => [])
  const columns = lines.reduce((most, line) => Math.max(most, line.length), 0)
  // Each column looks at the lines that are as long as it only, so that a line costs what its own cells do.
  let reaching = Array.from(lines.keys())
  for (let column = 0; column < columns; column++) {
    reaching = reaching.filter((line) => (lines[line]?.length ?? 0) > column + 1)
    for (let at = 0; at < reaching.length; ) {
      // A column is a run of lines that all have a cell after this one.
      let end = at
      let widest = 0
      do widest = Math.max(widest, sizes[reaching[end] as number]?.[column] ?? 0)
      while (reaching[++end] === (reaching[end - 1] as number) + 1)
      for (; at < end; at++)
        (widths[reaching[at] as number] as number[])[column] = Math.max(narrowest, widest + padding)
    }
  }
  // One wide cell makes all lines wide.
  budget.room(widths.reduce((sum, line) => line.reduce((all, width) => all + width, sum), 0))
  return lines
    .map((cells, line) =>
      cells
        .map((one, column) =>
          column === cells.length - 1
            ? one
            : one + ' '.repeat(Math.max(0, (widths[line]?.[column] ?? 0) - (sizes[line]?.[column] ?? 0))),
        )
        .join(''),
    )
    .map((line) => `${line}\n`)
    .join('')
}

/** A cell without what would reach into a terminal: k8s.io/cli-runtime/pkg/printers/terminal.go. */
export function escapeCell(text: string): string {
  return text.replaceAll('\x1b', '^[').replaceAll('\r', '\\r')
}
