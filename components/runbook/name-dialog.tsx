'use client'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { TextField } from '@/components/ui/field'
import { Problem } from '@/components/ui/problem'
import { useAction } from '@/components/ui/use-action'
import type { Result } from '@/lib/core/result'

interface NameDialogProps {
  title: string
  /** What happens, in a sentence or two. */
  children: ReactNode
  /** What has to be typed. */
  file: string
  /** The button: verb and object. */
  act: string
  danger?: boolean
  run(confirmName: string): Promise<Result<unknown>>
  onDone(): void
  onClose(): void
}

/** Says what is about to happen and asks for the name of the file, typed. */
export function NameDialog(props: NameDialogProps) {
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : props.onClose())} title={props.title}>
      <Form {...props} />
    </Dialog>
  )
}

function Form({ children, file, act, danger = false, run, onDone, onClose }: NameDialogProps) {
  const id = useId()
  const [name, setName] = useState('')
  const [tried, setTried] = useState(false)
  const action = useAction(run)
  const wrong = name.trim() !== file
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (action.busy) return
    if (wrong) return document.getElementById(id)?.focus()
    const result = await action.send(name.trim())
    if (result.ok) onDone()
  }
  return (
    <form onSubmit={submit} noValidate>
      <div className="space-y-3 p-4">
        {children}
        <TextField
          id={id}
          label={`Type ${file} to confirm`}
          value={name}
          required
          spellCheck={false}
          autoCapitalize="none"
          error={tried && wrong ? `Type exactly ${file}.` : undefined}
          onChange={(event) => setName(event.target.value)}
        />
        {action.error ? <Problem error={action.error} /> : null}
      </div>
      <div className="flex flex-wrap gap-2 border-t px-4 py-3 pb-[max(12px,env(safe-area-inset-bottom))]">
        <Button type="submit" kind={danger ? 'danger' : 'primary'} busy={action.busy}>
          {act}
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  )
}
