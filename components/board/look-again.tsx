'use client'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { classes } from '@/components/ui/classes'
import type { BoardCard } from './sort-cards'

const TONE = {
  pass: { box: 'border-pass-line bg-pass-ground', icon: 'text-pass' },
  warn: { box: 'border-warn-line bg-warn-ground', icon: 'text-warn' },
} as const

/** Why what stands below may be over, and the press that tells. */
export function LookAgain({
  label,
  tone,
  icon: Icon,
  cards,
  children,
}: {
  label: string
  tone: keyof typeof TONE
  icon: LucideIcon
  /** Those that it is about. */
  cards: BoardCard[]
  children: ReactNode
}) {
  const { check } = useConsole()
  return (
    <section
      aria-label={label}
      className={classes(
        'mt-5 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-[10px] border px-4 py-2.5',
        TONE[tone].box,
      )}
    >
      <Icon aria-hidden size={18} className={classes('shrink-0', TONE[tone].icon)} />
      <p className="min-w-0 flex-1 basis-60">{children}</p>
      <Button
        size="small"
        busy={cards.some((one) => one.running)}
        onClick={() => void check({ scope: 'all' })}
      >
        Look again
      </Button>
    </section>
  )
}
