'use client'
import { ListOrdered, TextCursorInput } from 'lucide-react'
import Link from 'next/link'
import { VerdictMark } from '@/components/ui/verdict-mark'
import { When } from '@/components/ui/when'
import type { BoardCard } from './sort-cards'

function procedure({ card }: BoardCard): string {
  const fixes = card.steps.filter((step) => step.kind === 'fix').length
  const guides = card.steps.length - fixes
  return [
    fixes > 0 ? `${fixes} ${fixes === 1 ? 'fix' : 'fixes'}` : '',
    guides > 0 ? `${guides} ${guides === 1 ? 'step' : 'steps'} by hand` : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

function checks({ card }: BoardCard): string {
  const count = card.steps.filter((step) => step.kind === 'check').length
  return `${count} ${count === 1 ? 'check' : 'checks'}`
}

export type ChipKind = 'healthy' | 'old' | 'unchecked' | 'asking' | 'procedure'

/** A card that needs no attention: its verdict, its name, and one telling figure; of an old look its age. */
export function CardChip({ one, kind }: { one: BoardCard; kind: ChipKind }) {
  const { card, state, running } = one
  const line =
    kind === 'procedure'
      ? procedure(one)
      : kind === 'unchecked' || kind === 'asking'
        ? state.checkedAt
          ? state.summary
          : checks(one)
        : (state.figure ?? state.summary)
  return (
    <li>
      <Link
        href={`/cards/${card.id}`}
        data-row
        className="flex h-full min-h-[60px] items-start gap-3 rounded-[10px] border border-line bg-surface px-3.5 py-2.5 transition-colors duration-100 hover:border-line-strong max-md:min-h-14"
      >
        {running ? (
          <VerdictMark verdict="running" className="mt-px" />
        ) : kind === 'procedure' ? (
          <ListOrdered aria-hidden size={18} className="mt-px shrink-0 text-third" />
        ) : kind === 'asking' ? (
          <TextCursorInput aria-hidden size={18} className="mt-px shrink-0 text-third" />
        ) : (
          <VerdictMark verdict={state.verdict} old={kind === 'old'} className="mt-px" />
        )}
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{card.title}</span>
          <span className="block truncate text-meta text-third" title={line}>
            {kind === 'old' && state.oldestAt ? (
              <>
                <When at={state.oldestAt} /> ·{' '}
              </>
            ) : null}
            {line}
          </span>
        </span>
      </Link>
    </li>
  )
}
