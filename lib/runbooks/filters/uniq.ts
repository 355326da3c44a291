import 'server-only'
import { joinLines, linesOf, lower, type Stage } from './lines'
import { NotUnderstood, readOptions } from './options'

/** uniq: neighbouring equal lines as one; -c counts them, -d keeps repeated ones, -u the others. */
export function readUniq(argv: readonly string[]): Stage {
  const { given, operands } = readOptions(argv.slice(1), {
    program: 'uniq',
    switches: 'cdui',
    long: { count: 'c', repeated: 'd', unique: 'u', 'ignore-case': 'i' },
  })
  if (operands.length > 0) throw new NotUnderstood('uniq would read or write a file.')
  const letters = new Set(given.map(([letter]) => letter))
  const fold = letters.has('i') ? lower : (line: string) => line
  return (octets) => {
    const groups: { line: string; count: number }[] = []
    for (const line of linesOf(octets)) {
      const last = groups.at(-1)
      if (last && fold(last.line) === fold(line)) last.count++
      else groups.push({ line, count: 1 })
    }
    return joinLines(
      groups
        .filter(({ count }) => (count > 1 ? !letters.has('u') : !letters.has('d')))
        .map(({ line, count }) => (letters.has('c') ? `${String(count).padStart(7)} ${line}` : line)),
    )
  }
}
