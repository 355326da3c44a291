'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Problem } from '@/components/ui/problem'
import { TextArea } from '@/components/ui/text-area'
import { useAction } from '@/components/ui/use-action'
import { rejectFix } from '@/lib/actions/fixes'
import type { FixRun } from '@/lib/engine/types'

/** Asks why, and turns a waiting fix down. */
export function RejectDialog({
  run,
  open,
  onOpenChange,
}: {
  run: FixRun
  open: boolean
  onOpenChange(open: boolean): void
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Turn down: ${run.act}`}>
      <Form run={run} onClose={() => onOpenChange(false)} />
    </Dialog>
  )
}

function Form({ run, onClose }: { run: FixRun; onClose(): void }) {
  const router = useRouter()
  const id = useId()
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const reject = useAction(rejectFix)
  const short = reason.trim().length < 3
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (reject.busy) return
    if (short) return document.getElementById(id)?.focus()
    const result = await reject.send({ runId: run.id, reason: reason.trim() })
    if (!result.ok) return
    onClose()
    router.refresh()
  }
  return (
    <form onSubmit={submit} noValidate>
      <div className="space-y-3 p-4">
        <TextArea
          id={id}
          label="Reason, for the record"
          help={`${run.requestedBy.name} sees it, and it stands in the journal. Nothing is sent.`}
          value={reason}
          required
          maxLength={500}
          error={tried && short ? 'Say why, in at least 3 characters.' : undefined}
          onChange={(event) => setReason(event.target.value)}
        />
        {reject.error ? <Problem error={reject.error} /> : null}
      </div>
      <div className="flex flex-wrap gap-2 border-t px-4 py-3 pb-[max(12px,env(safe-area-inset-bottom))]">
        <Button type="submit" kind="primary" busy={reject.busy}>
          Turn down fix
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  )
}
