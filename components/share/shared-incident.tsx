import { Eye } from 'lucide-react'
import { Mark } from '@/components/frame/mark'
import { Timeline } from '@/components/incident/timeline'
import { When } from '@/components/ui/when'
import type { SharedIncident } from '@/lib/incidents/types'
import { OpenClock } from './open-clock'
import { UtcTime } from './utc-time'

/** An incident for somebody without an account: read-only, without names, without links inwards. */
export function SharedIncidentPage({ incident, readAt }: { incident: SharedIncident; readAt: string }) {
  const open = incident.state === 'open'
  return (
    <>
      <header className="border-b bg-surface">
        <div className="mx-auto flex min-h-13 max-w-[860px] flex-wrap items-center gap-x-3 gap-y-1 px-5 py-2.5">
          <Wordmark />
          <p className="flex flex-1 items-center justify-end gap-1.5 text-meta text-second max-sm:basis-full max-sm:justify-start">
            <Eye aria-hidden size={14} className="shrink-0" />
            <span>
              Read-only · names of people are hidden · works until <UtcTime at={incident.expiresAt} />
            </span>
          </p>
        </div>
      </header>
      <main className="mx-auto max-w-[860px] px-5 py-6">
        <p className="text-meta text-second">
          INC-{incident.number} ·{' '}
          <span className={open ? 'font-medium text-fail' : 'font-medium text-pass'}>
            {open ? 'Open' : 'Resolved'}
          </span>{' '}
          · opened <When at={incident.openedAt} />
        </p>
        <h1 className="break-words text-title font-semibold">{incident.title}</h1>
        <p className="mt-0.5 text-second">
          <OpenClock from={incident.openedAt} to={incident.resolvedAt} />
        </p>
        {incident.summary ? (
          <section
            aria-labelledby="summary"
            className="mt-5 rounded-[10px] border border-pass-line bg-pass-ground px-4 py-3"
          >
            <h2 id="summary" className="text-meta font-medium text-pass">
              What was wrong, and what made it better
            </h2>
            <p className="mt-0.5 whitespace-pre-wrap break-words">{incident.summary}</p>
          </section>
        ) : null}
        <section aria-labelledby="happened" className="mt-6">
          <h2 id="happened" className="mb-3 text-meta font-medium text-third">
            What happened
          </h2>
          <Timeline events={incident.timeline} more={incident.more} />
        </section>
        <p className="mt-8 border-t pt-3 text-meta text-third">
          As of <UtcTime at={readAt} />. Load the page again to see what happened since.
        </p>
      </main>
    </>
  )
}

/** The mark and the name, without a link: there is nothing to go to from here. */
export function Wordmark() {
  return (
    <span className="flex items-center gap-2.5 font-semibold">
      <Mark />
      Crashcart
    </span>
  )
}
