import 'server-only'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '../core/result'
import { CATALOGUE } from '../operations/catalogue'
import { compileRunbook } from './compile'
import type { Runbook } from './types'

const cache = new Map<string, { text: string; runbook: Runbook }>()

/** Every runbook of the folder, compiled; one is compiled again when its text changed. */
export async function loadRunbooks(
  folder = join(/* turbopackIgnore: true */ process.cwd(), 'runbooks'),
): Promise<Result<Runbook[]>> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort()
    const runbooks = await Promise.all(
      names.map(async (name) => {
        const text = await readFile(join(folder, name), 'utf8')
        const before = cache.get(name)
        if (before?.text === text) return before.runbook
        const runbook = compileRunbook({ text, file: `runbooks/${name}`, catalogue: CATALOGUE })
        cache.set(name, { text, runbook })
        return runbook
      }),
    )
    return ok(runbooks)
  } catch (cause) {
    return fail(
      'internal',
      `The runbooks could not be read from ${folder}: ${cause instanceof Error ? cause.message : String(cause)}`,
    )
  }
}

/**
 * All runbooks as one board: the main one's cards first, then those of every other file under its title, with ids
 * that begin with that runbook's id. A new runbook is a new file and no code.
 */
export async function loadBoardRunbook(mainId: string, folder?: string): Promise<Result<Runbook>> {
  const all = await loadRunbooks(folder)
  if (!all.ok) return all
  const main = all.value.find((runbook) => runbook.id === mainId) ?? all.value[0]
  if (!main) return fail('not_found', 'There is no runbook in the folder runbooks.')
  const others = all.value.filter((runbook) => runbook !== main)
  if (others.length === 0) return ok(main)
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
  return ok({
    ...main,
    version: createHash('sha256')
      .update(all.value.map((runbook) => runbook.version).join())
      .digest('hex'),
    cards: cards.map((card, index) => ({ ...card, position: index + 1 })),
  })
}

/** One runbook by its id. */
export async function loadRunbook(id: string, folder?: string): Promise<Result<Runbook>> {
  const all = await loadRunbooks(folder)
  if (!all.ok) return all
  const found = all.value.find((runbook) => runbook.id === id)
  return found ? ok(found) : fail('not_found', `There is no runbook ${id}.`)
}
