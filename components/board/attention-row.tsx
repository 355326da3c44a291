'use client'
import { ChevronRight, CornerDownRight } from 'lucide-react'
import Link from 'next/link'
import { stepsById } from '@/components/card/remedies'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { VerdictMark } from '@/components/ui/verdict-mark'
import { useNow, When } from '@/components/ui/when'
import { isOld } from '@/lib/verdicts/freshness'
import { Sentence } from './sentence'
import type { BoardCard } from './sort-cards'

/** A card that needs attention, on one line: verdict, name, the finding in words, the fix, the age. */
export function AttentionRow({ one, below }: { one: BoardCard; below: boolean }) {
  const { runbook, openFix } = useConsole()
  const now = useNow()
  const { card, state, running } = one
  const fix = state.explainedBy ? undefined : stepsById(runbook, state.suggests)[0]
  return (
    <li className="group relative grid min-h-12 grid-cols-[20px_224px_minmax(0,1fr)_auto_auto] items-center gap-x-4 border-b px-4 py-2.5 transition-colors duration-100 last:border-b-0 hover:bg-sunken max-lg:grid-cols-[20px_minmax(0,1fr)_auto] max-lg:items-start max-lg:gap-x-3 max-lg:gap-y-1 max-lg:py-3">
      <VerdictMark verdict={state.verdict} old={isOld(state.oldestAt, now)} />
      <h3 className="min-w-0 font-medium">
        <Link
          href={`/cards/${card.id}`}
          data-row
          className="outline-none after:absolute after:inset-0 after:rounded-[9px] focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {card.title}
        </Link>
      </h3>
      <p className="min-w-0 break-words text-second max-lg:col-span-2 max-lg:col-start-2 max-lg:row-start-2">
        <Sentence text={state.summary} />
        {state.explainedBy ? (
          <span className="text-third">
            {' '}
            <CornerDownRight
              aria-hidden
              size={13}
              className={below ? 'mr-1 inline align-[-1px] max-lg:hidden' : 'hidden'}
            />
            Explained by {state.explainedBy.title}
          </span>
        ) : null}
      </p>
      <span className="relative z-10 max-lg:empty:hidden max-lg:col-span-2 max-lg:col-start-2 max-lg:row-start-3 max-lg:mt-1">
        {fix ? (
          <Button size="small" onClick={() => openFix({ stepId: fix.id })}>
            {fix.title}
          </Button>
        ) : null}
      </span>
      <span className="flex items-center justify-end gap-3 text-meta text-third max-lg:col-start-3 max-lg:row-start-1 lg:w-28">
        {running ? (
          <VerdictMark verdict="running" word size={14} className="text-meta" />
        ) : state.checkedAt ? (
          <When at={state.checkedAt} />
        ) : null}
        <ChevronRight aria-hidden size={16} className="shrink-0 max-lg:hidden" />
      </span>
    </li>
  )
}
