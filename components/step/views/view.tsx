'use client'
import dynamic from 'next/dynamic'
import type { View } from '@/lib/verdicts/types'
import { FactsView } from './facts'
import { GaugeView } from './gauge'
import { GroupsView } from './groups'
import { HistogramView } from './histogram'
import { TableView } from './table'

// A chart library is only fetched by those who see a chart.
const SeriesView = dynamic(() => import('./series'), { ssr: false, loading: () => <div className="h-40" /> })

const NAME: Record<View['type'], string> = {
  table: 'Table',
  facts: 'Facts',
  gauge: 'Gauge',
  histogram: 'Over time',
  series: 'Over time',
  groups: 'Message groups',
}

/** What to call a view. */
export function viewName(view: View): string {
  return view.label || NAME[view.type]
}

/** The words on a closed fold: "Message groups · 4 groups", "3 rows". */
export function viewFold(view: View): string {
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

/** A structured result. */
export function StructuredView({ view }: { view: View }) {
  switch (view.type) {
    case 'table':
      return <TableView view={view} name={viewName(view)} />
    case 'facts':
      return <FactsView view={view} />
    case 'gauge':
      return <GaugeView view={view} />
    case 'histogram':
      return <HistogramView view={view} />
    case 'groups':
      return <GroupsView view={view} />
    case 'series':
      return <SeriesView view={view} />
  }
}
