import { JOURNAL_ACTIONS, type JournalAction } from '@/lib/journal/types'

/** What of the journal is shown; lives in the address. */
export interface JournalFilter {
  page: number
  action?: JournalAction
  actor?: string
}

type Params = Record<string, string | string[] | undefined>

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Reads a filter from an address. What makes no sense is left out. */
export function readFilter(params: Params): JournalFilter {
  const page = Number(single(params.page))
  const action = JOURNAL_ACTIONS.find((known) => known === single(params.action))
  const actor = single(params.actor)
  return {
    page: Number.isInteger(page) && page > 0 ? page : 1,
    ...(action ? { action } : {}),
    ...(actor ? { actor } : {}),
  }
}

/** The address of a filter. */
export function journalHref(filter: JournalFilter): string {
  const params = new URLSearchParams()
  if (filter.action) params.set('action', filter.action)
  if (filter.actor) params.set('actor', filter.actor)
  if (filter.page > 1) params.set('page', String(filter.page))
  const text = params.toString()
  return text ? `/journal?${text}` : '/journal'
}
