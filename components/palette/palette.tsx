'use client'
import { Command } from 'cmdk'
import { ArrowRight, FlaskConical, Keyboard, Play, ScanSearch, Search, Siren, Wrench } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Dialog } from 'radix-ui'
import { PLACES } from '@/components/frame/navigation'
import { useConsole } from '@/components/live/console-context'
import { VerdictMark } from '@/components/ui/verdict-mark'
import { useNow } from '@/components/ui/when'
import { runsUnasked } from '@/lib/runbooks/asks'
import { isOld } from '@/lib/verdicts/freshness'
import { matches } from './matches'

const ITEM =
  'flex min-h-10 cursor-pointer select-none items-center gap-3 rounded-lg px-3 py-1.5 data-[selected=true]:bg-accent-ground max-md:min-h-11'
const GROUP =
  '[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:text-meta [&_[cmdk-group-heading]]:text-third'

/** Finds cards, checks, fixes and places by a few letters, and goes or runs. */
export function Palette({ onClose, onHelp }: { onClose(): void; onHelp(): void }) {
  const { runbook, board, cluster, activeIncident, check, openFix } = useConsole()
  const router = useRouter()
  const act = (what: () => void) => () => {
    onClose()
    what()
  }
  const go = (href: string) => act(() => router.push(href))
  const now = useNow()
  const stateOf = (cardId: string) => board.cards.find((card) => card.cardId === cardId)

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/30 dark:bg-black/55" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed left-1/2 top-[12vh] z-50 flex max-h-[70vh] w-[min(620px,calc(100vw-24px))] -translate-x-1/2 flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-float max-md:top-3 max-md:max-h-[80dvh]"
        >
          <Dialog.Title className="sr-only">Search</Dialog.Title>
          <Command label="Search or run a check" className="flex min-h-0 flex-col" filter={matches} loop>
            <div className="flex items-center gap-3 border-b px-4">
              <Search aria-hidden size={17} className="shrink-0 text-third" />
              <Command.Input
                autoFocus
                placeholder="Search or run a check"
                className="h-12 min-w-0 flex-1 bg-transparent text-ink outline-none placeholder:text-third max-md:text-[16px]"
              />
              <kbd className="rounded border border-line px-1.5 text-[11px] text-third max-md:hidden">
                Esc
              </kbd>
            </div>
            <Command.List className="min-h-0 overflow-y-auto p-1.5 pb-2">
              <Command.Empty className="px-3 py-6 text-center text-second">
                Nothing has these letters. Try the name of a card, a workload or a command.
              </Command.Empty>
              <Command.Group heading="Do" className={GROUP}>
                <Command.Item
                  className={ITEM}
                  value="Check everything"
                  onSelect={act(() => void check({ scope: 'all' }))}
                >
                  <ScanSearch aria-hidden size={16} className="shrink-0 text-third" /> Check everything
                </Command.Item>
                {activeIncident ? (
                  <Command.Item
                    className={ITEM}
                    value={`Go to incident ${activeIncident.number}`}
                    keywords={[activeIncident.title]}
                    onSelect={go(`/incidents/${activeIncident.number}`)}
                  >
                    <Siren aria-hidden size={16} className="shrink-0 text-third" /> Go to INC-
                    {activeIncident.number}: {activeIncident.title}
                  </Command.Item>
                ) : null}
              </Command.Group>
              <Command.Group heading="Cards" className={GROUP}>
                {runbook.cards.map((card) => (
                  <Command.Item
                    key={card.id}
                    className={ITEM}
                    value={`card ${card.id}`}
                    keywords={[card.title, ...card.symptoms]}
                    onSelect={go(`/cards/${card.id}`)}
                  >
                    <VerdictMark
                      verdict={stateOf(card.id)?.verdict ?? 'unchecked'}
                      old={isOld(stateOf(card.id)?.oldestAt, now)}
                      size={16}
                    />
                    <span className="min-w-0 flex-1 truncate">{card.title}</span>
                    <ArrowRight aria-hidden size={14} className="shrink-0 text-third" />
                  </Command.Item>
                ))}
              </Command.Group>
              <Command.Group heading="Run a check" className={GROUP}>
                {runbook.cards.flatMap((card) =>
                  card.steps.filter(runsUnasked).map((step) => (
                    <Command.Item
                      key={step.id}
                      className={ITEM}
                      value={`check ${step.id}`}
                      keywords={[step.title, card.title, ...step.commands]}
                      onSelect={act(() => {
                        void check({ stepId: step.id })
                        router.push(`/cards/${card.id}#${step.id.split('/').at(-1)}`)
                      })}
                    >
                      <Play aria-hidden size={15} className="shrink-0 text-third" />
                      <span className="min-w-0 truncate">{step.title}</span>
                      <span className="min-w-0 flex-1 truncate text-right text-meta text-third">
                        {card.title}
                      </span>
                    </Command.Item>
                  )),
                )}
              </Command.Group>
              <Command.Group heading="Preview a fix" className={GROUP}>
                {runbook.cards.flatMap((card) =>
                  card.steps
                    .filter((step) => step.kind === 'fix')
                    .map((step) => (
                      <Command.Item
                        key={step.id}
                        className={ITEM}
                        value={`fix ${step.id}`}
                        keywords={[step.title, card.title, ...step.commands]}
                        onSelect={act(() => openFix({ stepId: step.id }))}
                      >
                        <Wrench aria-hidden size={15} className="shrink-0 text-third" />
                        <span className="min-w-0 truncate">{step.title}…</span>
                        <span className="min-w-0 flex-1 truncate text-right text-meta text-third">
                          {card.title}
                        </span>
                      </Command.Item>
                    )),
                )}
              </Command.Group>
              <Command.Group heading="Go to" className={GROUP}>
                {PLACES.map(({ href, label, icon: Icon }) => (
                  <Command.Item key={href} className={ITEM} value={`Go to ${label}`} onSelect={go(href)}>
                    <Icon aria-hidden size={16} className="shrink-0 text-third" /> {label}
                  </Command.Item>
                ))}
                {cluster.practice ? (
                  <Command.Item className={ITEM} value="Go to Practice" onSelect={go('/practice')}>
                    <FlaskConical aria-hidden size={16} className="shrink-0 text-third" /> Practice
                  </Command.Item>
                ) : null}
                <Command.Item className={ITEM} value="Keyboard shortcuts" onSelect={onHelp}>
                  <Keyboard aria-hidden size={16} className="shrink-0 text-third" /> Keyboard shortcuts
                </Command.Item>
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
