'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useEffect, useId, useRef, useState } from 'react'
import { given, useCardValues } from '@/components/card/card-values'
import { startValues } from '@/components/inputs/input-field'
import { useConsole } from '@/components/live/console-context'
import { Button, buttonClasses } from '@/components/ui/button'
import { TextField } from '@/components/ui/field'
import { Problem } from '@/components/ui/problem'
import { unreachable, useAction } from '@/components/ui/use-action'
import { useNow } from '@/components/ui/when'
import { pressFix, previewFix, previewUndo } from '@/lib/actions/fixes'
import type { AppError } from '@/lib/core/errors'
import type { FixRun, Preview } from '@/lib/engine/types'
import type { BoundStep } from '@/lib/runbooks/types'
import { CopyLink } from './copy-link'
import { findFixStep, holderOf, objectWords, whoMayPress } from './find-step'
import { FixInputs } from './fix-inputs'
import { Names, PlanChanges } from './plan-changes'
import { PlanWarnings } from './plan-warnings'
import { Foot, Section } from './section'
import { useTypedBefore } from './typed-before'
import { UsedValues } from './used-values'

/** Shortest reason the server takes. */
const REASON_LENGTH = 3

/** Inputs, preview, reason and the one button. `onPressed` gets the run that the press started. */
export function FixPreview({
  subject,
  step,
  onClose,
  onPressed,
}: {
  subject: { stepId: string } | { undoOf: string }
  /** The runbook's step; undefined for an undo or an id the runbook does not have. */
  step: BoundStep | undefined
  onClose(): void
  onPressed(run: FixRun): void
}) {
  const name = 'stepId' in subject ? subject.stepId : `undo:${subject.undoOf}`
  const specs = step?.inputs ?? []
  const typed = useTypedBefore(name)
  const ofCard = useCardValues(step?.cardId ?? '').values
  const [values, setValues] = useState(() =>
    startValues(specs, {
      ...typed.before.inputs,
      ...given(
        ofCard,
        specs.map((spec) => spec.name),
      ),
    }),
  )
  const [reason, setReason] = useState(typed.before.reason)
  // Counts previews asked for; 0 while a form has to be filled in first.
  const [attempt, setAttempt] = useState(specs.length > 0 ? 0 : 1)
  const [editing, setEditing] = useState(specs.length > 0)

  const planned = useQuery({
    queryKey: ['fix-preview', name, attempt],
    enabled: attempt > 0,
    queryFn: () => {
      const call =
        'stepId' in subject
          ? previewFix({ stepId: subject.stepId, ...(specs.length > 0 ? { inputs: values } : {}) })
          : previewUndo({ runId: subject.undoOf })
      return call.catch(() => unreachable())
    },
    // A preview is a moment's picture: never shared with the next time the drawer opens.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    refetchOnMount: false,
  })

  const { keep } = typed
  const secret = new Set(specs.filter((spec) => spec.type === 'secret').map((spec) => spec.name))
  const storable = JSON.stringify(Object.entries(values).filter(([key]) => !secret.has(key)))
  useEffect(() => {
    keep({ reason, inputs: Object.fromEntries(JSON.parse(storable)) })
  }, [reason, storable, keep])

  const again = () => {
    setEditing(false)
    setAttempt((count) => count + 1)
  }
  const loading = attempt > 0 && planned.isFetching
  const preview = loading || !planned.data?.ok ? undefined : planned.data.value
  const error = loading || planned.data?.ok !== false ? undefined : planned.data.error

  return (
    <>
      {specs.length > 0 ? (
        <Section title="With these values">
          {editing ? (
            <FixInputs specs={specs} values={values} onValues={setValues} onPreview={again} busy={loading} />
          ) : (
            <div className="flex items-start gap-3">
              <UsedValues specs={specs} values={values} filled={preview?.filled} />
              <Button kind="quiet" size="small" onClick={() => setEditing(true)}>
                Change values
              </Button>
            </div>
          )}
        </Section>
      ) : null}
      {loading ? <Planning /> : null}
      {error ? (
        <div className="px-4 py-3.5">
          <PreviewProblem error={error} onAgain={again} />
        </div>
      ) : null}
      {preview && !editing ? (
        <PreviewBody
          key={preview.previewId}
          preview={preview}
          step={step}
          reason={reason}
          onReason={setReason}
          onAgain={again}
          onClose={onClose}
          onPressed={(run) => {
            typed.forget()
            onPressed(run)
          }}
        />
      ) : (
        <Foot>
          <Button onClick={onClose}>Cancel</Button>
        </Foot>
      )}
    </>
  )
}

function Planning() {
  return (
    <div role="status" className="space-y-3 px-4 py-4">
      <p className="text-second">Working out what would change. Nothing is changed by this.</p>
      <div aria-hidden className="space-y-2 motion-safe:animate-pulse">
        <div className="h-20 rounded-lg bg-sunken" />
        <div className="h-4 w-3/4 rounded bg-sunken" />
        <div className="h-4 w-1/2 rounded bg-sunken" />
      </div>
    </div>
  )
}

function PreviewProblem({
  error,
  target,
  onAgain,
}: {
  error: AppError
  target?: Preview['plan']['target']
  /** Left out where a button for it stands beside. */
  onAgain?(): void
}) {
  const { runningFixes, openFix } = useConsole()
  const holder = error.code === 'conflict' ? holderOf(runningFixes, error, target) : undefined
  return (
    <Problem error={error}>
      {holder ? (
        <Button size="small" onClick={() => openFix({ runId: holder.id })}>
          Open {holder.requestedBy.name}’s run
        </Button>
      ) : null}
      {!onAgain || error.code === 'forbidden' || error.code === 'unauthenticated' ? null : (
        <Button size="small" onClick={onAgain}>
          Preview again
        </Button>
      )}
    </Problem>
  )
}

