'use client'
import { ArrowLeft, ArrowRight } from 'lucide-react'
import Link from 'next/link'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { classes } from '@/components/ui/classes'
import { When } from '@/components/ui/when'
import type { CardState } from '@/lib/engine/types'
import type { Card } from '@/lib/runbooks/types'
import { stepsById } from './remedies'

const HEADING = 'text-meta font-semibold text-second'

/** Beside the steps: the answer, its way out, the symptoms, and the neighbouring cards. */
export function CardAside({ card, state }: { card: Card; state: CardState }) {
  const { runbook, openFix } = useConsole()
  const fixes = stepsById(runbook, state.suggests).slice(0, 3)
  const sick = state.verdict === 'fail' || state.verdict === 'warn' || state.verdict === 'unknown'
  const at = runbook.cards.findIndex((one) => one.id === card.id)
  const neighbours = [
    { card: runbook.cards[at - 1], word: 'Previous', icon: ArrowLeft },
    { card: runbook.cards[at + 1], word: 'Next', icon: ArrowRight },
  ]
  return (
    <div className="contents lg:sticky lg:top-20 lg:block lg:space-y-6">
      {sick ? (
        <section aria-labelledby="what-is" className="max-lg:order-1">
          <h2 id="what-is" className={HEADING}>
            What is going on
          </h2>
          <p className="mt-1 [overflow-wrap:anywhere]">{state.summary}</p>
          {state.explainedBy ? (
            <p className="mt-1 text-second">
              Explained by{' '}
              <Link
                href={`/cards/${state.explainedBy.cardId}`}
                className="text-accent underline underline-offset-2"
              >
                {state.explainedBy.title}
              </Link>
            </p>
          ) : null}
          {state.checkedAt ? (
            <p className="mt-1 text-meta text-third">
              Looked <When at={state.checkedAt} />
            </p>
          ) : null}
          {fixes.length > 0 && !state.explainedBy ? (
            <div className="mt-2.5 flex flex-wrap gap-2">
              {fixes.map((fix, index) => (
                <Button
                  key={fix.id}
                  size="small"
                  kind={index === 0 ? 'accent' : 'plain'}
                  onClick={() => openFix({ stepId: fix.id })}
                >
                  {fix.title}
                </Button>
              ))}
            </div>
          ) : null}
        </section>
      ) : null}
      {card.symptoms.length > 0 ? (
        <section aria-labelledby="symptoms" className={classes(sick ? 'max-lg:order-3' : 'max-lg:order-1')}>
          <h2 id="symptoms" className={HEADING}>
            Symptoms
          </h2>
          <ul className="mt-1 list-disc space-y-0.5 pl-4 text-second marker:text-third">
            {card.symptoms.map((symptom) => (
              <li key={symptom}>{symptom}</li>
            ))}
          </ul>
        </section>
      ) : null}
      <nav
        aria-label="Neighbouring cards"
        className="max-lg:order-4 max-lg:flex max-lg:flex-wrap max-lg:gap-x-8"
      >
        {neighbours.map(({ card: other, word, icon: Icon }) =>
          other ? (
            <Link
              key={word}
              href={`/cards/${other.id}`}
              className="flex min-h-8 items-center gap-2 text-second hover:text-ink max-md:min-h-11"
            >
              <Icon aria-hidden size={15} className="shrink-0 text-third" />
              <span className="sr-only">{word} card: </span>
              <span className="min-w-0 truncate">{other.title}</span>
            </Link>
          ) : null,
        )}
      </nav>
    </div>
  )
}
