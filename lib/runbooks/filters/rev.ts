import 'server-only'
import { fromOctets, linesOf, type Stage, toOctets } from './lines'
import { NotUnderstood } from './options'

/** rev: each line from its last character to its first; characters, not bytes, since half of one is of no use. */
export function readRev(argv: readonly string[]): Stage {
  if (argv.length > 1) throw new NotUnderstood('rev would read a file instead of the pipe.')
  return (octets) =>
    linesOf(octets)
      .map((line) => toOctets(Array.from(fromOctets(line)).reverse().join('')))
      .join('\n') + (octets.endsWith('\n') ? '\n' : '')
}
