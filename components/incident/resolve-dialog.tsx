'use client'
import { useRouter } from 'next/navigation'
import { useId, useState } from 'react'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Problem } from '@/components/ui/problem'
import { TextArea } from '@/components/ui/text-area'
import { useAction } from '@/components/ui/use-action'
import { resolveIncident } from '@/lib/actions/incidents'

/** Shortest summary that says anything. */
const SHORTEST = 3

/** Closes an incident with what was learnt; says first what still looks wrong. */
export function ResolveDialog({
  open,
  onOpenChange,
  incident,
}: {
  open: boolean
  onOpenChange(open: boolean): void
  incident: { id: string; number: number }
}) {
  const router = useRouter()
  const { board, runningFixes } = useConsole()
  const id = useId()
  const [summary, setSummary] = useState('')
  const [tried, setTried] = useState(false)
  const resolve = useAction(resolveIncident)
  const short = summary.trim().length < SHORTEST
  const failing = board.cards.filter((card) => card.verdict === 'fail').length
  const submit = async () => {
    setTried(true)
    if (short) return document.getElementById(id)?.focus()
    const result = await resolve.send({ incidentId: incident.id, summary: summary.trim() })
    if (!result.ok) return
    onOpenChange(false)
    router.refresh()
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Resolve INC-${incident.number}`}
      footer={
        <>
          <Button kind="primary" busy={resolve.busy} onClick={submit}>
            Resolve incident
          </Button>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
        </>
      }
    >
      <div className="space-y-3 p-4">
        {failing > 0 || runningFixes.length > 0 ? (
          <p className="rounded-lg border border-warn-line bg-warn-ground px-3 py-2 text-warn">
            {[
              failing > 0 ? `${failing} ${failing === 1 ? 'card is' : 'cards are'} still failing` : '',
              runningFixes.length > 0
                ? `${runningFixes.length} ${runningFixes.length === 1 ? 'fix has' : 'fixes have'} not ended`
                : '',
            ]
              .filter(Boolean)
              .join(' and ')}
            . You can resolve all the same.
          </p>
        ) : null}
        <TextArea
          id={id}
          label="What was wrong, and what made it better"
          help="It stands on the timeline and on every share page."
          value={summary}
          required
          maxLength={4_000}
          error={tried && short ? 'Write at least a few words.' : undefined}
          onChange={(event) => setSummary(event.target.value)}
        />
        {resolve.error ? <Problem error={resolve.error} /> : null}
      </div>
    </Dialog>
  )
}
