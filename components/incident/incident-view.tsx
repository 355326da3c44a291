'use client'
import Link from 'next/link'
import { useState } from 'react'
import { usePageTitle } from '@/components/frame/page-title'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { Panel } from '@/components/ui/panel'
import { useRefreshOn } from '@/components/ui/use-refresh-on'
import { When } from '@/components/ui/when'
import { may } from '@/lib/access/roles'
import type { IncidentDetail, IncidentEvent } from '@/lib/incidents/types'
import { ClocksPanel } from './clocks-panel'
import { NoteForm } from './note-form'
import { NowPanel } from './now-panel'
import { ResolveDialog } from './resolve-dialog'
import { SharePanel } from './share-panel'
import { Timeline } from './timeline'

/** One incident: what happened on the left, the present on the right. */
export function IncidentView({ incident }: { incident: IncidentDetail }) {
  useRefreshOn('crashcart:incident', 'crashcart:fix')
  usePageTitle(`INC-${incident.number}`)
  const { actor, runbook } = useConsole()
  const [resolving, setResolving] = useState(false)
  const open = incident.state === 'open'
  const mayWrite = may(actor.role, 'incident:write')
  const card = runbook.cards.find((one) => one.id === incident.cardId)
  return (
    <div className="mx-auto w-full max-w-[1060px]">
      <header className="mb-5 flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1 basis-80">
          <p className="text-meta text-second">
            INC-{incident.number} · {open ? 'open' : 'resolved'} · opened by {incident.openedBy}{' '}
            <When at={incident.openedAt} />
            {card ? (
              <>
                {' · '}
                <Link href={`/cards/${card.id}`} className="text-accent underline underline-offset-2">
                  {card.title}
                </Link>
              </>
            ) : null}
          </p>
          <h1 className="break-words text-title font-semibold">{incident.title}</h1>
        </div>
        {open && mayWrite ? (
          <Button kind="primary" onClick={() => setResolving(true)}>
            Resolve…
          </Button>
        ) : null}
      </header>
      {/* The present comes first for readers and on a phone; beside the timeline on a wide screen. */}
      <div className="grid items-start gap-x-6 gap-y-3 max-md:gap-y-6 md:grid-cols-[minmax(0,1fr)_330px] md:grid-rows-[auto_1fr]">
        <div className="md:col-start-2 md:row-start-1">
          {open ? (
            <NowPanel />
          ) : (
            <Panel title="Now">
              <p className="text-second">This incident is resolved. The board shows how things are.</p>
            </Panel>
          )}
        </div>
        <section aria-label="What happened" className="md:col-start-1 md:row-span-2 md:row-start-1">
          <h2 className="sr-only">What happened</h2>
          {incident.summary ? (
            <div className="mb-5 rounded-[10px] border border-pass-line bg-pass-ground px-4 py-3">
              <p className="text-meta font-medium text-pass">Resolved</p>
              <p className="mt-0.5 whitespace-pre-wrap break-words">{incident.summary}</p>
            </div>
          ) : null}
          <Timeline
            events={incident.timeline}
            more={incident.more}
            elsewhere="the journal has all of them"
            actionsOf={(event) => <EventLinks event={event} />}
          />
          {open && mayWrite ? <NoteForm incidentId={incident.id} /> : null}
          {open && !mayWrite ? (
            <p className="mt-5 pl-9 text-meta text-third">Responders and above can write notes.</p>
          ) : null}
        </section>
        <div className="space-y-3 md:col-start-2 md:row-start-2">
          <ClocksPanel incident={incident} />
          <SharePanel incidentId={incident.id} shares={incident.shares} mayWrite={mayWrite} />
        </div>
      </div>
      <ResolveDialog open={resolving} onOpenChange={setResolving} incident={incident} />
    </div>
  )
}

function EventLinks({ event }: { event: IncidentEvent }) {
  const { runbook, openFix } = useConsole()
  const card = runbook.cards.find((one) => one.id === event.cardId)
  const runId = event.kind === 'fix' ? event.runId : undefined
  return (
    <>
      {card ? (
        <Link
          href={`/cards/${card.id}`}
          className="text-accent underline underline-offset-2 max-md:inline-flex max-md:min-h-11 max-md:items-center"
        >
          {card.title}
        </Link>
      ) : null}
      {runId ? (
        <button
          type="button"
          onClick={() => openFix({ runId })}
          className="text-accent underline underline-offset-2 max-md:min-h-11"
        >
          Open the run
        </button>
      ) : null}
    </>
  )
}
