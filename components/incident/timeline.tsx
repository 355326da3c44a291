import {
  CircleCheck,
  Link2Off,
  type LucideIcon,
  MessageSquare,
  ScanSearch,
  Share2,
  Siren,
  Wrench,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from '@/components/ui/classes'
import { ClockTime } from '@/components/ui/clock-time'
import { VerdictMark } from '@/components/ui/verdict-mark'
import type { IncidentEvent, IncidentEventKind } from '@/lib/incidents/types'

const KIND: Record<IncidentEventKind, { icon: LucideIcon; word: string; color?: string }> = {
  opened: { icon: Siren, word: 'Opened', color: 'text-fail' },
  note: { icon: MessageSquare, word: 'Note' },
  check: { icon: ScanSearch, word: 'Check' },
  fix: { icon: Wrench, word: 'Fix', color: 'text-accent' },
  shared: { icon: Share2, word: 'Shared' },
  'share-revoked': { icon: Link2Off, word: 'Share ended' },
  resolved: { icon: CircleCheck, word: 'Resolved', color: 'text-pass' },
}

/**
 * What happened, oldest first. The text is untrusted and stays text. `actionsOf` gives an event its
 * links (card, run); a share page gives none.
 */
export function Timeline({
  events,
  more,
  elsewhere,
  actionsOf,
}: {
  events: IncidentEvent[]
  /** Older events left out. */
  more: number
  /** Where those can be read: "the journal has all of them". */
  elsewhere?: string
  actionsOf?: (event: IncidentEvent) => ReactNode
}) {
  const ordered = [...events].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return (
    <>
      {more > 0 ? (
        <p className="mb-3 text-meta text-third">
          {more.toLocaleString('en')} older {more === 1 ? 'event is' : 'events are'} left out here
          {elsewhere ? `; ${elsewhere}` : ''}.
        </p>
      ) : null}
      <ol aria-label="Timeline">
        {ordered.map((event, index) => (
          <Entry
            key={event.id}
            event={event}
            last={index === ordered.length - 1}
            actions={actionsOf?.(event)}
          />
        ))}
      </ol>
    </>
  )
}

function Entry({ event, last, actions }: { event: IncidentEvent; last: boolean; actions: ReactNode }) {
  const { icon: Icon, word, color } = KIND[event.kind]
  return (
    <li className="relative flex gap-3 pb-5 last:pb-0">
      {last ? null : <span aria-hidden className="absolute bottom-0 left-3 top-7 w-px bg-line" />}
      <span
        className={classes(
          'mt-[-2px] inline-flex size-6 shrink-0 items-center justify-center rounded-full border bg-surface',
          color ?? 'text-second',
        )}
      >
        <Icon aria-hidden size={13} />
        <span className="sr-only">{word}</span>
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex items-start gap-2">
          {event.verdict ? <VerdictMark verdict={event.verdict} size={16} className="mt-0.5" /> : null}
          <p className="min-w-0 flex-1 whitespace-pre-wrap break-words [overflow-wrap:anywhere]">
            {event.kind === 'note' ? `“${event.text}”` : event.text}
          </p>
          <ClockTime at={event.at} className="shrink-0 text-meta text-third" />
        </div>
        <div className="flex flex-wrap items-center gap-x-3 text-meta text-second">
          <span>{event.by}</span>
          {actions}
        </div>
      </div>
    </li>
  )
}
