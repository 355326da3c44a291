import 'server-only'
import { fail, ok, type Result } from '../../core/result'
import type { ResourceType, ServerTable } from '../../targets/types'
import { goText, inOrder, type Json } from './go-values'
import { Budget, CouldNotPrint, NotPrintable } from './limits'
import { SortBy } from './sort-by'
import { alignColumns, escapeCell } from './tabwriter'

export interface TableOptions {
  /** -o wide */
  wide: boolean
  /** -A */
  allNamespaces: boolean
  noHeaders: boolean
  /** --show-kind; of several types it is on by itself. */
  showKind: boolean
  showLabels: boolean
  /** -L, in order. */
  labelColumns: readonly string[]
  sortBy?: string
}

/** One answer of the API server, in the order in which kubectl asks for them. */
export interface PrintedTable {
  type: ResourceType
  table: ServerTable
}

const MAX_OUTPUT = 1 << 20

/**
 * Tables of the API server as `kubectl get` prints them: after k8s.io/kubectl/pkg/cmd/get/get.go and
 * k8s.io/cli-runtime/pkg/printers/tableprinter.go. Rows need their objects when they are to be sorted. Errors:
 * `invalid_input` with a sentence when they cannot be sorted, or when the text grows too large.
 */
export function tablesText(tables: readonly PrintedTable[], options: TableOptions): Result<string> {
  const kinds = new Set(tables.map(({ type }) => `${type.kind}.${type.version}.${type.group}`))
  const budget = new Budget(MAX_OUTPUT)
  try {
    if (options.sortBy && tables.length > 1)
      throw new CouldNotPrint('kubectl sorts the table of one resource only.')
    const groups = grouped(tables).map((group) =>
      groupText(group, { ...options, showKind: options.showKind || kinds.size > 1 }, budget),
    )
    return ok(groups.filter((text) => text !== '').join(options.noHeaders ? '' : '\n'))
  } catch (cause) {
    if (cause instanceof CouldNotPrint || cause instanceof NotPrintable)
      return fail('invalid_input', cause.message)
    throw cause
  }
}

/** Tables of one type that follow each other share their headings and their columns. */
function grouped(tables: readonly PrintedTable[]): PrintedTable[][] {
  const groups: PrintedTable[][] = []
  for (const one of tables) {
    const last = groups.at(-1)?.at(-1)?.type
    if (last?.plural === one.type.plural && last.group === one.type.group) groups.at(-1)?.push(one)
    else groups.push([one])
  }
  return groups
}

function groupText(group: readonly PrintedTable[], options: TableOptions, budget: Budget): string {
  const lines: string[][] = []
  let shown: ServerTable['columns'] | undefined
  for (const { type, table } of group) {
    if (table.rows.length === 0) continue
    const withNamespace = options.allNamespaces && type.namespaced
    const columns = table.columns.map((column, index) => ({ ...column, index }))
    const chosen = columns.filter(({ priority }) => options.wide || priority === 0)
    const named = options.showKind
      ? columns.find((one) => one.format === 'name' && one.type === 'string')?.index
      : undefined
    const prefix = `${type.kind}${type.group ? `.${type.group}` : ''}`.toLowerCase()
    if (!options.noHeaders && JSON.stringify(shown) !== JSON.stringify(table.columns))
      lines.push(
        [
          ...(withNamespace ? ['Namespace'] : []),
          ...chosen.map(({ name }) => name),
          ...options.labelColumns.map((label) => label.slice(label.lastIndexOf('/') + 1)),
          ...(options.showLabels ? ['Labels'] : []),
        ].map((heading) => heading.toUpperCase()),
      )
    shown = table.columns
    for (const { cells, namespace, labels } of sorted(table, options.sortBy, budget)) {
      const line = [
        ...(withNamespace ? [namespace] : []),
        ...chosen.map(({ index }) =>
          index === named ? `${prefix}/${goText(cells[index] as Json)}` : cells[index],
        ),
        ...options.labelColumns.map((label) => labels[label] ?? ''),
        ...(options.showLabels ? [labelsText(labels)] : []),
      ].map(cellText)
      budget.write(line.join('\t'))
      lines.push(line)
    }
  }
  return alignColumns(lines, budget)
}

function sorted(table: ServerTable, sortBy: string | undefined, budget: Budget): ServerTable['rows'] {
  // Of a single row kubectl does not even look for the field.
  if (!sortBy || table.rows.length < 2) return table.rows
  return new SortBy(sortBy).sortRows(table.rows, ({ object }) => inOrder(object ?? {}), budget)
}

/** A cell is one line; of nothing it is empty. */
function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell !== 'string') return escapeCell(goText(inOrder(cell)))
  const end = cell.search(/[\f\n\r]/)
  return escapeCell(end < 0 ? cell : `${cell.slice(0, end)}...`)
}

/** `app=web,tier=front`, in the order of these pairs. */
function labelsText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
  return pairs.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join(',') || '<none>'
}
