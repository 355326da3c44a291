'use client'
import { ArrowRight, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { Words } from '@/components/step/notes'
import { classes } from '@/components/ui/classes'
import type { PreviewCard, PreviewStep } from '@/lib/runbooks/preview-types'
import { OutcomeMark } from './outcome-mark'
import { ShowMore, usePortion } from './portion'
import { SourceLine } from './source-line'

/** Rows that a step takes: its lines, or its title where it has none. */
const rowsOf = (step: PreviewStep) => Math.max(1, step.lines.length)

/** As many steps as make this many rows, so that a long runbook opens at once. */
function portionOf(cards: PreviewCard[], rows: number): PreviewCard[] {
  let left = rows
  return cards.flatMap((card) => {
    if (left <= 0) return []
    const steps = card.steps.filter((step) => {
      const fits = left > 0
      left -= rowsOf(step)
      return fits
    })
    return [{ ...card, steps }]
  })
}

/** The cards that a text becomes: each command line with its number, its outcome and what to know about it. */
export function CardLines({ cards, hrefOf }: { cards: PreviewCard[]; hrefOf?: (cardId: string) => string }) {
  const { shown, more } = usePortion()
  const total = cards.reduce(
    (sum, card) => sum + card.steps.reduce((rows, step) => rows + rowsOf(step), 0),
    0,
  )
  const visible = portionOf(cards, shown)
  if (cards.length === 0)
    return (
      <p className="rounded-[10px] border bg-surface px-6 py-10 text-center text-second">
        No heading of this text has command lines under it.
      </p>
    )
  return (
    <div className="space-y-4">
      {visible.map((card) => (
        <Card key={card.id} card={card} {...(hrefOf ? { href: hrefOf(card.id) } : {})} />
      ))}
      {total > shown ? (
        <div className="rounded-[10px] border bg-surface">
          <ShowMore shown={shown} total={total} onMore={more} />
        </div>
      ) : null}
    </div>
  )
}

function Card({ card, href }: { card: PreviewCard; href?: string }) {
  return (
    <section aria-labelledby={`card-${card.id}`} className="overflow-hidden rounded-[10px] border bg-surface">
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 border-b px-4 py-3">
        <h3 id={`card-${card.id}`} className="min-w-0 break-words font-semibold">
          {href ? (
            <Link href={href} className="inline-flex items-center gap-1.5 hover:underline max-md:min-h-11">
              {card.title}
              <ArrowRight aria-hidden size={14} className="shrink-0 text-third" />
            </Link>
          ) : (
            card.title
          )}
        </h3>
        {card.group ? <span className="text-meta text-third">{card.group}</span> : null}
        {card.purpose ? (
          <p className="basis-full break-words text-second">
            <span className="block max-w-[92ch]">{card.purpose}</span>
          </p>
        ) : null}
      </header>
      <ol className="divide-y">
        {card.steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: titles repeat and the steps of one text never move
          <Step key={index} step={step} />
        ))}
      </ol>
    </section>
  )
}

function Step({ step }: { step: PreviewStep }) {
  const warnings = step.lines.flatMap((line) =>
    line.warnings.map((warning) => ({ ...warning, line: line.line })),
  )
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_248px] gap-x-6 gap-y-2 px-4 py-3 max-lg:grid-cols-1">
      <div className="min-w-0">
        <h4 className="break-words font-medium">{step.title}</h4>
        {step.note ? (
          <p className="max-w-[92ch] whitespace-pre-line break-words text-second">
            <Words text={step.note} />
          </p>
        ) : null}
        {step.lines.length > 0 ? (
          <div className="mt-1.5 space-y-0.5 rounded-lg bg-sunken px-3 py-1.5 text-[12px] leading-5 text-ink">
            {step.lines.map((line) => (
              <div key={line.line} className="grid grid-cols-[4ch_minmax(0,1fr)] gap-x-3 font-mono">
                <SourceLine line={line.line} text={line.text} />
              </div>
            ))}
          </div>
        ) : null}
        {warnings.map((warning) => (
          <p
            key={`${warning.line} ${warning.id} ${warning.message}`}
            className="mt-1.5 flex max-w-[92ch] gap-2 text-meta text-second"
          >
            <TriangleAlert aria-hidden size={14} className="mt-0.5 shrink-0 text-warn" />
            <span className="min-w-0 break-words">
              <span className="font-medium text-warn">Line {warning.line}:</span>{' '}
              <Words text={warning.message} />
            </span>
          </p>
        ))}
      </div>
      <Becomes step={step} />
    </li>
  )
}

function Becomes({ step }: { step: PreviewStep }) {
  return (
    <div className="min-w-0 max-lg:flex max-lg:flex-wrap max-lg:items-center max-lg:gap-x-3 max-lg:gap-y-1">
      <OutcomeMark outcome={step.outcome} />
      {step.operation ? (
        <p className="mt-0.5 min-w-0 text-meta max-lg:mt-0 max-lg:flex-1">
          <span className="block break-words max-lg:inline">{step.operation.title}</span>{' '}
          <span className="block font-mono text-third [overflow-wrap:anywhere] max-lg:inline">
            {step.operation.id}
          </span>
        </p>
      ) : null}
      {step.needs ? (
        <p className="mt-1 flex flex-wrap gap-1.5 text-meta max-lg:mt-0 max-md:basis-full">
          <span className="rounded border border-line px-1.5 text-second">{step.needs}</span>
          {step.risk ? (
            <span
              className={classes(
                'rounded border px-1.5',
                step.risk === 'high'
                  ? 'border-warn-line bg-warn-ground text-warn'
                  : 'border-line text-second',
              )}
            >
              {step.risk} risk
            </span>
          ) : null}
        </p>
      ) : null}
      {step.reason ? (
        <p className="mt-0.5 whitespace-pre-line break-words text-meta text-second max-lg:mt-0 max-lg:basis-full">
          <Words text={step.reason} />
        </p>
      ) : null}
    </div>
  )
}
