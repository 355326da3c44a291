'use client'
import { Tabs } from 'radix-ui'
import type { ReactNode } from 'react'
import type { RunbookPreview } from '@/lib/runbooks/preview-types'
import { CardLines } from './card-lines'
import { ChangesView } from './changes-view'
import { SourceView } from './source-view'

const TAB =
  'inline-flex h-9 items-center gap-1.5 border-b-2 border-transparent px-1 text-second hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink max-md:h-11'

/** The three looks at a text: the cards it becomes, what changes, and the text itself. */
export function PreviewTabs({
  preview,
  text,
  hrefOf,
  comparing,
  first = 'cards',
}: {
  preview: RunbookPreview
  text: string
  /** Where a card stands on the board. */
  hrefOf?: (cardId: string) => string
  /** Stands above the changes: what to compare with. */
  comparing?: ReactNode
  first?: 'cards' | 'changes' | 'text'
}) {
  const { comparison } = preview
  const changes = comparison
    ? comparison.same
      ? 'none'
      : `+${comparison.added} −${comparison.removed}`
    : undefined
  return (
    <Tabs.Root defaultValue={first}>
      <Tabs.List aria-label="Looks at this runbook" className="mb-4 flex gap-5 border-b">
        <Tabs.Trigger value="cards" className={TAB}>
          Cards
        </Tabs.Trigger>
        {comparison || comparing ? (
          <Tabs.Trigger value="changes" className={TAB}>
            Changes {changes ? <span className="text-meta font-normal text-third">{changes}</span> : null}
          </Tabs.Trigger>
        ) : null}
        <Tabs.Trigger value="text" className={TAB}>
          Text
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="cards">
        <CardLines cards={preview.cards} {...(hrefOf ? { hrefOf } : {})} />
      </Tabs.Content>
      {comparison || comparing ? (
        <Tabs.Content value="changes" className="space-y-4">
          {comparing}
          {comparison ? <ChangesView comparison={comparison} /> : null}
        </Tabs.Content>
      ) : null}
      <Tabs.Content value="text">
        <SourceView text={text} preview={preview} />
      </Tabs.Content>
    </Tabs.Root>
  )
}
