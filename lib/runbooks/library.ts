import 'server-only'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { log } from '../core/log'
import { fail, ok, type Result } from '../core/result'
import { CATALOGUE } from '../operations/catalogue'
import { AGAIN_LIMIT_MS, compileWithin } from './bounded'
import { type Compiled, compile } from './compile'
import type { Runbook } from './types'

/** A runbook that stands in the database instead of the folder. */
export interface InstalledRunbook {
  versionId: string
  runbookId: string
  /** Name of the file as it was dropped. */
  file: string
  text: string
}

/** A runbook with the text it was compiled from. */
export interface LoadedRunbook extends Compiled {
  text: string
  /** The version in the database; absent for a file of the folder. */
  versionId?: string
}

/** Everything there is: what counts, and the files, including those that an installed runbook stands in for. */
export interface Shelf {
  current: LoadedRunbook[]
  files: LoadedRunbook[]
}

const cache = new Map<string, { text: string; file: string; loaded: LoadedRunbook | undefined }>()

/** What is under a name, compiled again only when its text changed. What could not be compiled is not tried again. */
function kept(
  name: string,
  text: string,
  file: string,
  make: () => Compiled | undefined,
): LoadedRunbook | undefined {
  const before = cache.get(name)
  if (before?.text === text && before.file === file) return before.loaded
  const compiled = make()
  const loaded = compiled && { ...compiled, text }
  cache.set(name, { text, file, loaded })
  return loaded
}

/** The name by which steps say that they come from an installed runbook. */
export function installedFile(file: string): string {
  return `installed/${file}`
}

function loadInstalled(one: InstalledRunbook): LoadedRunbook | undefined {
  const file = installedFile(one.file)
  const loaded = kept(`installed ${one.runbookId}`, one.text, file, () => {
    const compiled = compileWithin({ text: one.text, file, catalogue: CATALOGUE }, AGAIN_LIMIT_MS)
    if (compiled.ok) return compiled.value
    // It could be read when it was installed. A board without it is better than no board.
    log.error({ versionId: one.versionId, why: compiled.error.message }, 'An installed runbook is left out')
    return undefined
  })
  return loaded && { ...loaded, versionId: one.versionId }
}

/**
 * Every runbook of the folder and every installed one, compiled; one is compiled again when its text changed. An
 * installed runbook takes the place of the file with its id; the others follow the files.
 */
export async function loadShelf(
  folder = join(/* turbopackIgnore: true */ process.cwd(), 'runbooks'),
  installed: readonly InstalledRunbook[] = [],
): Promise<Result<Shelf>> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort()
    const files = await Promise.all(
      names.map(async (name) => {
        const text = await readFile(join(folder, name), 'utf8')
        const file = `runbooks/${name}`
        return kept(file, text, file, () => compile({ text, file, catalogue: CATALOGUE })) as LoadedRunbook
      }),
    )
    const instead = installed.flatMap((one) => loadInstalled(one) ?? [])
    const byId = new Map(instead.map((one) => [one.runbook.id, one]))
    const ids = new Set(files.map((file) => file.runbook.id))
    return ok({
      files,
      current: [
        ...files.map((file) => byId.get(file.runbook.id) ?? file),
        ...instead.filter((one) => !ids.has(one.runbook.id)),
      ],
    })
  } catch (cause) {
    return fail(
      'internal',
      `The runbooks could not be read from ${folder}: ${cause instanceof Error ? cause.message : String(cause)}`,
    )
  }
}

/**
 * Runbooks as one board: the main one's cards first, then those of every other under its title, with ids that begin
 * with that runbook's id.
 */
export function boardFrom(runbooks: readonly Runbook[], mainId: string): Runbook | undefined {
  const main = runbooks.find((runbook) => runbook.id === mainId) ?? runbooks[0]
  if (!main) return undefined
  const others = runbooks.filter((runbook) => runbook !== main)
  if (others.length === 0) return main
  const cards = [
    ...main.cards,
    ...others.flatMap((runbook) =>
      runbook.cards.map((card) => {
        const id = `${runbook.id}-${card.id}`
        const steps = card.steps.map((step) => ({
          ...step,
          cardId: id,
          id: `${id}/${step.id.slice(step.id.indexOf('/') + 1)}`,
        }))
        return { ...card, id, group: runbook.title, steps }
      }),
    ),
  ]
  return {
    ...main,
    version: createHash('sha256')
      .update(runbooks.map((runbook) => runbook.version).join())
      .digest('hex'),
    cards: cards.map((card, index) => ({ ...card, position: index + 1 })),
    parts: [main, ...others].map(({ id, title, file, version }) => ({ id, title, file, version })),
  }
}

/**
 * All runbooks as one board, see `boardFrom`. A new runbook is a new file or an installed text, and no code.
 */
export async function loadBoardRunbook(
  mainId: string,
  folder?: string,
  installed?: readonly InstalledRunbook[],
): Promise<Result<Runbook>> {
  const all = await loadShelf(folder, installed)
  if (!all.ok) return all
  const board = boardFrom(
    all.value.current.map((one) => one.runbook),
    mainId,
  )
  return board ? ok(board) : fail('not_found', 'There is no runbook in the folder runbooks.')
}

/** One runbook by its id. */
export async function loadRunbook(
  id: string,
  folder?: string,
  installed?: readonly InstalledRunbook[],
): Promise<Result<Runbook>> {
  const all = await loadShelf(folder, installed)
  if (!all.ok) return all
  const found = all.value.current.find((one) => one.runbook.id === id)
  if (found) return ok(found.runbook)
  const ids = all.value.current.map((one) => one.runbook.id)
  return fail(
    'not_found',
    `There is no runbook ${id}. There ${ids.length === 1 ? 'is' : 'are'}: ${ids.join(', ')}.`,
  )
}

/**
 * The runbooks that these steps stand in, each with the SHA-256 of its text: `backend-services@3f2a…`, several with
 * spaces between them. What a run and a check record, so that one can look later at what they went by.
 */
export function versionsOf(board: Runbook, stepIds: readonly string[]): string {
  const parts = board.parts ?? [board]
  const wanted = new Set(stepIds)
  const files = new Set(
    board.cards.flatMap((card) =>
      card.steps.filter((step) => wanted.has(step.id)).map((step) => step.source.file),
    ),
  )
  return parts
    .filter((part) => files.has(part.file))
    .map((part) => `${part.id}@${part.version}`)
    .join(' ')
}
