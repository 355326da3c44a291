'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { toast } from 'sonner'
import { Button } from '@/components/ui/button'
import { useAction } from '@/components/ui/use-action'
import { installRunbook, previewRunbook } from '@/lib/actions/runbooks'
import { CONSOLE_KEY } from '@/lib/queries/console'
import type { RunbookPreview } from '@/lib/runbooks/preview-types'
import { InputsPanel } from './inputs-panel'
import { NameDialog } from './name-dialog'
import { DocumentNotes, Facts, Figures } from './preview-summary'
import { PreviewTabs } from './preview-tabs'
import { type Draft, TextForm } from './text-form'

const EMPTY: Draft = { name: '', text: '' }

/** The text as bytes: a file of a form is taken as it is, where a word of it would be rewritten on the way. */
function formOf({ name, text }: Draft, more: Record<string, string> = {}): FormData {
  const form = new FormData()
  form.set('name', name)
  form.set('file', new Blob([text], { type: 'text/markdown' }))
  for (const [key, value] of Object.entries(more)) form.set(key, value)
  return form
}

/** From a dropped text to an installed runbook: look first, then confirm. */
export function Installer() {
  const [draft, setDraft] = useState(EMPTY)
  const [shown, setShown] = useState<{ preview: RunbookPreview; text: string }>()
  const preview = useAction(previewRunbook)
  const look = async (wanted: Draft) => {
    const result = await preview.send(formOf(wanted))
    if (result.ok) setShown({ preview: result.value, text: wanted.text })
  }
  if (!shown)
    return (
      <section aria-labelledby="install-a-runbook" className="mt-8">
        <h2 id="install-a-runbook" className="mb-2 text-[13px] font-semibold text-second">
          Install a runbook
        </h2>
        <TextForm
          draft={draft}
          onDraft={(next) => {
            setDraft(next)
            preview.clear()
          }}
          onPreview={(wanted) => void look(wanted)}
          busy={preview.busy}
          error={preview.error}
        />
      </section>
    )
  return (
    <Candidate
      {...shown}
      onBack={() => setShown(undefined)}
      onDone={() => {
        setShown(undefined)
        setDraft(EMPTY)
      }}
    />
  )
}

function Candidate({
  preview,
  text,
  onBack,
  onDone,
}: {
  preview: RunbookPreview
  text: string
  onBack(): void
  onDone(): void
}) {
  const router = useRouter()
  const client = useQueryClient()
  const heading = useRef<HTMLHeadingElement>(null)
  const [asking, setAsking] = useState(false)
  const blocked = preview.obstacles.length > 0
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
    heading.current?.scrollIntoView({ block: 'start' })
  }, [])
  const install = (confirmName: string) =>
    installRunbook(
      formOf(
        { name: preview.file, text },
        { sha256: preview.sha256, base: preview.comparison?.with.sha256 ?? '', confirmName },
      ),
    )
  const installed = () => {
    setAsking(false)
    toast.success(`${preview.file} is installed`, {
      description: `${preview.cards.length} ${preview.cards.length === 1 ? 'card is' : 'cards are'} on the board.`,
      action: { label: 'Go to the board', onClick: () => router.push('/') },
    })
    void client.refetchQueries({ queryKey: CONSOLE_KEY })
    router.refresh()
    onDone()
  }
  return (
    <section aria-labelledby="preview-of-a-runbook" className="mt-8 space-y-4">
      <header className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <h2
            id="preview-of-a-runbook"
            ref={heading}
            tabIndex={-1}
            className="scroll-mt-20 break-words text-[16px] font-semibold leading-6 outline-none"
          >
            What {preview.file} would become
          </h2>
          <Figures preview={preview} />
          <Facts preview={preview} />
        </div>
        <div className="flex flex-wrap gap-2.5">
          <Button onClick={onBack}>Edit the text</Button>
          <Button kind="quiet" onClick={onDone}>
            Discard
          </Button>
          {/* Without obstacles only: a button that cannot be pressed would not say why. */}
          {blocked ? null : (
            <Button
              kind="primary"
              onClick={() => setAsking(true)}
              className="max-md:fixed max-md:inset-x-3.5 max-md:bottom-[calc(56px+12px+env(safe-area-inset-bottom))] max-md:z-20 max-md:shadow-float"
            >
              Install…
            </Button>
          )}
        </div>
      </header>
      <DocumentNotes preview={preview} blocks />
      {preview.cards.length > 0 ? <InputsPanel inputs={preview.inputs} /> : null}
      <PreviewTabs preview={preview} text={text} first={preview.cards.length > 0 ? 'cards' : 'text'} />
      {asking ? (
        <NameDialog
          title={`Install ${preview.file}`}
          file={preview.file}
          act={`Install ${preview.file}`}
          run={install}
          onDone={installed}
          onClose={() => setAsking(false)}
        >
          <p>
            Everybody sees its {preview.cards.length === 1 ? 'card' : `${preview.cards.length} cards`} on the
            board at once, and responders can press its fixes.{' '}
            {preview.comparison
              ? `It takes the place of ${preview.id} as it is now; that version stays in the list and can be put back.`
              : 'It can be removed again; its versions are kept.'}
          </p>
        </NameDialog>
      ) : null}
    </section>
  )
}
