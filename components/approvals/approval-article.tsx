'use client'
import { useRouter } from 'next/navigation'
import { type ReactNode, useId, useState } from 'react'
import { objectWords } from '@/components/fix/find-step'
import { Names, PlanChanges } from '@/components/fix/plan-changes'
import { PlanWarnings } from '@/components/fix/plan-warnings'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { Problem } from '@/components/ui/problem'
import { useAction } from '@/components/ui/use-action'
import { useNow, When } from '@/components/ui/when'
import { cancelFix } from '@/lib/actions/fixes'
import type { ApprovalView } from '@/lib/loaders/types'
import { ApproveDialog } from './approve-dialog'
import { RejectDialog } from './reject-dialog'

/** Seconds before the end in which the deadline is shown as a warning. */
const SOON = 300

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="px-4 py-3.5">
      <h3 className="mb-2 text-meta font-medium text-third">{title}</h3>
      {children}
    </div>
  )
}

/** One waiting fix: what it would do, by whom and why, and the two answers. */
export function ApprovalArticle({ approval, mine }: { approval: ApprovalView; mine: boolean }) {
  const { run, mayApprove, why } = approval
  const { openFix } = useConsole()
  const router = useRouter()
  const id = useId()
  const [asking, setAsking] = useState<'approve' | 'reject'>()
  const cancel = useAction(cancelFix)
  const takeBack = async () => {
    const result = await cancel.send({ runId: run.id })
    if (result.ok) router.refresh()
  }
  return (
    <article aria-labelledby={id} className="divide-y overflow-hidden rounded-[10px] border bg-surface">
      <header className="flex flex-wrap items-start gap-x-4 gap-y-1 px-4 py-3.5">
        <div className="min-w-0 flex-1 basis-64">
          <h2 id={id} className="break-words font-semibold">
            {run.act}
          </h2>
          <p className="text-second">
            {run.title} · {objectWords(run.plan.target)}
          </p>
        </div>
        {run.expiresAt ? <Deadline at={run.expiresAt} /> : null}
      </header>
      <Part title="Why">
        <p className="whitespace-pre-wrap break-words">{run.reason}</p>
        <p className="mt-0.5 text-second">
          {mine ? 'You' : run.requestedBy.name} asked <When at={run.createdAt} />
        </p>
      </Part>
      <Part title="What will change">
        <PlanChanges changes={run.plan.changes} />
      </Part>
      {run.plan.touches.length > 0 ? (
        <Part title={`What it touches · ${run.plan.touches.length}`}>
          <Names items={run.plan.touches} />
        </Part>
      ) : null}
      <Part title="Before you approve">
        <PlanWarnings plan={run.plan} needsApproval={false} />
      </Part>
      {cancel.error ? (
        <div className="px-4 py-3.5">
          <Problem error={cancel.error} />
        </div>
      ) : null}
      <footer className="flex flex-wrap items-center gap-2 px-4 py-3">
        {mayApprove ? (
          <>
            <Button kind="primary" onClick={() => setAsking('approve')}>
              Approve…
            </Button>
            <Button onClick={() => setAsking('reject')}>Turn down…</Button>
          </>
        ) : null}
        {mine ? (
          <Button busy={cancel.busy} onClick={takeBack}>
            Take back
          </Button>
        ) : null}
        <Button kind="quiet" onClick={() => openFix({ runId: run.id })}>
          Open the run
        </Button>
        {mayApprove ? null : (
          <p className="basis-full text-second">
            {why ??
              (mine
                ? 'Somebody else has to approve your own request.'
                : 'Approvers and admins can approve it.')}
          </p>
        )}
      </footer>
      <ApproveDialog run={run} open={asking === 'approve'} onOpenChange={() => setAsking(undefined)} />
      <RejectDialog run={run} open={asking === 'reject'} onOpenChange={() => setAsking(undefined)} />
    </article>
  )
}

function Deadline({ at }: { at: string }) {
  const now = useNow()
  const left = new Date(at).getTime() / 1_000 - now
  const over = now > 0 && left <= 0
  return (
    <p className={now > 0 && left < SOON ? 'shrink-0 font-medium text-warn' : 'shrink-0 text-second'}>
      {over ? 'expired' : 'expires'} <When at={at} />
    </p>
  )
}
