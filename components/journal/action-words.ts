import type { JournalAction } from '@/lib/journal/types'
import type { Tone } from '@/lib/verdicts/types'

/** Every action in the words of the table; the tone marks what somebody reading backwards looks for. */
export const ACTION_WORDS: Record<JournalAction, { word: string; tone: Tone }> = {
  'signed-in': { word: 'Signed in', tone: 'neutral' },
  'check-started': { word: 'Check started', tone: 'neutral' },
  'fix-requested': { word: 'Fix requested', tone: 'neutral' },
  'fix-approved': { word: 'Fix approved', tone: 'pass' },
  'fix-rejected': { word: 'Fix turned down', tone: 'warn' },
  'fix-cancelled': { word: 'Fix taken back', tone: 'neutral' },
  'fix-expired': { word: 'Fix expired', tone: 'neutral' },
  'fix-sent': { word: 'Fix sent', tone: 'warn' },
  'fix-ended': { word: 'Fix ended', tone: 'neutral' },
  'fix-recovered': { word: 'Fix recovered after restart', tone: 'unknown' },
  denied: { word: 'Denied', tone: 'fail' },
  'incident-opened': { word: 'Incident opened', tone: 'fail' },
  'incident-note': { word: 'Note written', tone: 'neutral' },
  'incident-resolved': { word: 'Incident resolved', tone: 'pass' },
  'share-created': { word: 'Share link made', tone: 'neutral' },
  'share-revoked': { word: 'Share link ended', tone: 'neutral' },
  'guide-done': { word: 'Done by hand', tone: 'neutral' },
  'runbook-installed': { word: 'Runbook installed', tone: 'warn' },
  'runbook-removed': { word: 'Runbook removed', tone: 'warn' },
  practice: { word: 'Practice cluster', tone: 'neutral' },
}
