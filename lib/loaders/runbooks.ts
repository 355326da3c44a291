import 'server-only'
import { requirePermission } from '@/lib/access/session'
import { attempt } from '@/lib/core/attempt'
import { fail, ok, type Result } from '@/lib/core/result'
import { RUNBOOK_ID } from '@/lib/engine/target'
import { CATALOGUE } from '@/lib/operations/catalogue'
import { compileWithin, FIRST_LIMIT_MS } from '@/lib/runbooks/bounded'
import type { Compiled } from '@/lib/runbooks/compile'
import { boardFrom, installedFile, type LoadedRunbook, loadShelf, type Shelf } from '@/lib/runbooks/library'
import { type Base, previewOf } from '@/lib/runbooks/preview'
import {
  FILE_VERSION,
  type RunbookPageView,
  type RunbookRow,
  type VersionChoice,
  type VersionPageView,
  type VersionSummary,
} from '@/lib/runbooks/preview-types'
import { installedRunbooks, latestVersions, readVersion, versionsPage } from '@/lib/runbooks/store'

/** PostgreSQL takes no text with a zero byte, and no id has one. */
const isId = (text: string) => text.length > 0 && text.length <= 200 && !text.includes('\0')
const nothing = () => fail('not_found', 'There is no such runbook.')

async function shelfNow(): Promise<Result<Shelf>> {
  return loadShelf(undefined, await installedRunbooks())
}

function rowOf(one: LoadedRunbook, shelf: Shelf, version?: VersionSummary): RunbookRow {
  const { runbook, lines } = one
  return {
    id: runbook.id,
    title: runbook.title,
    file: version?.file ?? runbook.file,
    sha256: runbook.version,
    cards: runbook.cards.length,
    lines: version?.lines ?? lines.length,
    typed: version?.typed ?? lines.filter((line) => line.outcome === 'typed').length,
    origin: one.versionId ? 'installed' : 'file',
    ...(version ? { installedBy: version.installedBy, at: version.at } : {}),
    overFile: one.versionId !== undefined && shelf.files.some((file) => file.runbook.id === runbook.id),
    unreadable: false,
  }
}

function rowsOf(shelf: Shelf, latest: VersionSummary[]): RunbookRow[] {
  const byId = new Map(latest.map((version) => [version.runbookId, version]))
  const shown = new Set(shelf.current.map((one) => one.runbook.id))
  return [
    ...shelf.current.map((one) =>
      rowOf(
        one,
        shelf,
        one.versionId === byId.get(one.runbook.id)?.id ? byId.get(one.runbook.id) : undefined,
      ),
    ),
    ...latest
      .filter((version) => !shown.has(version.runbookId))
      .map(
        ({ runbookId, active, id: _id, ...version }): RunbookRow => ({
          ...version,
          id: runbookId,
          origin: 'off',
          overFile: false,
          unreadable: active,
        }),
      ),
  ]
}

/** Every runbook that is on the board, and those that were once. */
export async function listRunbooks(): Promise<Result<RunbookRow[]>> {
  return attempt('listRunbooks', async () => {
    const actor = await requirePermission('board:view')
    if (!actor.ok) return actor
    const [shelf, latest] = await Promise.all([shelfNow(), latestVersions()])
    return shelf.ok ? ok(rowsOf(shelf.value, latest)) : shelf
  })
}

/** One runbook as it is on the board, with its versions; pages count from 1. */
export async function loadRunbookPage(id: string, page: number): Promise<Result<RunbookPageView>> {
  return attempt('loadRunbookPage', async () => {
    const actor = await requirePermission('board:view')
    if (!actor.ok) return actor
    if (!isId(id)) return nothing()
    const [shelf, latest, history] = await Promise.all([shelfNow(), latestVersions(), versionsPage(id, page)])
    if (!shelf.ok) return shelf
    const row = rowsOf(shelf.value, latest).find((one) => one.id === id)
    if (!row) return nothing()
    const current = shelf.value.current.find((one) => one.runbook.id === id)
    const board = boardFrom(
      shelf.value.current.map((one) => one.runbook),
      RUNBOOK_ID,
    )
    const file = shelf.value.files.find((one) => one.runbook.id === id)
    return ok({
      row,
      ...(current
        ? {
            current: {
              preview: previewOf({ text: current.text, file: row.file, compiled: current }),
              text: current.text,
            },
          }
        : {}),
      cardPrefix: board?.id === id ? '' : `${id}-`,
      ...(file ? { filePath: file.runbook.file } : {}),
      ...history,
    })
  })
}

