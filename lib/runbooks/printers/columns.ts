import 'server-only'
import { goText, type Json } from './go-values'
import { JsonPath } from './jsonpath'
import { type Budget, MAX_TEMPLATE, NotPrintable } from './limits'

interface Column {
  heading: string
  path: JsonPath
}

/** Blanks between columns. */
const PADDING = 3
/** Narrowest column, the blanks after it included. */
const MIN_WIDTH = 6

/**
 * A path as custom columns and --sort-by take it, braces and the first dot being optional: after
 * RelaxedJSONPathExpression in k8s.io/kubectl/pkg/cmd/get/customcolumn.go. Throws NotPrintable for another form.
 */
export function relaxedPath(written: string): string {
  if (written === '') return ''
  const [, braced, bare] = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(written) ?? []
  const path = braced ?? bare
  if (path === undefined)
    throw new NotPrintable(`"${written.slice(0, 40)}" is no path such as .metadata.name or {.metadata.name}.`)
  return `{.${path}}`
}

/** `-o custom-columns=NAME:.metadata.name,…`; `withHeadings` is false for --no-headers. */
export class CustomColumns {
  private readonly columns: Column[]

  /** Throws NotPrintable for a column without a heading or with a path that is none. */
  constructor(
    spec: string,
    private readonly withHeadings: boolean,
  ) {
    if (spec === '') throw new NotPrintable('custom-columns names no columns.')
    if (spec.length > MAX_TEMPLATE)
      throw new NotPrintable(`custom-columns has more than ${MAX_TEMPLATE} characters.`)
    this.columns = spec.split(',').map((part) => {
      const colon = part.indexOf(':')
      if (colon < 0)
        throw new NotPrintable(
          `custom-columns takes HEADING:PATH for each column, not "${part.slice(0, 40)}".`,
        )
      return { heading: part.slice(0, colon), path: new JsonPath(relaxedPath(part.slice(colon + 1))) }
    })
  }

  /** The table. Throws CouldNotPrint where a path does not fit an object. */
  print(objects: readonly Json[], budget: Budget): string {
    const rows = objects.map((object) =>
      this.columns.map(({ path }) => cell(path.find(object, budget), budget)),
    )
    const headings = this.withHeadings ? [this.columns.map(({ heading }) => heading)] : []
    return alignColumns([...headings, ...rows], budget)
  }
}

function cell(found: readonly Json[][], budget: Budget): string {
  const values = found
    .flat()
    .map((value) => budget.write(goText(value)).replaceAll('\x1b', '^[').replaceAll('\r', '\\r'))
  return [...((found[0]?.length ?? 0) === 0 ? ['<none>'] : []), ...values].join(',')
}

/**
 * Rows as kubectl's tabwriter (github.com/liggitt/tabwriter) sets them: every cell but the last of its row as wide as
 * the widest above and below it. A newline or a tab inside a cell begins another row or cell, as it does there.
 */
function alignColumns(rows: readonly (readonly string[])[], budget: Budget): string {
  const text = rows.map((row) => `${row.join('\t')}\n`).join('')
  if (text === '') return ''
  const lines = text
    .slice(0, -1)
    .split(/\n/)
    .map((line) => line.split('\t'))
  const widths: number[][] = lines.map(() => [])
  const size = (line: number, column: number) => Array.from(lines[line]?.[column] ?? '').length
  const columns = Math.max(...lines.map((line) => line.length))
  for (let column = 0; column < columns; column++)
    for (let line = 0; line < lines.length; ) {
      // A column is a run of lines that all have a cell after this one.
      let end = line
      while (end < lines.length && (lines[end]?.length ?? 0) > column + 1) end++
      const widest = Math.max(0, ...Array.from({ length: end - line }, (_, n) => size(line + n, column)))
      for (; line < end; line++) (widths[line] as number[])[column] = Math.max(MIN_WIDTH, widest + PADDING)
      line = Math.max(line, end) + (end === line ? 1 : 0)
    }
  // One wide cell makes all lines wide.
  budget.room(widths.reduce((sum, line) => line.reduce((all, width) => all + width, sum), 0))
  return lines
    .map((cells, line) =>
      cells
        .map((one, column) =>
          column === cells.length - 1
            ? one
            : one + ' '.repeat(Math.max(0, (widths[line]?.[column] ?? 0) - size(line, column))),
        )
        .join(''),
    )
    .map((line) => `${line}\n`)
    .join('')
}
