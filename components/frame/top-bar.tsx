'use client'
import { Search, Server } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { cardAt, otherPartOf } from '@/components/card/part-of'
import { useConsole } from '@/components/live/console-context'
import { classes } from '@/components/ui/classes'
import { AccountMenu } from './account-menu'
import { IncidentBadge } from './incident-badge'
import { Mark } from './mark'
import { isWithin, PLACES } from './navigation'
import { Pending } from './pending'
import { RunningFixes } from './running-fixes'

/** The bar on top: where one is, what is open and running, search, and who one is. */
export function TopBar({ onSearch, onHelp }: { onSearch(): void; onHelp(): void }) {
  const { runbook, cluster, pendingApprovals, runningFixes } = useConsole()
  const path = usePathname()
  const { title, file } = otherPartOf(runbook, cardAt(runbook, path)) ?? runbook
  return (
    <header className="sticky top-0 z-30 border-b bg-surface">
      <div className="flex h-[52px] items-center gap-2.5 px-5 max-md:gap-2 max-md:px-3.5">
        <Link
          href="/"
          className="flex min-w-24 shrink-0 items-center gap-2 font-semibold max-lg:shrink max-md:h-11 max-md:min-w-0"
        >
          <Mark />
          <span className="truncate max-lg:hidden">Crashcart</span>
          <span className="max-w-40 truncate lg:hidden">{cluster.name}</span>
          <span className="sr-only">, go to the board</span>
        </Link>
        <span
          title={`Runbook: ${title} (${file})\nCluster: ${cluster.name}`}
          className={classes(
            'ml-1 flex h-8 min-w-0 items-center gap-2 rounded-lg border border-line px-2.5 text-second max-xl:shrink-0 max-lg:hidden',
            // Only the title can be cut short; without it the name of the cluster would stand out of its frame.
            runningFixes.length > 0 ? 'shrink-0' : 'shrink',
          )}
        >
          {runningFixes.length > 0 ? null : (
            <>
              <span className="truncate max-xl:hidden">{title}</span>
              <span aria-hidden className="h-3.5 w-px shrink-0 bg-line-strong max-xl:hidden" />
            </>
          )}
          <Server aria-hidden size={14} className="shrink-0 text-third" />
          <span className="max-w-40 shrink-0 truncate">{cluster.name}</span>
        </span>
        <nav aria-label="Main" className="ml-1 flex shrink-0 items-center max-md:hidden">
          {PLACES.map(({ href, label }) => (
            <Link
              key={href}
              href={href}
              aria-current={isWithin(path, href) ? 'page' : undefined}
              className={classes(
                'relative inline-flex h-8 items-center gap-1.5 rounded-lg px-2.5 hover:bg-sunken hover:text-ink max-lg:px-1.5',
                isWithin(path, href) ? 'font-medium text-ink' : 'text-second',
              )}
            >
              {label}
              <Pending />
              {href === '/approvals' && pendingApprovals > 0 ? (
                <span className="inline-flex h-5 min-w-5 items-center justify-center rounded-full bg-warn-ground px-1.5 text-[11.5px] font-semibold text-warn">
                  {pendingApprovals}
                  <span className="sr-only"> waiting</span>
                </span>
              ) : null}
            </Link>
          ))}
        </nav>
        <span className="flex-1" />
        <RunningFixes />
        <button
          type="button"
          onClick={onSearch}
          aria-keyshortcuts="Meta+K Control+K"
          className="flex h-8 w-52 min-w-9 shrink items-center gap-2 rounded-lg border border-line-strong bg-surface px-2.5 text-third hover:border-third max-lg:w-9 max-md:hidden"
        >
          <Search aria-hidden size={15} className="shrink-0 lg:hidden" />
          <span className="min-w-0 flex-1 truncate text-left max-lg:sr-only">Search or run a check</span>
          <kbd aria-hidden className="rounded border border-line px-1 text-[11px] max-lg:hidden">
            ⌘K
          </kbd>
        </button>
        <IncidentBadge />
        <AccountMenu onHelp={onHelp} />
      </div>
    </header>
  )
}
