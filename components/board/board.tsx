'use client'
import { CircleCheck, ScanSearch } from 'lucide-react'
import { useMemo } from 'react'
import { usePageTitle } from '@/components/frame/page-title'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { useNow, When } from '@/components/ui/when'
import type { BoardState } from '@/lib/engine/types'
import { isOld } from '@/lib/verdicts/freshness'
import { AttentionRow } from './attention-row'
import { CardChip, type ChipKind } from './card-chip'
import { CausePanel } from './cause-panel'
import { OldNotice } from './old-notice'
import { RecoveredNotice } from './recovered-notice'
import { type BoardCard, sortBoard } from './sort-cards'
import { Tally } from './tally'

function duration(ms: number): string {
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`
}

function Looked({ board }: { board: BoardState }) {
  const running = board.runningStepIds.length
  if (running > 0) return <>{`${running} ${running === 1 ? 'check' : 'checks'} running`}</>
  if (!board.lastSweep) {
    const latest = board.steps
      .map((step) => step.finishedAt)
      .sort()
      .at(-1)
    return latest ? (
      <>
        looked <When at={latest} />
      </>
    ) : null
  }
  const { at, checks, ms } = board.lastSweep
  return (
    <>
      looked <When at={at} /> · {checks} checks in {duration(ms)}
    </>
  )
}

/** Cards of several runbooks under the title of each: titles like "Callers see errors" say too little alone. */
function byRunbook(list: BoardCard[], others: ReadonlySet<string>): [title: string, list: BoardCard[]][] {
  const parts = new Map<string, BoardCard[]>()
  for (const one of list) {
    const title = others.has(one.card.group) ? one.card.group : ''
    parts.set(title, [...(parts.get(title) ?? []), one])
  }
  return [...parts]
}

function Chips({ title, list, kind }: { title: string; list: BoardCard[]; kind: ChipKind }) {
  const { runbook } = useConsole()
  if (list.length === 0) return null
  const id = `section-${kind}`
  const [, ...others] = runbook.parts ?? []
  return (
    <section aria-labelledby={id} className="mt-7">
      <h2 id={id} className="text-[13px] font-semibold text-second">
        {title}
      </h2>
      {byRunbook(list, new Set(others.map((part) => part.title))).map(([part, cards]) => (
        <div key={part}>
          {part ? <h3 className="mt-4 text-meta font-medium text-third">{part}</h3> : null}
          <ul className="mt-2.5 grid grid-cols-4 gap-2.5 max-xl:grid-cols-3 max-lg:grid-cols-2 max-md:grid-cols-1 max-md:gap-2">
            {cards.map((one) => (
              <CardChip key={one.card.id} one={one} kind={kind} />
            ))}
          </ul>
        </div>
      ))}
    </section>
  )
}

function NothingChecked() {
  return (
    <section
      aria-labelledby="nothing-checked"
      className="mt-5 rounded-[10px] border border-line bg-surface px-4 py-3.5"
    >
      <h2 id="nothing-checked" className="font-semibold">
        Nothing has been looked at yet
      </h2>
      <p className="mt-0.5 max-w-[88ch] text-second">
        Check everything to begin. Checks only read; they take a few seconds, and what they find is kept here
        for everybody on the team.
      </p>
    </section>
  )
}

/** The board: all cards, trouble first. */
export function Board() {
  const { runbook, board, check } = useConsole()
  const sorted = useMemo(() => sortBoard(runbook, board), [runbook, board])
  usePageTitle('Board')
  const checking = board.runningStepIds.length > 0
  const { attention, healthy, unchecked, asking, procedures } = sorted
  const untouched = attention.length + healthy.length === 0
  const now = useNow()
  const wereHealthy = healthy.filter(({ state }) => isOld(state.oldestAt, now))
  const allOld = attention.length > 0 && attention.every(({ state }) => isOld(state.oldestAt, now))
  const areHealthy = healthy.filter((one) => !wereHealthy.includes(one))

  return (
    <>
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1">
          <h1 className="text-title font-semibold">Board</h1>
          <Tally sorted={sorted} wereHealthy={wereHealthy.length} old={allOld} />
        </div>
        <p className="pb-2 text-meta text-third max-md:order-last max-md:basis-full max-md:pb-0">
          <Looked board={board} />
        </p>
        <Button
          kind="primary"
          busy={checking}
          onClick={() => void check({ scope: 'all' })}
          aria-keyshortcuts="c"
          icon={<ScanSearch aria-hidden size={16} />}
          className="max-md:fixed max-md:inset-x-3.5 max-md:bottom-[calc(56px+12px+env(safe-area-inset-bottom))] max-md:z-20 max-md:shadow-float"
        >
          Check everything
          <kbd aria-hidden className="ml-1 rounded px-1 text-[11px] opacity-75 max-md:hidden">
            C
          </kbd>
        </Button>
      </div>

      <RecoveredNotice attention={attention} />
      {checking ? null : <OldNotice looked={[...attention, ...healthy]} />}
      {board.cause ? <CausePanel cause={board.cause} old={allOld} /> : null}
      {untouched && !checking ? <NothingChecked /> : null}

      {attention.length > 0 ? (
        <section aria-labelledby="needs-attention" className="mt-7">
          <h2 id="needs-attention" className="text-[13px] font-semibold text-second">
            Needs attention
          </h2>
          <ul className="mt-2.5 rounded-[10px] border border-line bg-surface">
            {attention.map((one) => (
              <AttentionRow
                key={one.card.id}
                one={one}
                below={attention.some((other) => other.card.id === one.state.explainedBy?.cardId)}
              />
            ))}
          </ul>
        </section>
      ) : null}

      {attention.length + wereHealthy.length + unchecked.length === 0 && healthy.length > 0 ? (
        <p className="mt-6 flex items-center gap-2 text-second">
          <CircleCheck aria-hidden size={18} className="text-pass" />
          {asking.length > 0 ? 'Nothing that was checked needs attention.' : 'Nothing needs attention.'}
        </p>
      ) : null}

      <Chips title="Healthy" list={areHealthy} kind="healthy" />
      <Chips title="Healthy when last looked at" list={wereHealthy} kind="old" />
      <Chips title="Not checked yet" list={unchecked} kind="unchecked" />
      <Chips title="Checks that ask for a value" list={asking} kind="asking" />
      <Chips title="Procedures" list={procedures} kind="procedure" />
    </>
  )
}
