'use client'
import { CircleCheck } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { TextField } from '@/components/ui/field'
import { Problem } from '@/components/ui/problem'
import { useAction } from '@/components/ui/use-action'
import { When } from '@/components/ui/when'
import { may } from '@/lib/access/roles'
import { finishGuide } from '@/lib/actions/guides'

/** Ticking a guide off: what was done, by whom and when, for the journal and the open incident. */
export function GuideTick({ stepId }: { stepId: string }) {
  const { actor, guidesDone } = useConsole()
  const id = useId()
  const done = guidesDone?.[stepId]
  const tick = useAction(finishGuide)
  const [note, setNote] = useState('')
  const [missing, setMissing] = useState(false)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    setMissing(note.trim().length < 3)
    if (note.trim().length < 3 || tick.busy) return
    const result = await tick.send({ stepId, note: note.trim() })
    if (result.ok) setNote('')
  }
  return (
    <div className="mt-2.5 max-w-[640px] space-y-2.5">
      {done ? (
        <p role="status" className="flex items-start gap-1.5 text-second">
          <CircleCheck aria-hidden size={16} className="mt-0.5 shrink-0 text-pass" />
          <span className="min-w-0 break-words">
            Done by {done.by}, <When at={done.at} />: {done.note}
          </span>
        </p>
      ) : null}
      {may(actor.role, 'incident:write') ? (
        <form onSubmit={send} className="flex flex-wrap items-end gap-2">
          <TextField
            id={id}
            label={done ? 'What you did now' : 'What you did, for the record'}
            className="min-w-52 flex-1"
            value={note}
            maxLength={1_000}
            {...(missing ? { error: 'Say in a few words what you did.' } : {})}
            onChange={(event) => setNote(event.target.value)}
          />
          <Button type="submit" busy={tick.busy}>
            Mark as done
          </Button>
        </form>
      ) : null}
      {tick.error ? <Problem error={tick.error} /> : null}
    </div>
  )
}
