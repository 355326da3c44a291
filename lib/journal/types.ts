/** What a browser gets to see of the journal. Universal. */

export const JOURNAL_ACTIONS = [
  'signed-in',
  'check-started',
  'fix-requested',
  'fix-approved',
  'fix-rejected',
  'fix-cancelled',
  'fix-expired',
  'fix-sent',
  'fix-ended',
  'fix-recovered',
  'denied',
  'incident-opened',
  'incident-note',
  'incident-resolved',
  'share-created',
  'share-revoked',
  'guide-done',
  'runbook-installed',
  'runbook-removed',
  'practice',
] as const
export type JournalAction = (typeof JOURNAL_ACTIONS)[number]

/** One row. `hash` is SHA-256 over the canonical JSON of the row and `prevHash`: see append.ts. */
export interface JournalRow {
  seq: number
  at: string
  action: JournalAction
  actor: { id: string; name: string; role: string }
  /** `deployment backend-services/backend-api`, a step id, an incident number. */
  target: string
  /** One sentence, redacted. */
  text: string
  runId?: string
  detail: Record<string, unknown>
  prevHash: string
  hash: string
}

export interface JournalPage {
  rows: JournalRow[]
  page: number
  pages: number
  total: number
  /** People who appear in the journal, for the filter. */
  actors: { id: string; name: string }[]
}
