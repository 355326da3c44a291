import 'server-only'
import { HTTP_CHANGES, HTTP_READS } from './exec-allow-list/http'
import { NETWORK_READS } from './exec-allow-list/network'
import { POSTGRES_CHANGES, POSTGRES_READS } from './exec-allow-list/postgres'
import { SERVER_CHANGES, SERVER_READS } from './exec-allow-list/servers'
import { onlyReads } from './exec-allow-list/shell'
import { STORAGE_READS } from './exec-allow-list/storage'
import { SYSTEM_READS } from './exec-allow-list/system'
import type { Rule } from './exec-allow-list/words'

export { isReadOnlySql } from './exec-allow-list/postgres'

/**
 * What may run inside a pod, as argv. Everything else is refused before a connection is opened. A rule knows each word
 * of its program; what it does not know is refused.
 */
const READS: Record<string, Rule> = {
  ...POSTGRES_READS,
  ...SERVER_READS,
  ...STORAGE_READS,
  ...HTTP_READS,
  ...NETWORK_READS,
  ...SYSTEM_READS,
}
const CHANGES: Record<string, Rule> = { ...POSTGRES_CHANGES, ...SERVER_CHANGES, ...HTTP_CHANGES }

/** A path outside the system's folders could be anything that was put there. */
const PROGRAM = /^(?!.*\.\.)(?:\/(?:usr\/(?:local\/)?)?s?bin\/|\/opt(?:\/[\w.-]+){1,2}\/bin\/)?[\w.-]+$/

function known(rules: Record<string, Rule>, argv: readonly string[]): boolean {
  const [program = '', ...args] = argv
  const name = PROGRAM.test(program) ? (program.split('/').at(-1) ?? '') : ''
  return Object.hasOwn(rules, name) && rules[name]?.(args) === true
}

const SHELL = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|a)?sh$/

/** Whether an argv only reads; of a shell, whether everything does that its script says. */
export function mayRead(argv: readonly string[]): boolean {
  const [program = '', option, script, ...more] = argv
  if (SHELL.test(program))
    return option === '-c' && script !== undefined && more.length === 0 && onlyReads(script, readsAlone)
  return readsAlone(argv)
}

/** A program by itself: a shell inside a shell is one too many. */
function readsAlone(argv: readonly string[]): boolean {
  return known(READS, argv)
}

/** Whether an argv is one of the changes that fixes make. */
export function mayChange(argv: readonly string[]): boolean {
  return known(CHANGES, argv)
}
