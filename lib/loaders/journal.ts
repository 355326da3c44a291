import 'server-only'
import { requirePermission } from '@/lib/access/session'
import { attempt } from '@/lib/core/attempt'
import { ok, type Result } from '@/lib/core/result'
import { readJournal } from '@/lib/journal/read'
import type { JournalAction, JournalPage } from '@/lib/journal/types'

/** A page of the journal, newest first; pages count from 1. `actor` is a user's id. */
export async function loadJournal(filter: {
  page?: number
  action?: JournalAction
  actor?: string
}): Promise<Result<JournalPage>> {
  return attempt('loadJournal', async () => {
    const actor = await requirePermission('board:view')
    return actor.ok
      ? ok(
          await readJournal({
            ...filter,
            ...(filter.actor ? { actor: filter.actor.replaceAll('\0', '') } : {}),
          }),
        )
      : actor
  })
}
