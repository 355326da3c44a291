import { CircleCheck, CircleHelp, CircleMinus, CircleX, LoaderCircle, TriangleAlert } from 'lucide-react'
import { classes } from '@/components/ui/classes'
import { TONE_BOX } from '@/components/ui/verdict-mark'
import { When } from '@/components/ui/when'
import type { FixRun } from '@/lib/engine/types'
import { hasEnded } from '@/lib/queries/fix-run'
import type { Tone } from '@/lib/verdicts/types'
import { fixStateWords, outcomeOf } from './fix-state'

const ICON: Record<Tone, typeof CircleX> = {
  pass: CircleCheck,
  warn: TriangleAlert,
  fail: CircleX,
  unknown: CircleHelp,
  neutral: CircleMinus,
}

/** Where a run stands, first thing in the drawer: running, or how it ended. */
export function Outcome({ run }: { run: FixRun }) {
  const { word, tone } = fixStateWords(run.state)
  const ended = hasEnded(run)
  const Icon = ended ? ICON[tone] : LoaderCircle
  const text = outcomeOf(run)
  // "Verified" above "Recovered in 41 s" says nothing more, nor does "Done" above "Done in 41 s".
  const saysItself = run.state === 'verified' || text.toLowerCase().startsWith(word.toLowerCase())
  return (
    <div className={classes('flex gap-2.5 border-b px-4 py-3', ended ? TONE_BOX[tone] : 'text-accent')}>
      <Icon aria-hidden size={18} className={classes('mt-px shrink-0', !ended && 'animate-spin')} />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{saysItself ? text : word}</p>
        {saysItself ? null : <p className="break-words text-ink">{text}</p>}
      </div>
      <When at={run.endedAt ?? run.createdAt} className="shrink-0 text-meta text-second" />
    </div>
  )
}
