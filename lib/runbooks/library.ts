import 'server-only'
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

/** One runbook by its id. */
export async function loadRunbook(id: string, folder?: string): Promise<Result<Runbook>> {
  const all = await loadRunbooks(folder)
  if (!all.ok) return all
  const found = all.value.find((runbook) => runbook.id === id)
  return found ? ok(found) : fail('not_found', `There is no runbook ${id}.`)
}
