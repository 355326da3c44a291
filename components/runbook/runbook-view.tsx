'use client'
import { useQueryClient } from '@tanstack/react-query'
import { ChevronRight, Download } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { toast } from 'sonner'
import { usePageTitle } from '@/components/frame/page-title'
import { useConsole } from '@/components/live/console-context'
import { Button, buttonClasses } from '@/components/ui/button'
import { useRefreshOn } from '@/components/ui/use-refresh-on'
import { When } from '@/components/ui/when'
import { may } from '@/lib/access/roles'
import { removeRunbook } from '@/lib/actions/runbooks'
import { CONSOLE_KEY } from '@/lib/queries/console'
import { FILE_VERSION, type RunbookPageView } from '@/lib/runbooks/preview-types'
import { InputsPanel } from './inputs-panel'
import { NameDialog } from './name-dialog'
import { DocumentNotes, Facts, Figures } from './preview-summary'
import { PreviewTabs } from './preview-tabs'
import { VersionList, versionHref } from './version-list'

/** One runbook: what it is on the board now, and every version of it. */
export function RunbookView({ view }: { view: RunbookPageView }) {
  const { row, current, cardPrefix, filePath } = view
  usePageTitle(row.title)
  useRefreshOn('crashcart:incident')
  const { actor } = useConsole()
  const [removing, setRemoving] = useState(false)
  const installed = row.origin === 'installed' || row.unreadable
  const active = view.versions.find((version) => version.active)
  return (
    <div className="mx-auto w-full max-w-[1200px]">
      <Trail id={row.id} />
      <header className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className="break-words text-title font-semibold">{row.title}</h1>
          <p className="break-words text-second">
            {row.origin === 'file' ? (
              <>The file {row.file}, as it stands beside the program</>
            ) : row.origin === 'installed' ? (
              <>
                {row.file}, installed by {row.installedBy} {row.at ? <When at={row.at} /> : null}
              </>
            ) : row.unreadable ? (
              'Installed, and this release of Crashcart cannot read it: none of its cards is on the board'
            ) : (
              'Removed: none of its cards is on the board. Open a version to put it back.'
            )}
          </p>
          {current ? (
            <>
              <Figures preview={current.preview} />
              <Facts preview={current.preview} />
            </>
          ) : null}
        </div>
        <div className="flex flex-wrap gap-2.5">
          {current ? (
            <a
              href={`${versionHref(row.id, active?.id ?? FILE_VERSION)}/download`}
              download
              className={buttonClasses()}
            >
              <Download aria-hidden size={15} /> Download Markdown
            </a>
          ) : null}
          {installed && may(actor.role, 'runbook:install') ? (
            <Button onClick={() => setRemoving(true)}>
              {filePath ? 'Give the file back its place…' : 'Remove from the board…'}
            </Button>
          ) : null}
        </div>
      </header>
      <section aria-labelledby="versions" className="mt-6">
        <h2 id="versions" className="mb-2 text-[13px] font-semibold text-second">
          Versions
        </h2>
        <VersionList view={view} />
      </section>
      {current ? (
        <section aria-labelledby="as-it-is" className="mt-6 space-y-4">
          <h2 id="as-it-is" className="mb-2 text-[13px] font-semibold text-second">
            On the board now
          </h2>
          <DocumentNotes preview={current.preview} blocks={false} />
          <InputsPanel inputs={current.preview.inputs} />
          <PreviewTabs
            preview={current.preview}
            text={current.text}
            hrefOf={(cardId) => `/cards/${cardPrefix}${cardId}`}
          />
        </section>
      ) : null}
      {removing ? <Removal view={view} onClose={() => setRemoving(false)} /> : null}
    </div>
  )
}

/** Where one is: "Runbooks › shop". */
export function Trail({ id, version }: { id: string; version?: string }) {
  return (
    <nav aria-label="Place in the runbooks" className="flex items-center gap-1.5 text-meta text-third">
      <Link
        href="/runbooks"
        className="hover:text-ink hover:underline max-md:inline-flex max-md:min-h-11 max-md:items-center"
      >
        Runbooks
      </Link>
      <ChevronRight aria-hidden size={13} />
      {version ? (
        <>
          <Link
            href={`/runbooks/${encodeURIComponent(id)}`}
            className="min-w-0 truncate hover:text-ink hover:underline max-md:inline-flex max-md:min-h-11 max-md:items-center"
          >
            {id}
          </Link>
          <ChevronRight aria-hidden size={13} />
          <span className="shrink-0">{version}</span>
        </>
      ) : (
        <span className="min-w-0 truncate">{id}</span>
      )}
    </nav>
  )
}

function Removal({ view, onClose }: { view: RunbookPageView; onClose(): void }) {
  const { row, filePath } = view
  const router = useRouter()
  const client = useQueryClient()
  return (
    <NameDialog
      title={`Remove ${row.file}`}
      file={row.file}
      act={`Remove ${row.file}`}
      danger
      run={(confirmName) => removeRunbook({ runbookId: row.id, confirmName })}
      onDone={() => {
        onClose()
        toast.success(`${row.file} is removed`, {
          description: filePath ? `${filePath} is on the board again.` : 'Its versions are kept.',
        })
        void client.refetchQueries({ queryKey: CONSOLE_KEY })
        router.refresh()
      }}
      onClose={onClose}
    >
      <p>
        {filePath
          ? `The file ${filePath} takes its place on the board at once.`
          : 'Its cards leave the board at once.'}{' '}
        Its versions are kept, and each can be put back.
      </p>
    </NameDialog>
  )
}
