'use client'
import { useMemo } from 'react'
import { classes } from '@/components/ui/classes'
import type { Outcome, RunbookPreview } from '@/lib/runbooks/preview-types'
import { OutcomeMark } from './outcome-mark'
import { ShowMore, usePortion } from './portion'
import { SourceLine } from './source-line'

const EDGE: Record<Outcome, string> = {
  check: 'border-line-strong',
  fix: 'border-accent',
  manual: 'border-warn',
  understood: 'border-line-strong',
}

/** The text as it is written, numbered; each command line says what it becomes. Text only: nothing of it is markup. */
export function SourceView({ text, preview }: { text: string; preview: RunbookPreview }) {
  const { shown, more } = usePortion()
  const lines = useMemo(() => text.replace(/\n$/, '').split('\n'), [text])
  const outcomes = useMemo(
    () =>
      new Map(
        preview.cards.flatMap((card) =>
          card.steps.flatMap((step) =>
            step.lines.map(
              ({ line }) => [line, { outcome: step.outcome, operation: step.operation?.id }] as const,
            ),
          ),
        ),
      ),
    [preview],
  )
  return (
    <figure
      aria-label={`Text of ${preview.file}`}
      className="divide-y overflow-hidden rounded-[10px] border bg-surface"
    >
      <div className="py-2 font-mono text-[12px] leading-5">
        {lines.slice(0, shown).map((line, index) => {
          const becomes = outcomes.get(index + 1)
          return (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one text never move
              key={index}
              className={classes(
                'grid grid-cols-[5ch_minmax(0,1fr)_auto] gap-x-3 border-l-[3px] pr-4 max-md:grid-cols-[4ch_minmax(0,1fr)_auto] max-md:pr-3',
                becomes ? `${EDGE[becomes.outcome]} bg-sunken text-ink` : 'border-transparent text-second',
              )}
            >
              <SourceLine line={index + 1} text={line.replace(/\r$/, '')} />
              {becomes ? (
                <span className="flex items-center gap-3 self-start font-sans text-meta">
                  <span className="max-w-56 truncate font-mono text-third max-md:hidden">
                    {becomes.operation}
                  </span>
                  <OutcomeMark outcome={becomes.outcome} word={false} className="md:hidden" />
                  <OutcomeMark outcome={becomes.outcome} className="min-w-28 max-md:hidden" />
                </span>
              ) : null}
            </div>
          )
        })}
      </div>
      <ShowMore shown={shown} total={lines.length} onMore={more} />
    </figure>
  )
}
