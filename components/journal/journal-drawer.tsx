'use client'
import type { ReactNode } from 'react'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { ClockTime } from '@/components/ui/clock-time'
import { Dialog } from '@/components/ui/dialog'
import { When } from '@/components/ui/when'
import type { JournalRow } from '@/lib/journal/types'
import { ACTION_WORDS } from './action-words'

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-second">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  )
}

function Hash({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt className="text-meta text-second">{label}</dt>
      <dd className="break-all font-mono text-meta">{value}</dd>
    </div>
  )
}

/** One row in full: the facts, what was recorded with it, and its place in the chain. */
export function JournalDrawer({ row, onClose }: { row: JournalRow | undefined; onClose(): void }) {
  const { openFix } = useConsole()
  if (!row) return null
  const { runId } = row
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Row ${row.seq}: ${ACTION_WORDS[row.action].word}`}
      place="side"
      footer={
        <>
          {runId ? (
            <Button
              kind="primary"
              onClick={() => {
                onClose()
                openFix({ runId })
              }}
            >
              Open the run
            </Button>
          ) : null}
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      <div className="divide-y">
        <div className="px-4 py-3.5">
          <p className="mb-3 break-words font-medium">{row.text}</p>
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
            <Fact label="When">
              <ClockTime at={row.at} /> <span className="text-third">·</span> <When at={row.at} />
            </Fact>
            <Fact label="UTC">
              <span className="font-mono text-meta">{row.at}</span>
            </Fact>
            <Fact label="Person">
              {row.actor.name}, {row.actor.role}
            </Fact>
            <Fact label="Target">
              <span className="font-mono text-meta">{row.target}</span>
            </Fact>
            {runId ? (
              <Fact label="Run">
                <span className="font-mono text-meta">{runId}</span>
              </Fact>
            ) : null}
          </dl>
        </div>
        <div className="px-4 py-3.5">
          <h3 className="mb-2 text-meta font-medium text-third">Recorded with it</h3>
          {Object.keys(row.detail).length === 0 ? (
            <p className="text-second">Nothing more.</p>
          ) : (
            <pre className="whitespace-pre-wrap rounded-lg border bg-sunken p-3 text-meta [overflow-wrap:anywhere]">
              {JSON.stringify(row.detail, null, 2)}
            </pre>
          )}
        </div>
        <div className="px-4 py-3.5">
          <h3 className="mb-2 text-meta font-medium text-third">In the chain</h3>
          <dl className="space-y-2">
            <Hash label="SHA-256 of this row" value={row.hash} />
            <Hash label="SHA-256 of the row before" value={row.prevHash} />
          </dl>
          <p className="mt-2 text-meta text-second">
            Shown as stored. <code>npm run crashcart -- journal verify</code> recomputes every hash.
          </p>
        </div>
      </div>
    </Dialog>
  )
}
