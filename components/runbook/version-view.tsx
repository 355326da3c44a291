'use client'
import { useQueryClient } from '@tanstack/react-query'
import { format } from 'date-fns'
import { Download } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useId, useState, useTransition } from 'react'
import { toast } from 'sonner'
import { usePageTitle } from '@/components/frame/page-title'
import { useConsole } from '@/components/live/console-context'
import { Button, buttonClasses } from '@/components/ui/button'
import { FIELD } from '@/components/ui/field'
import { useRefreshOn } from '@/components/ui/use-refresh-on'
import { When } from '@/components/ui/when'
import { may } from '@/lib/access/roles'
import { putBackRunbook } from '@/lib/actions/runbooks'
import { CONSOLE_KEY } from '@/lib/queries/console'
import { FILE_VERSION, shortHash, type VersionPageView } from '@/lib/runbooks/preview-types'
import { InputsPanel } from './inputs-panel'
import { NameDialog } from './name-dialog'
import { DocumentNotes, Facts, Figures } from './preview-summary'
import { PreviewTabs } from './preview-tabs'
import { Trail } from './runbook-view'
import { versionHref } from './version-list'

/** One version of a runbook: its cards, its text, what is different from another; and the way to put it back. */
export function VersionView({ view }: { view: VersionPageView }) {
  const { preview, text, id, version, current } = view
  const { actor } = useConsole()
  const [asking, setAsking] = useState(false)
  usePageTitle(`${preview.title}, ${shortHash(preview.sha256)}`)
  useRefreshOn('crashcart:incident')
  const same = view.currentSha256 === preview.sha256
  return (
    <div className="mx-auto w-full max-w-[1200px]">
      <Trail id={id} version={version === FILE_VERSION ? 'the file' : shortHash(preview.sha256)} />
      <header className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className="break-words text-title font-semibold">{preview.file}</h1>
          <p className="text-second">
            {current ? <span className="font-medium text-pass">On the board now, </span> : null}
            {view.name} {view.at ? <When at={view.at} /> : null}
          </p>
          <Figures preview={preview} />
          <Facts preview={preview} />
        </div>
        <div className="flex flex-wrap gap-2.5">
          <a href={`${versionHref(id, version)}/download`} download className={buttonClasses()}>
            <Download aria-hidden size={15} /> Download Markdown
          </a>
          {may(actor.role, 'runbook:install') && !same && version !== FILE_VERSION ? (
            <Button kind="primary" onClick={() => setAsking(true)}>
              Put back…
            </Button>
          ) : null}
        </div>
      </header>
      {same && !current ? (
        <p className="mt-2 text-second">What is on the board now is the same text.</p>
      ) : null}
      <div className="mt-6 space-y-4">
        <DocumentNotes preview={preview} blocks={false} />
        <InputsPanel inputs={preview.inputs} />
        <PreviewTabs
          preview={preview}
          text={text}
          first={preview.comparison ? 'changes' : 'cards'}
          {...(view.choices.length > 0 ? { comparing: <CompareWith view={view} /> } : {})}
        />
      </div>
      {asking ? <PutBack view={view} onClose={() => setAsking(false)} /> : null}
    </div>
  )
}

/** What it is compared with is in the address, so that a comparison can be linked. */
function CompareWith({ view }: { view: VersionPageView }) {
  const router = useRouter()
  const id = useId()
  const [busy, start] = useTransition()
  const go = (wanted: string) =>
    start(() => router.replace(`${versionHref(view.id, view.version)}?with=${encodeURIComponent(wanted)}`))
  return (
    <div aria-busy={busy} className="max-w-md">
      <label htmlFor={id} className="mb-1 block text-meta text-second">
        Compare with
      </label>
      <select
        id={id}
        className={FIELD}
        value={view.comparedWith ?? ''}
        onChange={(event) => go(event.target.value)}
      >
        {view.comparedWith ? null : <option value="">Choose a version</option>}
        {view.choices.map((choice) => (
          <option key={choice.version} value={choice.version}>
            {choice.name}
            {choice.at ? `, ${format(new Date(choice.at), 'd MMM HH:mm:ss')}` : ''}
          </option>
        ))}
      </select>
    </div>
  )
}

function PutBack({ view, onClose }: { view: VersionPageView; onClose(): void }) {
  const { preview, id } = view
  const router = useRouter()
  const client = useQueryClient()
  return (
    <NameDialog
      title={`Put ${preview.file} back`}
      file={preview.file}
      act={`Put ${preview.file} back`}
      run={(confirmName) =>
        putBackRunbook({ runbookId: id, version: view.version, base: view.currentSha256, confirmName })
      }
      onDone={() => {
        onClose()
        toast.success(`${preview.file} is back on the board`, {
          description: `Version ${shortHash(preview.sha256)}`,
        })
        void client.refetchQueries({ queryKey: CONSOLE_KEY })
        router.push(`/runbooks/${encodeURIComponent(id)}`)
      }}
      onClose={onClose}
    >
      <p>
        This text is installed once more, as a new version under your name. Everybody sees its{' '}
        {preview.cards.length === 1 ? 'card' : `${preview.cards.length} cards`} on the board at once.
      </p>
    </NameDialog>
  )
}
