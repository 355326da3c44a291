'use client'
import { duration } from '@/components/ui/duration'
import { Panel } from '@/components/ui/panel'
import { useNow } from '@/components/ui/when'
import type { IncidentDetail, IncidentEventKind } from '@/lib/incidents/types'

/** How long things took: to the first check, the first fix, the end. Missing ones are not invented. */
export function ClocksPanel({ incident }: { incident: IncidentDetail }) {
  const now = useNow()
  const start = new Date(incident.openedAt).getTime()
  const first = (kind: IncidentEventKind): string | undefined => {
    // With older events left out, the first one shown need not be the first one there was.
    if (incident.more > 0) return undefined
    const times = incident.timeline.filter((event) => event.kind === kind).map((event) => event.at)
    return times.sort()[0]
  }
  const since = (at: string | undefined) => (at ? duration(new Date(at).getTime() - start) : '—')
  const rows: [string, string][] = [
    ['to first check', since(first('check'))],
    ['to first fix', since(first('fix'))],
    incident.resolvedAt
      ? ['to resolve', since(incident.resolvedAt)]
      : ['open for', now === 0 ? '' : duration(now * 1_000 - start)],
  ]
  return (
    <Panel title="Clock">
      <dl>
        {rows.map(([label, value]) => (
          <div key={label} className="flex gap-3 border-b py-1.5 last:border-b-0 last:pb-0">
            <dt className="flex-1 text-second">{label}</dt>
            <dd className="font-medium">{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
