'use client'
import { Undo2, UsersRound } from 'lucide-react'
import Link from 'next/link'
import { useEffect, useRef } from 'react'
import { useConsole } from '@/components/live/console-context'
import { Button, buttonClasses } from '@/components/ui/button'
import { Problem } from '@/components/ui/problem'
import { useAction } from '@/components/ui/use-action'
import { When } from '@/components/ui/when'
import { cancelFix } from '@/lib/actions/fixes'
import type { AppError } from '@/lib/core/errors'
import type { FixView } from '@/lib/loaders/types'
import { hasEnded } from '@/lib/queries/fix-run'
import { objectWords } from './find-step'
import { outcomeOf } from './fix-state'
import { Fold } from './fold'
import { Moments } from './moments'
import { Outcome } from './outcome'
import { Names, PlanChanges } from './plan-changes'
import { Printed } from './printed'
import { Foot, Section } from './section'
import { SettleForm } from './settle-form'
import { useRememberFix } from './use-fix'

/** A run from its request to its outcome, live, with what can be done next. */
export function FixProgress({
  fix,
  onClose,
  openFix,
}: {
  fix: { view?: FixView; error?: AppError; refetch(): void }
  onClose(): void
  openFix(what: { runId: string } | { undoOf: string } | { stepId: string }): void
}) {
  const { actor, connection } = useConsole()
  const remember = useRememberFix()
  const cancel = useAction(cancelFix)
  const { view, error } = fix
  const top = useRef<HTMLDivElement>(null)
  const shown = view !== undefined
  // The button that was pressed is gone: the focus, and with it what is in sight, goes to where it stands.
  useEffect(() => {
    if (shown) top.current?.focus()
  }, [shown])

  if (!view)
    return (
      <>
        <div className="px-4 py-4">
          {error ? (
            <Problem error={error}>
              <Button size="small" onClick={fix.refetch}>
                Read it again
              </Button>
            </Problem>
          ) : (
            <p role="status" className="text-second">
              Reading the run…
            </p>
          )}
        </div>
        <Foot>
          <Button onClick={onClose}>Close</Button>
        </Foot>
      </>
    )

  const { run } = view
  const waiting = run.state === 'awaiting_approval'
  const mine = run.requestedBy.id === actor.id
  const mayUndo = view.mayUndo && run.undo.possible && run.undo.undoneBy === undefined
  const takeBack = async () => {
    const result = await cancel.send({ runId: run.id })
    if (result.ok) remember(result.value)
  }

  return (
    <>
      {/* Read out as it changes; the visible list would be read whole each time. */}
      <p role="status" className="sr-only">
        {hasEnded(run) ? outcomeOf(run) : (run.moments.at(-1)?.message ?? '')}
      </p>
      <div ref={top} tabIndex={-1} className="outline-none">
        {waiting ? <Waiting view={view} mine={mine} /> : <Outcome run={run} />}
      </div>
      {view.maySettle && run.state === 'unknown' ? <SettleForm run={run} /> : null}
      <Section title="Progress">
        <Moments run={run} />
        {connection === 'offline' && !hasEnded(run) ? (
          <p className="mt-2 text-meta text-warn">
            The live connection is away. The fix goes on; this list catches up when it is back.
          </p>
        ) : null}
        {run.output ? (
          <div className="mt-2">
            <Fold title="What it printed">
              <Printed texts={run.output} />
            </Fold>
          </div>
        ) : null}
      </Section>
      {run.error && (run.error.hint || !outcomeOf(run).includes(run.error.message)) ? (
        <div className="border-b px-4 py-3.5">
          <Problem error={run.error} />
        </div>
      ) : null}
      <Section
        title={`What ${hasEnded(run) ? 'was planned' : waiting ? 'will change' : 'changes'} · ${objectWords(run.plan.target)}`}
      >
        <PlanChanges changes={run.plan.changes} />
        {run.plan.touches.length > 0 ? (
          <Fold title={`What it touches (${run.plan.touches.length})`}>
            <Names items={run.plan.touches} />
          </Fold>
        ) : null}
      </Section>
      <Section title="On record">
        <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
          <dt className="text-second">Reason</dt>
          <dd className="break-words">{run.reason}</dd>
          <dt className="text-second">By</dt>
          <dd>
            {run.requestedBy.name}, <When at={run.createdAt} />
          </dd>
          {run.approvedBy ? (
            <>
              <dt className="text-second">Approved by</dt>
              <dd>{run.approvedBy.name}</dd>
            </>
          ) : null}
          <dt className="text-second">Undo</dt>
          <dd className="break-words">
            {run.undo.text}
            {run.undo.undoneBy !== undefined ? (
              <>
                {' '}
                <button
                  type="button"
                  className="font-medium text-accent underline"
                  onClick={() => run.undo.undoneBy && openFix({ runId: run.undo.undoneBy })}
                >
                  Open the undo
                </button>
              </>
            ) : null}
          </dd>
        </dl>
      </Section>
      <Foot>
        {cancel.error ? (
          <div className="basis-full">
            <Problem error={cancel.error} />
          </div>
        ) : null}
        {mayUndo ? (
          <Button onClick={() => openFix({ undoOf: run.id })} icon={<Undo2 aria-hidden className="size-4" />}>
            Undo…
          </Button>
        ) : null}
        {waiting && view.mayApprove ? (
          <Link href="/approvals" className={buttonClasses('primary')} onClick={onClose}>
            Open approvals
          </Link>
        ) : null}
        {waiting && (view.mayCancel || mine) ? (
          <Button busy={cancel.busy} onClick={takeBack}>
            Take back
          </Button>
        ) : null}
        {(run.state === 'stale' || run.state === 'expired') && run.stepId !== null ? (
          <Button kind="primary" onClick={() => run.stepId && openFix({ stepId: run.stepId })}>
            Preview again
          </Button>
        ) : null}
        {run.cardId !== null && hasEnded(run) ? (
          <Link href={`/cards/${run.cardId}`} className={buttonClasses('plain')} onClick={onClose}>
            Open the card
          </Link>
        ) : null}
        <Button className="ml-auto" onClick={onClose}>
          {hasEnded(run) || waiting ? 'Close' : 'Close, it goes on'}
        </Button>
      </Foot>
    </>
  )
}

function Waiting({ view, mine }: { view: FixView; mine: boolean }) {
  const { run } = view
  return (
    <div className="flex gap-2.5 border-b bg-warn-ground px-4 py-3">
      <UsersRound aria-hidden size={18} className="mt-px shrink-0 text-warn" />
      <div>
        <p className="font-medium">Waits for a second person</p>
        <p className="text-second">
          {mine ? 'An approver other than you' : 'An approver'} has to look at this plan. Nothing was sent.
          {run.expiresAt ? (
            <>
              {' '}
              It expires <When at={run.expiresAt} />.
            </>
          ) : null}
        </p>
        {view.why ? <p className="mt-0.5 text-second">{view.why}</p> : null}
      </div>
    </div>
  )
}
