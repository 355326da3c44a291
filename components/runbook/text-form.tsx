'use client'
import { FileText } from 'lucide-react'
import { type DragEvent, type FormEvent, useId, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { classes } from '@/components/ui/classes'
import { TextField } from '@/components/ui/field'
import { Problem } from '@/components/ui/problem'
import { TextArea } from '@/components/ui/text-area'
import type { AppError } from '@/lib/core/errors'
import { fail } from '@/lib/core/result'
import { checkFileName, readText, UPLOAD_LIMIT } from '@/lib/runbooks/upload'

export interface Draft {
  name: string
  text: string
}

/** Takes a Markdown text: dropped, chosen as a file, or pasted. */
export function TextForm({
  draft,
  onDraft,
  onPreview,
  busy,
  error,
}: {
  draft: Draft
  onDraft(draft: Draft): void
  onPreview(draft: Draft): void
  busy: boolean
  error: AppError | undefined
}) {
  const id = useId()
  const picker = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [tried, setTried] = useState(false)
  const [problem, setProblem] = useState<AppError>()
  const name = checkFileName(draft.name)

  const take = async (files: FileList | null) => {
    const [file, second] = files ?? []
    if (!file) return
    setProblem(undefined)
    if (second) return setProblem(fail('invalid_input', 'That were several files. One at a time.').error)
    const text = await readText(file)
    if (!text.ok) return setProblem(text.error)
    const taken = { name: file.name, text: text.value }
    onDraft(taken)
    if (checkFileName(file.name).ok) onPreview(taken)
    else setTried(true)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (!busy) void take(event.dataTransfer.files)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    setProblem(undefined)
    if (busy) return
    if (draft.text.trim() === '') return document.getElementById(`${id}-text`)?.focus()
    if (!name.ok) return document.getElementById(`${id}-name`)?.focus()
    if (new Blob([draft.text]).size > UPLOAD_LIMIT)
      return setProblem(fail('invalid_input', 'The text is larger than 1 MiB.').error)
    onPreview(draft)
  }

  return (
    <form
      onSubmit={submit}
      noValidate
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={drop}
      className={classes(
        'rounded-[10px] border border-dashed p-4 transition-colors duration-100',
        over ? 'border-accent bg-accent-ground' : 'border-line-strong bg-surface',
      )}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <FileText aria-hidden size={18} className="shrink-0 text-third max-md:hidden" />
        <p className="min-w-0 flex-1 basis-56">
          <span className="font-medium">{over ? 'Let go to read it' : 'Drop a Markdown file here'}</span>
          <span className="text-second">
            , choose one, or paste its text. Nothing is installed before you have seen what it becomes.
          </span>
        </p>
        <Button disabled={busy} onClick={() => picker.current?.click()}>
          Choose a file…
        </Button>
        <input
          ref={picker}
          type="file"
          hidden
          aria-label="Markdown file"
          accept=".md,.markdown,text/markdown,text/plain"
          onChange={(event) => {
            const { files } = event.target
            void take(files).finally(() => {
              // The same file may be chosen again after it was changed.
              if (picker.current) picker.current.value = ''
            })
          }}
        />
      </div>
      <TextArea
        id={`${id}-text`}
        label="Text of the runbook"
        className="mt-3 [&_textarea]:font-mono [&_textarea]:text-[12px]"
        value={draft.text}
        rows={6}
        style={{ minHeight: 160, maxHeight: '40vh', overflowY: 'auto' }}
        spellCheck={false}
        autoCapitalize="none"
        error={tried && draft.text.trim() === '' ? 'Paste a text, or choose a file.' : undefined}
        onChange={(event) => onDraft({ ...draft, text: event.target.value })}
      />
      <div className="mt-3 flex flex-wrap items-start gap-3">
        <TextField
          id={`${id}-name`}
          label="Name of the file"
          className="min-w-0 flex-1 basis-64"
          placeholder="my-service.md"
          value={draft.name}
          spellCheck={false}
          autoCapitalize="none"
          {...(tried && !name.ok
            ? { error: [name.error.message, name.error.hint].filter(Boolean).join(' ') }
            : { help: 'Without an id in the front matter, the runbook is called by it.' })}
          onChange={(event) => onDraft({ ...draft, name: event.target.value })}
        />
        <Button type="submit" kind="primary" busy={busy} className="mt-6 max-md:mt-0 max-md:w-full">
          Preview runbook
        </Button>
      </div>
      {(problem ?? error) ? <Problem error={(problem ?? error) as AppError} className="mt-3" /> : null}
    </form>
  )
}
