import 'server-only'
import { parse } from 'yaml'
import type { RawText, View } from '../../verdicts/types'
import type { Filter } from '../command'

/**
 * What a check printed, for filters to read: its raw text, or else its tables as kubectl prints them (headings in
 * capitals, columns three spaces apart) and its facts as `label: value`. undefined when it printed nothing.
 * `cutShort` says whether the check itself had left something out, so that counting it counts too few.
 */
export function printedText(
  result: { raw: readonly RawText[]; views: readonly View[] },
  filters: readonly Filter[],
): { text: string; cutShort: boolean } | undefined {
  const parts = result.raw.length > 0 ? result.raw.map(({ text }) => text) : result.views.map(printView)
  const text = parts.map((part) => (part === '' || part.endsWith('\n') ? part : `${part}\n`)).join('')
  if (text === '') return undefined
  const cutShort =
    result.raw.length > 0
      ? result.raw.some(({ truncatedBytes }) => truncatedBytes > 0)
      : result.views.some((view) => view.type === 'table' && (view.more ?? 0) > 0)
  return { text: filters[0]?.program === 'jq' ? asJson(text) : text, cutShort }
}

function printView(view: View): string {
  if (view.type === 'facts') return view.items.map(({ label, value }) => `${label}: ${value}\n`).join('')
  if (view.type !== 'table') return ''
  const rows = [
    view.columns.map(({ key }) => key.toUpperCase()),
    ...view.rows.map((row) => view.columns.map(({ key }) => printCell(row[key]?.text ?? ''))),
  ]
  const widths = view.columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + 3)))
        .join(''),
    )
    .map((line) => `${line}\n`)
    .join('')
}

/** A blank inside a cell would part it in two for awk and sort; ages are written as kubectl does: `12m`. */
function printCell(text: string): string {
  const age = /^(\d+) (s|min|h|days)$/.exec(text)
  return age ? `${age[1]}${age[2]?.[0]}` : text.replace(/\s+/g, '') || '<none>'
}

/** jq reads JSON where a check shows the same object as YAML. */
function asJson(text: string): string {
  if (/^\s*[[{"]/.test(text)) return text
  try {
    const value: unknown = parse(text)
    return typeof value === 'object' && value !== null ? `${JSON.stringify(value, null, 4)}\n` : text
  } catch {
    // Not YAML either: jq says what is wrong with it.
    return text
  }
}
