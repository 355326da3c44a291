'use client'
import { ChevronRight, Link2, RefreshCw, Siren } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { useState } from 'react'
import { usePageTitle } from '@/components/frame/page-title'
import { useConsole } from '@/components/live/console-context'
import { CheckStep } from '@/components/step/check-step'
import { CopyButton } from '@/components/step/copy-button'
import { FixStep } from '@/components/step/fix-step'
import { GuideStep } from '@/components/step/guide-step'
import { Button, buttonClasses } from '@/components/ui/button'
import { VerdictMark } from '@/components/ui/verdict-mark'
import { useNow, When } from '@/components/ui/when'
import { may } from '@/lib/access/roles'
import type { CardState } from '@/lib/engine/types'
import { runsWith, sharedInputs } from '@/lib/runbooks/asks'
import { isOld } from '@/lib/verdicts/freshness'
import { CardAside } from './card-aside'
import { given, useCardValues } from './card-values'
import { otherPartOf } from './part-of'
import { fieldId, ValuesPanel } from './values-panel'

const OpenIncidentDialog = dynamic(() =>
  import('@/components/incident/open-incident-dialog').then((all) => all.OpenIncidentDialog),
)

/** A card of the runbook: what it is for, its steps in order, and what is known. */
export function CardView({ cardId }: { cardId: string }) {
  const { runbook, board, actor, activeIncident, check } = useConsole()
  const [opening, setOpening] = useState(false)
  const now = useNow()
  const ofCard = useCardValues(cardId)
  const card = runbook.cards.find((one) => one.id === cardId)
  usePageTitle(card?.title ?? 'Card')
  if (!card) notFound()

  const state: CardState = board.cards.find((one) => one.cardId === cardId) ?? {
    cardId,
    verdict: 'unchecked',
    summary: '',
    suggests: [],
  }
  const checks = card.steps.filter((step) => step.kind === 'check')
  const running = checks.some((step) => board.runningStepIds.includes(step.id))
  const old = isOld(state.oldestAt, now)
  const shared = sharedInputs(card)
  const values = given(
    ofCard.values,
    shared.map((spec) => spec.name),
  )
  const allGiven = Object.fromEntries(shared.map((spec) => [spec.name, 'given']))
  const checkCard = () => {
    if (checks.some((step) => runsWith(step, values)))
      return void check({ cardId, ...(Object.keys(values).length > 0 ? { inputs: values } : {}) })
    const first = shared.find((spec) => !values[spec.name])
    if (first) document.getElementById(fieldId(cardId, first.name))?.focus()
  }
  const mayOpen = !activeIncident && may(actor.role, 'incident:write')

  return (
    <>
      <nav aria-label="Place in the runbook" className="flex items-center gap-1.5 text-meta text-third">
        <Link
          href="/"
          className="hover:text-ink hover:underline max-md:inline-flex max-md:min-h-11 max-md:items-center"
        >
          Board
        </Link>
        <ChevronRight aria-hidden size={13} />
        {otherPartOf(runbook, card) ? (
          <>
            <span>{card.group}</span>
            <ChevronRight aria-hidden size={13} />
          </>
        ) : null}
        <span>
          {card.position} of {runbook.cards.length}
        </span>
      </nav>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className="flex items-center gap-2.5 text-title font-semibold">
            {checks.length > 0 ? (
              <VerdictMark verdict={running ? 'running' : state.verdict} old={old} size={20} />
            ) : null}
            {card.title}
          </h1>
          {old && !running && state.verdict === 'pass' && state.oldestAt ? (
            <p className="mt-0.5 font-medium text-warn">
              It was healthy <When at={state.oldestAt} />. Nobody has looked since.
            </p>
          ) : null}
          {card.purpose ? <p className="mt-0.5 max-w-[80ch] text-second">{card.purpose}</p> : null}
        </div>
        <div className="flex flex-wrap gap-2.5">
          {mayOpen ? (
            <Button size="small" icon={<Siren aria-hidden size={14} />} onClick={() => setOpening(true)}>
              Open an incident here
            </Button>
          ) : null}
          <CopyButton
            label="Copy the link to this card"
            text={() => `${window.location.origin}/cards/${cardId}`}
            className={buttonClasses('plain', 'small')}
          >
            <Link2 aria-hidden size={14} className="-ml-1 hidden" />
            Copy link
          </CopyButton>
          {checks.some((step) => runsWith(step, allGiven)) ? (
            <Button
              size="small"
              kind="accent"
              busy={running}
              className="max-md:fixed max-md:inset-x-3.5 max-md:bottom-[calc(56px+12px+env(safe-area-inset-bottom))] max-md:z-20 max-md:bg-accent max-md:hover:bg-accent-hover max-md:text-on-accent max-md:shadow-float"
              icon={<RefreshCw aria-hidden size={14} />}
              onClick={checkCard}
            >
              Check card
            </Button>
          ) : null}
        </div>
      </div>

      <div className="mt-5 grid grid-cols-[minmax(0,1fr)_264px] items-start gap-6 max-lg:grid-cols-1 max-lg:gap-5">
        <div className="divide-y rounded-[10px] border border-line bg-surface max-lg:order-2">
          {shared.length > 0 ? <ValuesPanel cardId={cardId} specs={shared} /> : null}
          {card.steps.map((step) =>
            step.kind === 'guide' ? (
              <GuideStep key={step.id} step={step} />
            ) : step.kind === 'fix' ? (
              <FixStep key={step.id} step={step} suggested={state.suggests.includes(step.id)} />
            ) : (
              <CheckStep key={step.id} step={step} />
            ),
          )}
          {card.steps.length === 0 ? (
            <p className="px-4 py-5 text-second">The runbook has no steps under this heading.</p>
          ) : null}
        </div>
        <CardAside card={card} state={state} />
      </div>

      {opening ? <OpenIncidentDialog open onOpenChange={setOpening} cardId={cardId} /> : null}
    </>
  )
}
