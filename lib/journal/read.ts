import 'server-only'
import { type Db, db } from '@/lib/db/client'
import { toJournalRow } from './append'
import type { JournalAction, JournalPage } from './types'

export interface JournalFilter {
  /** From 1. A page beyond the last is the last. */
  page?: number
  action?: JournalAction
  /** A person's id. */
  actor?: string
}

export const JOURNAL_PAGE_SIZE = 50
const ACTORS_AT_MOST = 200

/** A page of the journal, newest first, with the people who appear in it by their latest name. */
export async function readJournal(filter: JournalFilter, store: Db = db()): Promise<JournalPage> {
  const where = {
    ...(filter.action === undefined ? {} : { action: filter.action }),
    ...(filter.actor === undefined ? {} : { actorId: filter.actor }),
  }
  const [total, people] = await Promise.all([
    store.journalEntry.count({ where }),
    store.journalEntry.findMany({
      distinct: ['actorId'],
      orderBy: [{ actorId: 'asc' }, { seq: 'desc' }],
      select: { actorId: true, actorName: true },
      take: ACTORS_AT_MOST,
    }),
  ])
  const pages = Math.max(1, Math.ceil(total / JOURNAL_PAGE_SIZE))
  const page = Math.min(Math.max(1, Math.trunc(filter.page ?? 1) || 1), pages)
  const entries = await store.journalEntry.findMany({
    where,
    orderBy: { seq: 'desc' },
    skip: (page - 1) * JOURNAL_PAGE_SIZE,
    take: JOURNAL_PAGE_SIZE,
  })
  const actors = people
    .map(({ actorId, actorName }) => ({ id: actorId, name: actorName }))
    .sort((a, b) => a.name.localeCompare(b.name))
  return { rows: entries.map(toJournalRow), page, pages, total, actors }
}
