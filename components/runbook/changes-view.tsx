'use client'
import { Minus, Pencil, Plus } from 'lucide-react'
import { classes } from '@/components/ui/classes'
import { When } from '@/components/ui/when'
import { type CardChange, type Comparison, shortHash } from '@/lib/runbooks/preview-types'
import { ShowMore, usePortion } from './portion'
import { LineText } from './source-line'

const CHANGE = {
  added: { icon: Plus, color: 'text-pass' },
  removed: { icon: Minus, color: 'text-fail' },
  changed: { icon: Pencil, color: 'text-warn' },
} as const

/** What changes: cards first, then the text line by line. */
export function ChangesView({ comparison }: { comparison: Comparison }) {
  const { cards, unchanged, same } = comparison
  return (
    <div className="space-y-4">
      <p className="text-second">
        Compared with {comparison.with.name}
        {comparison.with.at ? (
          <>
            , <When at={comparison.with.at} />
          </>
        ) : null}{' '}
        <span className="font-mono text-meta text-third">{shortHash(comparison.with.sha256)}</span>
      </p>
      {same ? (
        <p className="rounded-[10px] border bg-surface px-6 py-8 text-center text-second">
          The two texts are the same.
        </p>
      ) : (
        <>
          <section
            aria-labelledby="cards-that-change"
            className="overflow-hidden rounded-[10px] border bg-surface"
          >
            <h3 id="cards-that-change" className="border-b px-4 py-2.5 text-meta font-medium text-third">
              Cards
            </h3>
            <ul className="divide-y">
              {cards.map((card) => (
                <Change key={`${card.change} ${card.id}`} card={card} />
              ))}
              {unchanged > 0 ? (
                <li className="px-4 py-2.5 text-second">
                  {unchanged === 1 ? 'One card stays as it is.' : `${unchanged} cards stay as they are.`}
                </li>
              ) : null}
            </ul>
          </section>
          <TextChanges comparison={comparison} />
        </>
      )}
    </div>
  )
}

function Change({ card }: { card: CardChange }) {
  const { icon: Icon, color } = CHANGE[card.change]
  return (
    <li className="flex flex-wrap items-center gap-x-3 px-4 py-2.5">
      <span className={classes('inline-flex w-22 shrink-0 items-center gap-1.5 font-medium', color)}>
        <Icon aria-hidden size={15} />
        {card.change}
      </span>
      <span className="min-w-0 break-words font-medium">{card.title}</span>
      <span className="min-w-0 break-words text-second">{card.says}</span>
    </li>
  )
}

const LINE = {
  '+': { className: 'bg-pass-ground text-pass', spoken: 'added: ' },
  '-': { className: 'bg-fail-ground text-fail', spoken: 'removed: ' },
  ' ': { className: 'text-second', spoken: '' },
  '…': { className: 'bg-sunken text-third', spoken: '' },
} as const

function TextChanges({ comparison }: { comparison: Comparison }) {
  const { shown, more } = usePortion()
  const { lines, left, added, removed } = comparison
  if (left === undefined)
    return (
      <p className="rounded-[10px] border bg-surface px-4 py-3 text-second">
        The two texts differ too much to be compared line by line.
      </p>
    )
  return (
    <figure aria-labelledby="text-that-changes" className="overflow-hidden rounded-[10px] border bg-surface">
      <figcaption
        id="text-that-changes"
        className="flex gap-3 border-b px-4 py-2.5 text-meta font-medium text-third"
      >
        Text
        <span className="text-pass">
          {added} {added === 1 ? 'line' : 'lines'} added
        </span>
        <span className="text-fail">{removed} removed</span>
      </figcaption>
      <div className="font-mono text-[12px] leading-5">
        {lines.slice(0, shown).map((line, index) => {
          const { className, spoken } = LINE[line.sign]
          return (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one difference never move
              key={index}
              className={classes(
                'grid grid-cols-[5ch_1ch_minmax(0,1fr)] gap-x-3 pr-4 max-md:grid-cols-[4ch_1ch_minmax(0,1fr)] max-md:gap-x-2',
                className,
              )}
            >
              {line.sign === '…' ? (
                <span className="col-span-3 pl-[4ch]">…</span>
              ) : (
                <DiffText
                  sign={line.sign}
                  spoken={spoken}
                  line={line.after ?? line.before ?? 0}
                  text={line.text}
                />
              )}
            </div>
          )
        })}
      </div>
      <ShowMore shown={shown} total={lines.length} onMore={more} />
      {left > 0 && shown >= lines.length ? (
        <p className="border-t px-4 py-3 text-meta text-third">
          {left.toLocaleString('en')} more lines differ. Download both texts to compare them in full.
        </p>
      ) : null}
    </figure>
  )
}

function DiffText({
  sign,
  spoken,
  line,
  text,
}: {
  sign: string
  spoken: string
  line: number
  text: string
}) {
  return (
    <>
      <span aria-hidden className="select-none text-right">
        {line}
      </span>
      <span aria-hidden className="select-none">
        {sign}
      </span>
      <span className="min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]">
        {spoken ? <span className="sr-only">{spoken}</span> : null}
        <LineText text={text} />
      </span>
    </>
  )
}
