'use client'
import dynamic from 'next/dynamic'
import type { View } from '@/lib/verdicts/types'
import { viewName } from '@/lib/verdicts/view-names'
import { FactsView } from './facts'
import { GaugeView } from './gauge'
import { GroupsView } from './groups'
import { HistogramView } from './histogram'
import { TableView } from './table'

// A chart library is only fetched by those who see a chart.
const SeriesView = dynamic(() => import('./series'), { ssr: false, loading: () => <div className="h-40" /> })

/** A structured result that is here; one that was kept on the server is fetched by `KeptView`. */
export function StructuredView({ view }: { view: Exclude<View, { type: 'kept' }> }) {
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
