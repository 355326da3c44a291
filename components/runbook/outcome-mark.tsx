import { CornerRightDown, Hand, ScanSearch, Wrench } from 'lucide-react'
import { classes } from '@/components/ui/classes'
import type { Outcome } from '@/lib/runbooks/preview-types'

const LOOK = {
  check: { icon: ScanSearch, word: 'Check', color: 'text-second' },
  fix: { icon: Wrench, word: 'Fix', color: 'text-accent' },
  understood: { icon: CornerRightDown, word: 'Understood', color: 'text-second' },
  manual: { icon: Hand, word: 'By hand', color: 'text-warn' },
} as const satisfies Record<Outcome, unknown>

/** What a line becomes, as icon, word and colour. */
export function OutcomeMark({
  outcome,
  word = true,
  className,
}: {
  outcome: Outcome
  word?: boolean
  className?: string
}) {
  const { icon: Icon, word: text, color } = LOOK[outcome]
  return (
    <span className={classes('inline-flex shrink-0 items-center gap-1.5 font-medium', color, className)}>
      <Icon aria-hidden size={16} />
      <span className={word ? undefined : 'sr-only'}>{text}</span>
    </span>
  )
}
