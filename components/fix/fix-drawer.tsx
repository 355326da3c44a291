'use client'
import { type ReactNode, useState } from 'react'
import { useConsole } from '@/components/live/console-context'
import { Dialog } from '@/components/ui/dialog'
import { findFixStep } from './find-step'
import { FixPreview } from './fix-preview'
import { FixProgress } from './fix-progress'
import { FootSlot } from './section'
import { useFix, useRememberFix } from './use-fix'

/** What a drawer is opened for: the preview of a step, a run, or the undo of a run. */
export type FixSubject = { stepId: string } | { runId: string } | { undoOf: string }

/**
 * The way from "what would this change" to "it recovered", in one place: preview, reason, press,
 * progress, undo. Closing it stops nothing and loses nothing.
 */
export function FixDrawer({ what, onClose }: { what: FixSubject | null; onClose(): void }): ReactNode {
  const { openFix } = useConsole()
  const [pressed, setPressed] = useState<{ opened: FixSubject; runId: string }>()
  if (!what) return null
  // After the press the console is told of the run (so that it needs no toast for it), and the drawer
  // that was pressed goes on being the same drawer.
  const opened = pressed && 'runId' in what && what.runId === pressed.runId ? pressed.opened : what
  return (
    <OpenDrawer
      key={JSON.stringify(opened)}
      opened={opened}
      runId={'runId' in what ? what.runId : undefined}
      onClose={onClose}
      onPressed={(runId) => {
        setPressed({ opened, runId })
        openFix({ runId })
      }}
    />
  )
}

function OpenDrawer({
  opened,
  runId,
  onClose,
  onPressed,
}: {
  opened: FixSubject
  runId: string | undefined
  onClose(): void
  onPressed(runId: string): void
}) {
  const { runbook, openFix } = useConsole()
  const former = useFix('undoOf' in opened ? opened.undoOf : undefined)
  const fix = useFix(runId)
  const remember = useRememberFix()
  const [foot, setFoot] = useState<HTMLElement | null>(null)
  const step = 'stepId' in opened ? findFixStep(runbook, opened.stepId) : undefined

  const title =
    step?.title ??
    ('undoOf' in opened ? `Undo: ${former.view?.run.title ?? 'fix'}` : (fix.view?.run.title ?? 'Fix'))

  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={title}
      place="side"
      footer={<div ref={setFoot} className="contents" />}
    >
      <FootSlot value={foot}>
        {runId !== undefined ? (
          <FixProgress fix={fix} onClose={onClose} openFix={openFix} />
        ) : 'runId' in opened ? null : (
          <FixPreview
            subject={opened}
            step={step}
            onClose={onClose}
            onPressed={(run) => {
              remember(run)
              onPressed(run.id)
            }}
          />
        )}
      </FootSlot>
    </Dialog>
  )
}
