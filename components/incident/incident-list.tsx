'use client'
import { Siren } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { usePageTitle } from '@/components/frame/page-title'
import { useConsole } from '@/components/live/console-context'
import { Button, buttonClasses } from '@/components/ui/button'
import { duration } from '@/components/ui/duration'
import { Pages } from '@/components/ui/pages'
import { useRefreshOn } from '@/components/ui/use-refresh-on'
import { useNow, When } from '@/components/ui/when'
import { may } from '@/lib/access/roles'
import type { IncidentSummary } from '@/lib/incidents/types'
import { OpenIncidentDialog } from './open-incident-dialog'

/** All incidents, newest first. */
export function IncidentList({
  incidents,
  page,
  pages,
  total,
}: {
  incidents: IncidentSummary[]
  page: number
  pages: number
  total: number
}) {
  useRefreshOn('crashcart:incident')
  usePageTitle('Incidents')
  const { actor, activeIncident } = useConsole()
  const [opening, setOpening] = useState(false)
  const mayOpen = may(actor.role, 'incident:write')
  return (
    <div className="mx-auto w-full max-w-[1060px]">
      <header className="mb-4 flex flex-wrap items-center gap-3">
        <div className="flex-1">
          <h1 className="text-title font-semibold">Incidents</h1>
          <p className="text-second">
            {total === 0 ? 'None so far' : `${total.toLocaleString('en')} so far, newest first`}
          </p>
        </div>
        {activeIncident ? (
          <Link href={`/incidents/${activeIncident.number}`} className={buttonClasses('primary')}>
            Open INC-{activeIncident.number}
          </Link>
        ) : mayOpen ? (
          <Button kind="primary" onClick={() => setOpening(true)}>
            Open an incident…
          </Button>
        ) : null}
      </header>
      {incidents.length === 0 ? (
        <div className="rounded-[10px] border bg-surface px-6 py-10 text-center">
          <Siren aria-hidden className="mx-auto mb-2 text-third" />
          <p className="font-medium">No incident was opened yet</p>
          <p className="mx-auto mt-1 max-w-md text-second">
            Open one when users notice something. From then on its timeline collects every check and every
            fix, and you can share it with people who have no account.
          </p>
        </div>
      ) : (
        <ul className="divide-y overflow-hidden rounded-[10px] border bg-surface">
          {incidents.map((incident) => (
            <Row key={incident.id} incident={incident} />
          ))}
        </ul>
      )}
      <Pages page={page} pages={pages} label="Incidents" hrefOf={(to) => `/incidents?page=${to}`} />
      <OpenIncidentDialog open={opening} onOpenChange={setOpening} />
    </div>
  )
}

function Row({ incident }: { incident: IncidentSummary }) {
  const now = useNow()
  const open = incident.state === 'open'
  const end = incident.resolvedAt ? new Date(incident.resolvedAt).getTime() : now * 1_000
  const lasted = end === 0 ? '' : duration(end - new Date(incident.openedAt).getTime())
  return (
    <li>
      <Link
        href={`/incidents/${incident.number}`}
        className="flex items-center gap-x-3 px-4 py-3 hover:bg-sunken max-md:flex-wrap focus-visible:-outline-offset-2"
      >
        <span className="w-16 shrink-0 font-medium text-second max-md:flex-1">INC-{incident.number}</span>
        <span className="min-w-0 flex-1 max-md:order-last max-md:basis-full">
          <span className="block break-words font-medium">{incident.title}</span>
          <span className="text-meta text-second">
            opened <When at={incident.openedAt} /> by {incident.openedBy} · {incident.events}{' '}
            {incident.events === 1 ? 'event' : 'events'}
          </span>
        </span>
        <span className="shrink-0 text-right text-meta">
          <span className={open ? 'font-medium text-fail' : 'text-pass'}>{open ? 'Open' : 'Resolved'}</span>
          <span className="block text-third max-md:ml-1.5 max-md:inline" suppressHydrationWarning>
            {open ? `for ${lasted}` : `after ${lasted}`}
          </span>
        </span>
      </Link>
    </li>
  )
}
