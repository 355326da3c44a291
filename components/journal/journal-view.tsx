'use client'
import { useState } from 'react'
import { usePageTitle } from '@/components/frame/page-title'
import { Pages } from '@/components/ui/pages'
import { TONE_TEXT } from '@/components/ui/verdict-mark'
import { When } from '@/components/ui/when'
import type { JournalPage, JournalRow } from '@/lib/journal/types'
import { ACTION_WORDS } from './action-words'
import { type JournalFilter, journalHref } from './journal-address'
import { JournalDrawer } from './journal-drawer'
import { JournalFilters } from './journal-filters'

/** The journal: who did what to what, newest first. A table; a list on the phone. */
export function JournalView({ journal, filter }: { journal: JournalPage; filter: JournalFilter }) {
  const [row, setRow] = useState<JournalRow>()
  usePageTitle('Journal')
  const filtered = filter.action !== undefined || filter.actor !== undefined
  return (
    <div className="mx-auto w-full max-w-[1200px]">
      <header className="mb-4">
        <h1 className="text-title font-semibold">Journal</h1>
        <p className="max-w-3xl text-second">
          {journal.total.toLocaleString('en')} {journal.total === 1 ? 'row' : 'rows'}
          {filtered ? ' match' : ''}, newest first. Each row carries the SHA-256 of itself and of the row
          before, so a change to an old row shows.{' '}
          <code className="whitespace-nowrap text-meta">npm run crashcart -- journal verify</code> recomputes
          the whole chain.
        </p>
      </header>
      <JournalFilters filter={filter} actors={journal.actors} />
      {journal.rows.length === 0 ? (
        <div className="rounded-[10px] border bg-surface px-6 py-10 text-center">
          <p className="font-medium">
            {filtered ? 'No row matches these filters' : 'Nothing was written down yet'}
          </p>
          <p className="mt-1 text-second">
            {filtered
              ? 'Choose another action or person, or clear the filters.'
              : 'Sign-ins, checks, fixes, refusals and incidents are recorded here.'}
          </p>
        </div>
      ) : (
        <>
          <Table rows={journal.rows} onOpen={setRow} />
          <List rows={journal.rows} onOpen={setRow} />
        </>
      )}
      <Pages
        page={journal.page}
        pages={journal.pages}
        label="Journal"
        hrefOf={(page) => journalHref({ ...filter, page })}
      />
      <JournalDrawer row={row} onClose={() => setRow(undefined)} />
    </div>
  )
}

type RowsProps = { rows: JournalRow[]; onOpen(row: JournalRow): void }

const HEAD = 'px-3 py-2 text-left text-meta font-medium text-third'

function Table({ rows, onOpen }: RowsProps) {
  return (
    <div className="overflow-hidden rounded-[10px] border bg-surface max-md:hidden">
      <table className="w-full table-fixed border-collapse">
        <caption className="sr-only">Journal rows, newest first</caption>
        <thead className="border-b bg-sunken">
          <tr>
            <th scope="col" className={`${HEAD} w-20`}>
              Row
            </th>
            <th scope="col" className={`${HEAD} w-28`}>
              When
            </th>
            <th scope="col" className={`${HEAD} w-44`}>
              Action
            </th>
            <th scope="col" className={`${HEAD} w-44`}>
              Person
            </th>
            <th scope="col" className={HEAD}>
              What
            </th>
          </tr>
        </thead>
        <tbody className="divide-y">
          {rows.map((row) => (
            <tr key={row.seq} className="relative align-top focus-within:bg-sunken hover:bg-sunken">
              <td className="px-3 py-2">
                {/* The button's area is the whole row; its own place keeps the keyboard order. */}
                <button
                  type="button"
                  onClick={() => onOpen(row)}
                  aria-label={`Open row ${row.seq}`}
                  className="text-second after:absolute after:inset-0"
                >
                  {row.seq}
                </button>
              </td>
              <td className="px-3 py-2 text-second">
                <When at={row.at} className="relative" />
              </td>
              <td className={`px-3 py-2 font-medium ${TONE_TEXT[ACTION_WORDS[row.action].tone]}`}>
                {ACTION_WORDS[row.action].word}
              </td>
              <td className="px-3 py-2">
                <span className="block truncate">{row.actor.name}</span>
                <span className="text-meta text-third">{row.actor.role}</span>
              </td>
              <td className="px-3 py-2">
                <span className="block break-words">{row.text}</span>
                <span className="block truncate font-mono text-meta text-third">{row.target}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function List({ rows, onOpen }: RowsProps) {
  return (
    <ul className="divide-y overflow-hidden rounded-[10px] border bg-surface md:hidden">
      {rows.map((row) => (
        <li key={row.seq}>
          <button
            type="button"
            onClick={() => onOpen(row)}
            className="block min-h-11 w-full px-4 py-3 text-left focus-visible:-outline-offset-2"
          >
            <span className="flex gap-3 text-meta">
              <span className={`flex-1 font-medium ${TONE_TEXT[ACTION_WORDS[row.action].tone]}`}>
                {ACTION_WORDS[row.action].word}
              </span>
              <When at={row.at} className="text-third" />
            </span>
            <span className="block break-words">{row.text}</span>
            <span className="block text-meta text-second">
              {row.actor.name}, {row.actor.role}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
