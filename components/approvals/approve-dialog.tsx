'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useId, useState } from 'react'
import { useRememberFix } from '@/components/fix/use-fix'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { TextField } from '@/components/ui/field'
import { Problem } from '@/components/ui/problem'
import { useAction } from '@/components/ui/use-action'
import { approveFix } from '@/lib/actions/fixes'
import type { FixRun } from '@/lib/engine/types'

/** Asks for the target's name, typed; then the fix is sent and its drawer shows the progress. */
export function ApproveDialog({
  run,
  open,
  onOpenChange,
}: {
  run: FixRun
  open: boolean
  onOpenChange(open: boolean): void
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Approve: ${run.act}`}>
      <Form run={run} onClose={() => onOpenChange(false)} />
    </Dialog>
  )
}

function Form({ run, onClose }: { run: FixRun; onClose(): void }) {
  const { openFix } = useConsole()
  const router = useRouter()
  const remember = useRememberFix()
  const id = useId()
  const [name, setName] = useState('')
  const [tried, setTried] = useState(false)
  const approve = useAction(approveFix)
  const wanted = run.plan.confirmName
  const wrong = name.trim() !== wanted
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (approve.busy) return
    if (wrong) return document.getElementById(id)?.focus()
    const result = await approve.send({ runId: run.id, confirmName: name.trim() })
    if (!result.ok) return
    remember(result.value)
    onClose()
    openFix({ runId: run.id })
    router.refresh()
  }
  return (
    <form onSubmit={submit} noValidate>
      <div className="space-y-3 p-4">
        <p>
          It is sent as soon as you approve it, under both names.{' '}
          {run.plan.undo.possible ? (
            <span className="text-second">{run.plan.undo.text}</span>
          ) : (
            <span className="font-medium">It cannot be undone: {run.plan.undo.text}</span>
          )}
        </p>
        <TextField
          id={id}
          label={`Type ${wanted} to confirm`}
          value={name}
          required
          spellCheck={false}
          autoCapitalize="none"
          error={tried && wrong ? `Type exactly ${wanted}.` : undefined}
          onChange={(event) => setName(event.target.value)}
        />
        {approve.error ? <Problem error={approve.error} /> : null}
      </div>
      <div className="flex flex-wrap gap-2 border-t px-4 py-3 pb-[max(12px,env(safe-area-inset-bottom))]">
        <Button type="submit" kind="danger" busy={approve.busy}>
          Approve and send
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  )
}
