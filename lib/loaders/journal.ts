import 'server-only'
import { fail, type Result } from '@/lib/core/result'
import type { JournalAction, JournalPage } from '@/lib/journal/types'

/** A page of the journal, newest first; pages count from 1. `actor` is a user's id. */
export async function loadJournal(_filter: {
  page?: number
  action?: JournalAction
  actor?: string
}): Promise<Result<JournalPage>> {
  return fail('target_unavailable', 'Not connected yet.')
}
