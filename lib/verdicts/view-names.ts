import type { View } from './types'

const NAME: Record<Exclude<View['type'], 'kept'>, string> = {
  table: 'Table',
  facts: 'Facts',
  gauge: 'Gauge',
  histogram: 'Over time',
  series: 'Over time',
  groups: 'Message groups',
}

/** What to call a view. */
export function viewName(view: View): string {
  return view.type === 'kept' ? view.name : view.label || NAME[view.type]
}

/** The words on a closed fold: "Message groups · 4 groups", "3 rows". */
export function viewFold(view: View): string {
  if (view.type === 'kept') return view.fold ?? view.name
  const size = viewSize(view)
  if (!view.label && size) return size
  return [viewName(view), size].filter(Boolean).join(' · ')
}

/** How much is in it, for the label of a closed fold. */
function viewSize(view: View): string {
  const many = (count: number, word: string) =>
    `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`
  if (view.type === 'table') return many(view.rows.length + (view.more ?? 0), 'row')
  if (view.type === 'groups') return many(view.groups.length + (view.more ?? 0), 'group')
  return ''
}
