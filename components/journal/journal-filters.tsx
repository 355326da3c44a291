'use client'
import { useRouter } from 'next/navigation'
import { useId, useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { FIELD } from '@/components/ui/field'
import { JOURNAL_ACTIONS, type JournalAction } from '@/lib/journal/types'
import { ACTION_WORDS } from './action-words'
import { type JournalFilter, journalHref } from './journal-address'

/** Filters by action and person. They are in the address, so a filtered journal can be linked. */
export function JournalFilters({
  filter,
  actors,
}: {
  filter: JournalFilter
  actors: { id: string; name: string }[]
}) {
  const router = useRouter()
  const id = useId()
  const [busy, start] = useTransition()
  const go = (change: { action?: JournalAction; actor?: string }) =>
    start(() => router.replace(journalHref({ ...filter, ...change, page: 1 })))
  const filtered = filter.action !== undefined || filter.actor !== undefined
  return (
    <search aria-label="Filter the journal" aria-busy={busy} className="mb-3 flex flex-wrap items-end gap-2">
      <div className="max-md:flex-1">
        <label htmlFor={`${id}-action`} className="mb-1 block text-meta text-second">
          Action
        </label>
        <select
          id={`${id}-action`}
          className={`${FIELD} min-w-48`}
          value={filter.action ?? ''}
          onChange={(event) =>
            go({ action: JOURNAL_ACTIONS.find((action) => action === event.target.value) })
          }
        >
          <option value="">All actions</option>
          {JOURNAL_ACTIONS.map((action) => (
            <option key={action} value={action}>
              {ACTION_WORDS[action].word}
            </option>
          ))}
        </select>
      </div>
      <div className="max-md:flex-1">
        <label htmlFor={`${id}-actor`} className="mb-1 block text-meta text-second">
          Person
        </label>
        <select
          id={`${id}-actor`}
          className={`${FIELD} min-w-48`}
          value={filter.actor ?? ''}
          onChange={(event) => go({ actor: event.target.value || undefined })}
        >
          <option value="">Everyone</option>
          {actors.map((actor) => (
            <option key={actor.id} value={actor.id}>
              {actor.name}
            </option>
          ))}
        </select>
      </div>
      {filtered ? (
        <Button kind="quiet" onClick={() => go({ action: undefined, actor: undefined })}>
          Clear filters
        </Button>
      ) : null}
    </search>
  )
}
