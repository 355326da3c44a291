'use client'
import { LoaderCircle } from 'lucide-react'
import Link from 'next/link'
import { fixStateWords } from '@/components/fix/fix-state'
import { useConsole } from '@/components/live/console-context'
import { Panel } from '@/components/ui/panel'
import { VerdictMark } from '@/components/ui/verdict-mark'
import { useNow, When } from '@/components/ui/when'
import type { CardState } from '@/lib/engine/types'
import { runsUnasked } from '@/lib/runbooks/asks'
import { isOld } from '@/lib/verdicts/freshness'

const RANK = { fail: 0, unknown: 1, warn: 2, pass: 3, unchecked: 3 } as const

/** Cards that are not well, worst first; what another card explains comes after its cause. */
function troubled(cards: CardState[]): CardState[] {
  return cards
    .filter((card) => RANK[card.verdict] < 3)
    .sort(
      (a, b) =>
        RANK[a.verdict] - RANK[b.verdict] || Number(Boolean(a.explainedBy)) - Number(Boolean(b.explainedBy)),
    )
}

/** What is going on at this moment: cards that fail, fixes that run. Live. */
export function NowPanel() {
  const { board, runbook, runningFixes, openFix } = useConsole()
  const bad = troubled(board.cards)
  const checked = board.cards.filter((card) => card.verdict !== 'unchecked').length
  const withChecks = runbook.cards.filter((card) => card.steps.some(runsUnasked)).length
  const now = useNow()
  const old = board.cards.some((card) => isOld(card.oldestAt, now))
  const titles = new Map(runbook.cards.map((card) => [card.id, card.title]))
  return (
    <Panel title="Now">
      {board.cause ? <p className="mb-2.5 font-medium">{board.cause.title}</p> : null}
      {bad.length > 0 ? (
        <ul className="space-y-2">
          {bad.map((card) => (
            <li key={card.cardId} className="flex gap-2">
              <VerdictMark verdict={card.verdict} size={16} className="mt-0.5 self-start" />
              <div className="min-w-0">
                <Link
                  href={`/cards/${card.cardId}`}
                  className="font-medium hover:underline max-md:inline-block max-md:py-2"
                >
                  {titles.get(card.cardId) ?? card.cardId}
                </Link>
                <p className="break-words text-second">{card.summary}</p>
              </div>
            </li>
          ))}
        </ul>
      ) : checked === 0 ? (
        <p className="text-second">Nothing was checked yet. Check everything on the board first.</p>
      ) : checked < withChecks ? (
        <p>
          {checked} of {withChecks} cards {checked === 1 ? 'was' : 'were'} checked, and{' '}
          {checked === 1 ? 'is' : 'are'} healthy. <span className="text-second">The others may not be.</span>
        </p>
      ) : (
        <>
          <VerdictMark verdict="pass" old={old} word size={16} />
          <p className="mt-1 text-second">
            All {checked} cards {old ? 'were' : 'are'} healthy.
          </p>
        </>
      )}
      {runningFixes.length > 0 ? (
        <ul className="mt-3 space-y-1 border-t pt-3">
          {runningFixes.map((run) => (
            <li key={run.id}>
              <button
                type="button"
                onClick={() => openFix({ runId: run.id })}
                className="flex w-full gap-2 text-left hover:underline max-md:min-h-11 max-md:items-center"
              >
                {run.state === 'unknown' ? (
                  <VerdictMark verdict="unknown" size={16} className="mt-0.5 self-start" />
                ) : (
                  <LoaderCircle aria-hidden size={16} className="mt-0.5 shrink-0 animate-spin text-accent" />
                )}
                <span className="min-w-0 break-words">
                  {run.act}
                  <span className="text-second">
                    {' '}
                    · {fixStateWords(run.state).word.toLowerCase()} · {run.requestedBy.name}
                  </span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      {board.lastSweep ? (
        <p className="mt-3 text-meta text-third">
          Looked at everything <When at={board.lastSweep.at} />
        </p>
      ) : null}
    </Panel>
  )
}
