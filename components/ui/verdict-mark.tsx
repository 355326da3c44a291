import { CircleCheck, CircleDashed, CircleHelp, CircleX, LoaderCircle, TriangleAlert } from 'lucide-react'
import type { Severity, Tone, Verdict } from '@/lib/verdicts/types'
import { classes } from './classes'

export type Shown = Verdict | 'unchecked' | 'running'

const LOOK: Record<Shown, { icon: typeof CircleX; word: string; color: string }> = {
  pass: { icon: CircleCheck, word: 'Healthy', color: 'text-pass' },
  warn: { icon: TriangleAlert, word: 'Warning', color: 'text-warn' },
  fail: { icon: CircleX, word: 'Failing', color: 'text-fail' },
  unknown: { icon: CircleHelp, word: 'Unknown', color: 'text-unknown' },
  unchecked: { icon: CircleDashed, word: 'Not checked', color: 'text-third' },
  running: { icon: LoaderCircle, word: 'Checking', color: 'text-accent' },
}

/**
 * A verdict as icon and colour; the word is read out, and shown with `word`. With `old` it was so when somebody last
 * looked: health that may be over is not green.
 */
export function VerdictMark({
  verdict,
  old = false,
  word = false,
  size = 18,
  className,
}: {
  verdict: Shown
  old?: boolean
  word?: boolean
  size?: number
  className?: string
}) {
  const { icon: Icon, word: text, color } = LOOK[verdict]
  const faded = old && verdict === 'pass'
  return (
    <span
      className={classes(
        'inline-flex shrink-0 items-center gap-1.5',
        faded ? 'text-third' : color,
        className,
      )}
    >
      <Icon aria-hidden size={size} className={verdict === 'running' ? 'animate-spin' : undefined} />
      <span className={word ? 'font-medium' : 'sr-only'}>
        {old && verdict !== 'running' && verdict !== 'unchecked' ? `${text} when last looked at` : text}
      </span>
    </span>
  )
}

/** Text colour of a tone. */
export const TONE_TEXT: Record<Tone, string> = {
  neutral: 'text-ink',
  pass: 'text-pass',
  warn: 'text-warn',
  fail: 'text-fail',
  unknown: 'text-unknown',
}

/** Ground, border and text of a tinted box. */
export const TONE_BOX: Record<Tone, string> = {
  neutral: 'border-line bg-sunken text-ink',
  pass: 'border-pass-line bg-pass-ground text-pass',
  warn: 'border-warn-line bg-warn-ground text-warn',
  fail: 'border-fail-line bg-fail-ground text-fail',
  unknown: 'border-unknown-line bg-unknown-ground text-unknown',
}

/** The tone in which a finding of this severity is shown. */
export function toneOf(severity: Severity): Tone {
  return severity === 'info' ? 'neutral' : severity
}