function PreviewBody({
  preview,
  step,
  reason,
  onReason,
  onAgain,
  onClose,
  onPressed,
}: {
  preview: Preview
  step: BoundStep | undefined
  reason: string
  onReason(reason: string): void
  onAgain(): void
  onClose(): void
  onPressed(run: FixRun): void
}) {
  const { actor, activeIncident, runbook } = useConsole()
  const { plan } = preview
  const id = useId()
  const press = useAction(pressFix)
  const reasonField = useRef<HTMLInputElement>(null)
  const nameField = useRef<HTMLInputElement>(null)
  const [confirmName, setConfirmName] = useState('')
  const asks = plan.asks ?? []
  // Never leaves this form but for the press: not among what is remembered of a drawer that was closed.
  const [asked, setAsked] = useState<Record<string, string>>({})
  const askedField = useRef<HTMLInputElement>(null)
  const [tried, setTried] = useState(false)
  const now = useNow()
  const expired = now > 0 && new Date(preview.expiresAt).getTime() <= now * 1_000
  // A second person types the name when approving; without one, the person who presses does.
  const typesName = preview.risk === 'high' && !preview.needsApproval
  const reasonMissing = reason.trim().length < REASON_LENGTH
  const nameMissing = typesName && confirmName.trim() !== plan.confirmName
  const unasked = asks.find((name) => !asked[name])
  const fixStep = step ?? findFixStep(runbook, preview.stepId)

  const submit = async () => {
    setTried(true)
    if (unasked !== undefined) return askedField.current?.focus()
    if (reasonMissing) return reasonField.current?.focus()
    if (nameMissing) return nameField.current?.focus()
    const result = await press.send({
      previewId: preview.previewId,
      hash: preview.hash,
      reason: reason.trim(),
      ...(typesName ? { confirmName: confirmName.trim() } : {}),
      ...(asks.length > 0 ? { secrets: asked } : {}),
    })
    if (result.ok) onPressed(result.value)
  }

  return (
    <>
      {preview.mayRun ? null : (
        <Section title="You cannot press this">
          <p>{preview.why ?? 'Your role does not allow it.'}</p>
          <p className="mt-1 text-second">Send the link to somebody who may, or run the command yourself.</p>
        </Section>
      )}
      <Section title={`What will change · ${objectWords(plan.target)}`}>
        <PlanChanges changes={plan.changes} />
      </Section>
      {plan.touches.length > 0 ? (
        <Section title={`What it touches · ${plan.touches.length}`}>
          <Names items={plan.touches} />
        </Section>
      ) : null}
      <Section title="Before you press">
        <PlanWarnings
          plan={plan}
          needsApproval={preview.needsApproval}
          who={whoMayPress(fixStep, actor.role)}
          cures={preview.cures}
        />
      </Section>
      {preview.mayRun ? (
        <Section>
          <div className="space-y-3">
            {asks.map((name) => (
              <TextField
                key={name}
                ref={name === unasked ? askedField : undefined}
                id={`${id}-asked-${name}`}
                label={`Value of ${name}`}
                type="password"
                autoComplete="new-password"
                spellCheck={false}
                value={asked[name] ?? ''}
                required
                maxLength={16_000}
                error={tried && !asked[name] ? 'Type it here; it is kept nowhere.' : undefined}
                onChange={(event) => setAsked({ ...asked, [name]: event.target.value })}
              />
            ))}
            <TextField
              ref={reasonField}
              id={`${id}-reason`}
              label="Reason, for the record"
              placeholder={activeIncident ? `INC-${activeIncident.number}: what you saw` : 'What you saw'}
              value={reason}
              required
              maxLength={500}
              error={tried && reasonMissing ? 'Say why, in at least 3 characters.' : undefined}
              onChange={(event) => onReason(event.target.value)}
            />
            {typesName ? (
              <TextField
                ref={nameField}
                id={`${id}-name`}
                label={`Type ${plan.confirmName} to confirm`}
                value={confirmName}
                required
                spellCheck={false}
                autoCapitalize="none"
                error={tried && nameMissing ? `Type exactly ${plan.confirmName}.` : undefined}
                onChange={(event) => setConfirmName(event.target.value)}
              />
            ) : null}
          </div>
        </Section>
      ) : null}
      <Foot>
        {press.error ? (
          <div className="basis-full">
            <PreviewProblem
              error={press.error}
              target={plan.target}
              onAgain={press.error.code === 'stale' ? undefined : onAgain}
            />
          </div>
        ) : expired && preview.mayRun ? (
          <p role="status" className="basis-full text-warn">
            This preview is too old to act on: the cluster may have changed since.
          </p>
        ) : null}
        {!preview.mayRun ? (
          <>
            <CopyLink path={fixStep ? `/cards/${fixStep.cardId}` : '/'}>Copy link to the card</CopyLink>
            {fixStep ? (
              <Link href={`/cards/${fixStep.cardId}`} className={buttonClasses('plain')} onClick={onClose}>
                Open the card
              </Link>
            ) : null}
          </>
        ) : expired || press.error?.code === 'stale' ? (
          <Button kind="primary" className="flex-1" onClick={onAgain}>
            Preview again
          </Button>
        ) : (
          <Button
            kind={typesName ? 'danger' : 'primary'}
            busy={press.busy}
            onClick={submit}
            className="h-auto! min-h-9 flex-1 whitespace-normal! py-1.5 text-center max-md:min-h-11"
          >
            {preview.needsApproval ? `Ask for approval: ${plan.act}` : plan.act}
          </Button>
        )}
        <Button onClick={onClose}>{preview.mayRun ? 'Cancel' : 'Close'}</Button>
      </Foot>
    </>
  )
}
