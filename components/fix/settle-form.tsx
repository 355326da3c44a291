'use client'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { TextField } from '@/components/ui/field'
import { Problem } from '@/components/ui/problem'
import { useAction } from '@/components/ui/use-action'
import { settleFix } from '@/lib/actions/fixes'
import type { FixRun } from '@/lib/engine/types'
import { Section } from './section'
import { useRememberFix } from './use-fix'

/** For a run of unknown outcome: a person looks at the target and says how it ended, which frees the target. */
export function SettleForm({ run }: { run: FixRun }) {
  const remember = useRememberFix()
  const settle = useAction(settleFix)
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const send = async (tookEffect: boolean) => {
    setMissing(reason.trim().length < 3)
    if (reason.trim().length < 3) return document.getElementById('settle-reason')?.focus()
    const result = await settle.send({ runId: run.id, tookEffect, reason: reason.trim() })
    if (result.ok) remember(result.value)
  }
  return (
    <Section title="Say how it ended">
      <p className="mb-2.5 text-second">
        Until somebody does, nothing else may change {run.target}. Look at it first, with the checks or with
        kubectl.
      </p>
      <TextField
        id="settle-reason"
        label="What you saw, for the record"
        value={reason}
        required
        maxLength={1_000}
        {...(missing ? { error: 'Say in a few words what you saw.' } : {})}
        onChange={(event) => setReason(event.target.value)}
      />
      {settle.error ? <Problem error={settle.error} className="mt-2" /> : null}
      <div className="mt-3 flex flex-wrap gap-2">
        <Button busy={settle.busy} onClick={() => void send(true)}>
          It took effect
        </Button>
        <Button busy={settle.busy} onClick={() => void send(false)}>
          It did not take effect
        </Button>
      </div>
    </Section>
  )
}