interface Text {
  text: string
  file: string
  name: string
  at?: string
  compiled: Compiled
}

async function textOf(shelf: Shelf, id: string, version: string): Promise<Result<Text>> {
  if (version === FILE_VERSION) {
    const found = shelf.files.find((one) => one.runbook.id === id)
    if (!found) return nothing()
    const { file } = found.runbook
    return ok({
      text: found.text,
      file: file.split('/').at(-1) ?? file,
      name: `the file ${file}`,
      compiled: found,
    })
  }
  const row = isId(version) ? await readVersion(version) : undefined
  if (row?.runbookId !== id) return fail('not_found', 'There is no such version of this runbook.')
  const compiled = compileWithin(
    { text: row.text, file: installedFile(row.file), catalogue: CATALOGUE },
    FIRST_LIMIT_MS,
  )
  if (!compiled.ok) return compiled
  const { text, file, at } = row
  return ok({ text, file, at, name: `installed by ${row.installedBy}`, compiled: compiled.value })
}

function choicesOf(shelf: Shelf, id: string, versions: VersionSummary[]): VersionChoice[] {
  const file = shelf.files.find((one) => one.runbook.id === id)
  return [
    ...versions.map((one) => ({
      version: one.id,
      name: `${one.active ? 'on the board: ' : ''}installed by ${one.installedBy}`,
      at: one.at,
    })),
    ...(file ? [{ version: FILE_VERSION, name: `the file ${file.runbook.file}` }] : []),
  ]
}

/**
 * One version of a runbook, compared with another: the one asked for, else the one on the board, else (for that one)
 * the one before it.
 */
export async function loadVersionPage(
  id: string,
  version: string,
  against?: string,
): Promise<Result<VersionPageView>> {
  return attempt('loadVersionPage', async () => {
    const actor = await requirePermission('board:view')
    if (!actor.ok) return actor
    if (!isId(id)) return nothing()
    const [read, { versions }] = await Promise.all([shelfNow(), versionsPage(id, 1)])
    if (!read.ok) return read
    const shelf = read.value
    const found = await textOf(shelf, id, version)
    if (!found.ok) return found
    const { compiled, ...facts } = found.value
    const now = shelf.current.find((one) => one.runbook.id === id)
    const onBoard = now && (now.versionId ?? FILE_VERSION)
    const choices = choicesOf(shelf, id, versions).filter((one) => one.version !== version)
    const place = versions.findIndex((one) => one.id === version)
    const before = versions[place + 1]?.id ?? choices.find((one) => one.version === FILE_VERSION)?.version
    const wanted = against ?? (onBoard === version ? before : onBoard)
    const other = wanted && wanted !== version ? await textOf(shelf, id, wanted) : undefined
    const base: Base | undefined = other?.ok
      ? {
          text: other.value.text,
          runbook: other.value.compiled.runbook,
          name: wanted === FILE_VERSION ? other.value.name : `the version ${other.value.name}`,
          ...(other.value.at ? { at: other.value.at } : {}),
        }
      : undefined
    const preview = previewOf({
      text: facts.text,
      file: facts.file,
      compiled,
      ...(base ? { base } : {}),
    })
    return ok({
      id,
      version,
      preview,
      text: facts.text,
      name: facts.name,
      ...(facts.at ? { at: facts.at } : {}),
      current: onBoard === version,
      currentSha256: now?.runbook.version ?? '',
      ...(base && wanted ? { comparedWith: wanted } : {}),
      choices,
    })
  })
}

/** The text of a version as it was written, for a download. */
export async function loadRunbookText(
  id: string,
  version: string,
): Promise<Result<{ file: string; text: string }>> {
  return attempt('loadRunbookText', async () => {
    const actor = await requirePermission('board:view')
    if (!actor.ok) return actor
    if (!isId(id) || !isId(version)) return nothing()
    if (version !== FILE_VERSION) {
      const row = await readVersion(version)
      return row?.runbookId === id ? ok({ file: row.file, text: row.text }) : nothing()
    }
    const shelf = await shelfNow()
    if (!shelf.ok) return shelf
    const found = await textOf(shelf.value, id, version)
    return found.ok ? ok({ file: found.value.file, text: found.value.text }) : found
  })
}
