'use client'
import { LoaderCircle } from 'lucide-react'
import Link from 'next/link'
import { Switch } from 'radix-ui'
import { useId } from 'react'
import { useConsole } from '@/components/live/console-context'
import { Fold } from '@/components/step/fold'
import type { FaultView } from '@/lib/loaders/types'

/** One fault: a switch, what it teaches, the cards that show it, and the cure for those who give up. */
export function FaultRow({
  fault,
  busy,
  disabled,
  onSwitch,
}: {
  fault: FaultView
  busy: boolean
  disabled: boolean
  onSwitch(on: boolean): void
}) {
  const { runbook } = useConsole()
  const id = useId()
  const cards = fault.cards.flatMap((cardId) => runbook.cards.find((card) => card.id === cardId) ?? [])
  return (
    <li className="flex items-start gap-4 border-b px-4 py-3 last:border-b-0">
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="font-medium">
          {fault.title}
        </label>
        <p className="max-w-[80ch] text-second">{fault.teaches}</p>
        <div className="flex flex-wrap items-center gap-x-4 text-meta">
          {cards.length > 0 ? (
            <p className="text-third">
              Seen on{' '}
              {cards.map((card, index) => (
                <span key={card.id}>
                  {index > 0 ? ', ' : ''}
                  <Link
                    href={`/cards/${card.id}`}
                    className="text-second underline underline-offset-2 hover:text-ink"
                  >
                    {card.title}
                  </Link>
                </span>
              ))}
            </p>
          ) : null}
          <Fold label="Reveal the cure">
            <p className="text-second">{fault.cure}.</p>
          </Fold>
        </div>
      </div>
      <span className="flex shrink-0 items-center gap-2 max-md:min-h-11">
        {busy ? <LoaderCircle aria-hidden size={15} className="animate-spin text-accent" /> : null}
        <span aria-hidden className={`text-meta ${fault.active ? 'font-medium text-fail' : 'text-third'}`}>
          {fault.active ? 'On' : 'Off'}
        </span>
        <Switch.Root
          id={id}
          checked={fault.active}
          disabled={disabled}
          aria-label={fault.title}
          aria-busy={busy || undefined}
          onCheckedChange={onSwitch}
          className="relative h-6 w-10 shrink-0 rounded-full border border-line-strong bg-sunken transition-colors duration-150 before:absolute before:-inset-2.5 disabled:cursor-not-allowed disabled:opacity-55 data-[state=checked]:border-fail data-[state=checked]:bg-fail"
        >
          <Switch.Thumb className="block size-4 translate-x-[3px] rounded-full bg-third transition-transform duration-150 data-[state=checked]:translate-x-[19px] data-[state=checked]:bg-surface" />
        </Switch.Root>
      </span>
    </li>
  )
}
