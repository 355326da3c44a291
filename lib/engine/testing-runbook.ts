import 'server-only'
import { CATALOGUE } from '../operations/catalogue'
import { compile } from '../runbooks/compile'
import { install } from '../runbooks/store'
import { executions } from './execute-fix'
import { readRun } from './fix-store'
import { type EngineAtHand, engineAtHand, must, person } from './testing'
import type { FixRun } from './types'

/** The engine on a running practice cluster, with a runbook that an admin installed. The front matter of the text says its id. */
export async function runbookAtHand(
  sandbox: { kubeconfig: string; url: string },
  text: string,
): Promise<EngineAtHand> {
  const { runbook, lines } = compile({ text, file: 'test.md', catalogue: CATALOGUE })
  const engine = await engineAtHand(sandbox)
  must(
    await install(person('admin'), {
      runbookId: runbook.id,
      title: runbook.title,
      file: `${runbook.id}.md`,
      text,
      cards: runbook.cards.length,
      lines: lines.length,
      typed: lines.filter(({ outcome }) => outcome === 'typed').length,
      instead: undefined,
    }),
  )
  return engine
}

/** A run when it has ended. */
export async function ended(runId: string): Promise<FixRun> {
  await executions().get(runId)
  const found = await readRun(runId)
  if (!found) throw new Error(`There is no run ${runId}.`)
  return found.run
}
