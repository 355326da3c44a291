import type { FixRun, FixState } from '@/lib/engine/types'
import type { Tone } from '@/lib/verdicts/types'

const WORDS: Record<FixState, { word: string; tone: Tone; sentence: string }> = {
  awaiting_approval: {
    word: 'Waits for approval',
    tone: 'warn',
    sentence: 'Nothing was sent yet: a second person has to approve it.',
  },
  executing: { word: 'Running', tone: 'neutral', sentence: 'It is being sent.' },
  verifying: { word: 'Verifying', tone: 'neutral', sentence: 'It was sent; the effect is being watched.' },
  verified: { word: 'Verified', tone: 'pass', sentence: 'The checks it should cure are healthy.' },
  succeeded: { word: 'Done', tone: 'pass', sentence: 'It took effect. No check says more about it.' },
  failed: { word: 'Failed', tone: 'fail', sentence: 'It did not have the effect it should have.' },
  unknown: {
    word: 'Outcome unknown',
    tone: 'unknown',
    sentence: 'It was sent, but whether it took effect is not known. Look before pressing anything again.',
  },
  rejected: { word: 'Turned down', tone: 'neutral', sentence: 'It was turned down. Nothing was sent.' },
  expired: { word: 'Expired', tone: 'neutral', sentence: 'Nobody approved it in time. Nothing was sent.' },
  cancelled: { word: 'Taken back', tone: 'neutral', sentence: 'It was taken back. Nothing was sent.' },
  stale: {
    word: 'Out of date',
    tone: 'warn',
    sentence: 'The target changed after the preview, so nothing was sent.',
  },
}

/** A run's state for people: a word, its tone, and what it means. */
export function fixStateWords(state: FixState): { word: string; tone: Tone; sentence: string } {
  return WORDS[state]
}

/** How a run ended, or where it stands, in a sentence. */
export function outcomeOf(run: FixRun): string {
  return run.outcome ?? WORDS[run.state].sentence
}
