'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useId, useState } from 'react'
import type { Console } from '@/components/live/console-context'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { TextField } from '@/components/ui/field'
import { Problem } from '@/components/ui/problem'
import { useAction } from '@/components/ui/use-action'
import { openIncident } from '@/lib/actions/incidents'

/** A title to begin with: the given one, the likely cause, or the worst card's finding. */
function proposal({ board, runbook }: Console, cardId: string | undefined): string {
  const worst = cardId
    ? board.cards.find((card) => card.cardId === cardId)
    : board.cards.find((card) => card.verdict === 'fail')
  if (!cardId && board.cause) return board.cause.title
  if (!worst) return ''
  const card = runbook.cards.find((one) => one.id === worst.cardId)
  return worst.verdict === 'fail' || worst.verdict === 'warn'
    ? `${card?.title ?? worst.cardId}: ${worst.summary}`
    : (card?.title ?? '')
}

/** Asks for a title, opens an incident and goes there. */
export function OpenIncidentDialog({
  open,
  onOpenChange,
  cardId,
  title,
}: {
  open: boolean
  onOpenChange(open: boolean): void
  /** The card it is about. */
  cardId?: string
  /** Filled in when the dialog opens. */
  title?: string
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Open an incident">
      <Form cardId={cardId} title={title} onOpenChange={onOpenChange} />
    </Dialog>
  )
}

/** Mounted with the dialog's content, so that every opening starts from the present board. */
function Form({
  cardId,
  title,
  onOpenChange,
}: {
  cardId?: string
  title?: string
  onOpenChange(open: boolean): void
}) {
  const console = useConsole()
  const router = useRouter()
  const id = useId()
  const [text, setText] = useState(() => title ?? proposal(console, cardId))
  const [tried, setTried] = useState(false)
  const opening = useAction(openIncident)
  const short = text.trim().length < 3
  const already = console.activeIncident
  const goTo = (number: number) => {
    onOpenChange(false)
    router.push(`/incidents/${number}`)
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (short) return document.getElementById(id)?.focus()
    const result = await opening.send({ title: text.trim(), ...(cardId ? { cardId } : {}) })
    if (result.ok) goTo(result.value.number)
  }
  if (already && !opening.busy)
    return (
      <div className="space-y-3 p-4">
        <p>
          INC-{already.number} is open already: “{already.title}”. One incident is open at a time, so that
          everyone writes to the same timeline.
        </p>
        <Button kind="primary" onClick={() => goTo(already.number)}>
          Open INC-{already.number}
        </Button>
      </div>
    )
  return (
    <form onSubmit={submit} noValidate>
      <div className="space-y-3 p-4">
        <TextField
          id={id}
          label="What is wrong, as users see it"
          help="Checks and fixes from now on stand on its timeline."
          value={text}
          required
          maxLength={200}
          error={tried && short ? 'Write at least a few words.' : undefined}
          onChange={(event) => setText(event.target.value)}
        />
        {opening.error ? <Problem error={opening.error} /> : null}
      </div>
      <div className="flex flex-wrap gap-2 border-t px-4 py-3 pb-[max(12px,env(safe-area-inset-bottom))]">
        <Button type="submit" kind="primary" busy={opening.busy}>
          Open incident
        </Button>
        <Button onClick={() => onOpenChange(false)}>Cancel</Button>
      </div>
    </form>
  )
}
