import 'server-only'
import type { Stage } from './lines'
import { NotUnderstood, noFiles } from './options'

/** tac: lines from the last to the first. A last line without a newline runs into the one after it, as in GNU's. */
export function readTac(argv: readonly string[]): Stage {
  const options = argv.slice(1).filter((word) => word.startsWith('-') && word !== '-')
  if (options.length > 0) throw new NotUnderstood(`tac ${options[0]} is not understood here.`)
  noFiles('tac', argv.slice(1))
  return (octets) => (octets.match(/[^\n]*\n|[^\n]+$/g) ?? []).reverse().join('')
}
