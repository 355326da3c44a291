'use client'
import { ClipboardCheck, LayoutDashboard, Search, Siren } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { useConsole } from '@/components/live/console-context'
import { classes } from '@/components/ui/classes'
import { isWithin } from './navigation'
import { Pending } from './pending'

const ITEM = 'relative flex h-14 flex-1 flex-col items-center justify-center gap-1 text-[11px]'

function Place({ href, label, icon }: { href: string; label: string; icon: ReactNode }) {
  const path = usePathname()
  const here = isWithin(path, href) || (label === 'Incident' && path.startsWith('/incidents'))
  return (
    <Link
      href={href}
      aria-current={here ? 'page' : undefined}
      className={classes(ITEM, here ? 'font-medium text-accent' : 'text-second')}
    >
      {icon}
      {label}
      <Pending />
    </Link>
  )
}

/** The phone's way around, in reach of the thumb. */
export function BottomBar({ onSearch }: { onSearch(): void }) {
  const { activeIncident, pendingApprovals } = useConsole()
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex border-t bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <Place href="/" label="Board" icon={<LayoutDashboard aria-hidden size={20} />} />
      <Place
        href={activeIncident ? `/incidents/${activeIncident.number}` : '/incidents'}
        label="Incident"
        icon={<Siren aria-hidden size={20} />}
      />
      <Place
        href="/approvals"
        label="Approvals"
        icon={
          <span className="relative">
            <ClipboardCheck aria-hidden size={20} />
            {pendingApprovals > 0 ? (
              <span className="absolute -right-3 -top-1.5 inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-warn px-1 text-[10px] font-semibold text-surface">
                {pendingApprovals}
                <span className="sr-only"> waiting: </span>
              </span>
            ) : null}
          </span>
        }
      />
      <button type="button" onClick={onSearch} className={classes(ITEM, 'text-second')}>
        <Search aria-hidden size={20} />
        Search
      </button>
    </nav>
  )
}
