'use client'
import { Siren } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useState } from 'react'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { useNow } from '@/components/ui/when'
import { may } from '@/lib/access/roles'

const OpenIncidentDialog = dynamic(() =>
  import('@/components/incident/open-incident-dialog').then((all) => all.OpenIncidentDialog),
)

/** "40 s", "14 min", "2 h 5 min", "3 d 4 h": how long something has been going on. */
export function lasting(since: string, nowSeconds: number): string {
  const seconds = Math.max(0, Math.floor(nowSeconds - new Date(since).getTime() / 1_000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (seconds < 60) return `${seconds} s`
  if (minutes < 60) return `${minutes} min`
  if (hours < 24) return `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** The open incident and its age, or the way to open one. */
export function IncidentBadge() {
  const { activeIncident, actor } = useConsole()
  const [opening, setOpening] = useState(false)
  const now = useNow()
  if (activeIncident)
    return (
      <Link
        href={`/incidents/${activeIncident.number}`}
        title={activeIncident.title}
        className="inline-flex h-8 shrink-0 items-center gap-2 rounded-lg bg-fail-ground px-2.5 font-semibold text-fail hover:ring-1 hover:ring-fail-line max-md:relative max-md:h-9 max-md:before:absolute max-md:before:inset-x-0 max-md:before:-inset-y-1"
      >
        <Siren aria-hidden size={16} />
        <span>
          <span className="sr-only">Open incident </span>INC-{activeIncident.number}
          <span suppressHydrationWarning>
            {now === 0 ? '' : ` · ${lasting(activeIncident.openedAt, now)}`}
          </span>
        </span>
      </Link>
    )
  if (!may(actor.role, 'incident:write')) return null
  return (
    <>
      <Button
        size="small"
        kind="quiet"
        className="h-8 max-md:hidden"
        icon={<Siren aria-hidden size={16} />}
        onClick={() => setOpening(true)}
      >
        Open an incident
      </Button>
      {opening ? <OpenIncidentDialog open onOpenChange={setOpening} /> : null}
    </>
  )
}
