'use client'
import { BookOpenText, ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { usePageTitle } from '@/components/frame/page-title'
import { useConsole } from '@/components/live/console-context'
import { useRefreshOn } from '@/components/ui/use-refresh-on'
import { When } from '@/components/ui/when'
import { may, PERMISSIONS } from '@/lib/access/roles'
import { type RunbookRow, shortHash } from '@/lib/runbooks/preview-types'
import { Installer } from './installer'

/** Every runbook that makes the board, and for admins the way to one more. */
export function RunbookList({ runbooks }: { runbooks: RunbookRow[] }) {
  usePageTitle('Runbooks')
  // What is installed arrives as this event: see lib/actions/runbooks.ts.
  useRefreshOn('crashcart:incident')
  const { actor } = useConsole()
  const on = runbooks.filter((row) => row.origin !== 'off')
  const off = runbooks.filter((row) => row.origin === 'off')
  const cards = on.reduce((sum, row) => sum + row.cards, 0)
  return (
    <div className="mx-auto w-full max-w-[1200px]">
      <header className="mb-4">
        <h1 className="text-title font-semibold">Runbooks</h1>
        <p className="max-w-[92ch] text-second">
          {on.length === 1 ? 'One runbook makes' : `${on.length} runbooks make`} the board: {cards} cards.
          Each run and each check records the version that it went by.
        </p>
      </header>
      <Rows rows={on} label="On the board" />
      {off.length > 0 ? (
        <>
          <h2 className="mb-2 mt-6 text-[13px] font-semibold text-second">Not on the board</h2>
          <Rows rows={off} label="Not on the board" />
        </>
      ) : null}
      {may(actor.role, 'runbook:install') ? (
        <Installer />
      ) : (
        <p className="mt-6 text-second">
          Installing a runbook takes the role {PERMISSIONS['runbook:install']}; you are signed in as{' '}
          {actor.role}.
        </p>
      )}
    </div>
  )
}

function Rows({ rows, label }: { rows: RunbookRow[]; label: string }) {
  return (
    <ul aria-label={label} className="divide-y overflow-hidden rounded-[10px] border bg-surface">
      {rows.map((row) => (
        <li key={row.id}>
          <Link
            href={`/runbooks/${encodeURIComponent(row.id)}`}
            data-row
            className="flex items-center gap-x-3 px-4 py-3 hover:bg-sunken focus-visible:-outline-offset-2 max-md:items-start"
          >
            <BookOpenText aria-hidden size={18} className="shrink-0 text-third max-md:mt-0.5" />
            <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-0.5">
              <span className="min-w-0 flex-1 basis-72">
                <span className="block break-words font-medium">{row.title}</span>
                <span className="block break-words text-meta text-second">
                  <Origin row={row} />
                </span>
              </span>
              <span className="shrink-0 text-meta text-second md:text-right">
                {row.cards} {row.cards === 1 ? 'card' : 'cards'} · {row.typed} of {row.lines} command lines
                typed
                <span className="block font-mono text-third max-md:hidden">{shortHash(row.sha256)}</span>
              </span>
            </span>
            <ChevronRight aria-hidden size={16} className="shrink-0 text-third max-md:mt-0.5" />
          </Link>
        </li>
      ))}
    </ul>
  )
}

function Origin({ row }: { row: RunbookRow }) {
  if (row.unreadable)
    return (
      <span className="text-fail">{row.file} is installed, and this release of Crashcart cannot read it</span>
    )
  if (row.origin === 'file') return <>{row.file}, a file beside the program</>
  if (row.origin === 'off') return <>{row.file}, removed; its versions are kept</>
  return (
    <>
      {row.file}, installed by {row.installedBy} {row.at ? <When at={row.at} /> : null}
      {row.overFile ? ', in place of the file with its id' : ''}
    </>
  )
}
