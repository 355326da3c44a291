'use client'
import { Download } from 'lucide-react'
import Link from 'next/link'
import { Pages } from '@/components/ui/pages'
import { When } from '@/components/ui/when'
import { FILE_VERSION, type RunbookPageView, shortHash } from '@/lib/runbooks/preview-types'

/** The address of a version. */
export function versionHref(id: string, version: string): string {
  return `/runbooks/${encodeURIComponent(id)}/${encodeURIComponent(version)}`
}

const CELL = 'px-4 py-2.5'
const HEAD = 'px-4 py-2 text-left text-meta font-medium text-third'
const LINK = 'inline-flex items-center gap-1 font-medium text-accent hover:underline max-md:min-h-11'

/** Every version that was ever installed, newest first, and the file beside the program. */
export function VersionList({ view }: { view: RunbookPageView }) {
  const { row, versions, filePath } = view
  if (versions.length === 0)
    return (
      <p className="rounded-[10px] border bg-surface px-4 py-3 text-second">
        Nobody installed a version of it: it is the file {filePath} as it stands beside the program. Drop a
        changed one on the page of all runbooks, and every version is kept here.
      </p>
    )
  return (
    <>
      <div className="overflow-hidden rounded-[10px] border bg-surface">
        <table className="w-full border-collapse max-md:block">
          <caption className="sr-only">Versions of {row.title}, newest first</caption>
          <thead className="border-b bg-sunken max-md:hidden">
            <tr>
              {['When', 'Who', 'File', 'SHA-256', 'Cards', 'Lines typed', 'Do'].map((word) => (
                <th key={word} scope="col" className={HEAD}>
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y max-md:block">
            {versions.map((version) => (
              <Row
                key={version.id}
                id={row.id}
                version={version.id}
                file={version.file}
                when={<When at={version.at} />}
                who={version.installedBy}
                sha256={version.sha256}
                cards={version.cards}
                lines={`${version.typed} of ${version.lines}`}
                active={version.active}
              />
            ))}
            {filePath && view.page === view.pages ? (
              <tr className="max-md:flex max-md:flex-wrap max-md:items-center max-md:gap-x-3 max-md:px-4 max-md:py-2">
                <td colSpan={6} className={`${CELL} text-second max-md:flex-1 max-md:p-0`}>
                  The file {filePath} beside the program{row.origin === 'file' ? ', on the board now' : ''}
                </td>
                <td className={`${CELL} max-md:p-0`}>
                  <Doings id={row.id} version={FILE_VERSION} name={filePath} />
                </td>
              </tr>
            ) : null}
          </tbody>
        </table>
      </div>
      <Pages
        page={view.page}
        pages={view.pages}
        label="Versions"
        hrefOf={(page) => `/runbooks/${encodeURIComponent(row.id)}?page=${page}`}
      />
    </>
  )
}

function Row({
  id,
  version,
  file,
  when,
  who,
  sha256,
  cards,
  lines,
  active,
}: {
  id: string
  version: string
  file: string
  when: React.ReactNode
  who: string
  sha256: string
  cards: number
  lines: string
  active: boolean
}) {
  const cell = `${CELL} max-md:p-0`
  return (
    <tr className="max-md:flex max-md:flex-wrap max-md:items-center max-md:gap-x-3 max-md:px-4 max-md:py-2">
      <td className={`${cell} whitespace-nowrap`}>
        {when}
        {active ? <span className="ml-2 font-medium text-pass">on the board</span> : null}
      </td>
      <td className={cell}>{who}</td>
      <td className={`${cell} break-words text-second`}>{file}</td>
      <td className={`${cell} font-mono text-meta text-third`} title={sha256}>
        {shortHash(sha256)}
      </td>
      <td className={`${cell} text-second`}>
        {cards}
        <span className="md:hidden">{cards === 1 ? ' card' : ' cards'}</span>
      </td>
      <td className={`${cell} text-second`}>
        {lines}
        <span className="md:hidden"> typed</span>
      </td>
      <td className={`${cell} max-md:basis-full`}>
        <Doings id={id} version={version} name={`${file}, ${shortHash(sha256)}`} />
      </td>
    </tr>
  )
}

function Doings({ id, version, name }: { id: string; version: string; name: string }) {
  const href = versionHref(id, version)
  return (
    <span className="flex items-center gap-4 whitespace-nowrap">
      <Link href={href} className={LINK}>
        Open<span className="sr-only"> {name}</span>
      </Link>
      <a href={`${href}/download`} download className={LINK}>
        <Download aria-hidden size={14} /> Markdown<span className="sr-only"> of {name}</span>
      </a>
    </span>
  )
}
