'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useId, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Problem } from '@/components/ui/problem'
import { TextArea } from '@/components/ui/text-area'
import { useAction } from '@/components/ui/use-action'
import { addNote } from '@/lib/actions/incidents'

/** Longest note, in characters. */
const LONGEST = 4_000

/** Writes a note on the timeline. ⌘ or Ctrl with Enter sends it. */
export function NoteForm({ incidentId }: { incidentId: string }) {
  const router = useRouter()
  const id = useId()
  const [text, setText] = useState('')
  const [empty, setEmpty] = useState(false)
  const note = useAction(addNote)
  const form = useRef<HTMLFormElement>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (note.busy) return
    setEmpty(text.trim() === '')
    if (text.trim() === '') return document.getElementById(id)?.focus()
    const result = await note.send({ incidentId, text: text.trim() })
    if (!result.ok) return
    setText('')
    router.refresh()
  }
  return (
    <form ref={form} onSubmit={submit} className="mt-5 pl-9">
      <TextArea
        id={id}
        label="Write a note"
        hideLabel
        placeholder="Write a note: what you saw, what you decided"
        className="[&_textarea]:min-h-11"
        rows={1}
        maxLength={LONGEST}
        value={text}
        error={empty && text.trim() === '' ? 'There is nothing written yet.' : undefined}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) form.current?.requestSubmit()
        }}
      />
      {note.error ? <Problem error={note.error} className="mt-2" /> : null}
      <div className="mt-2 flex items-center gap-3">
        <Button type="submit" size="small" busy={note.busy}>
          Add note
        </Button>
        <span className="text-meta text-third">Anyone with a share link can read notes.</span>
      </div>
    </form>
  )
}
