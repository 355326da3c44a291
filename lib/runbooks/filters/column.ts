import 'server-only'
import { fromOctets, joinLines, linesOf, type Stage, toOctets } from './lines'
import { NotUnderstood, noFiles, readOptions } from './options'

/** column -t: fields in columns, two spaces apart; -s names what parts them, -o what stands between. */
export function readColumn(argv: readonly string[]): Stage {
  const { given, operands } = readOptions(argv.slice(1), {
    program: 'column',
    switches: 't',
    values: 'so',
    long: { table: 't', separator: 's', 'output-separator': 'o' },
  })
  noFiles('column', operands)
  if (!given.some(([letter]) => letter === 't'))
    throw new NotUnderstood('column without -t depends on the width of a terminal.')
  const value = (letter: string) => given.findLast(([one]) => one === letter)?.[1]
  const between = toOctets(value('o') ?? '  ')
  const separators = value('s')
  return (octets) => {
    const rows = linesOf(octets)
      .filter((line) => /[^ \t]/.test(line))
      .map((line) => split(line, separators === undefined ? undefined : toOctets(separators)))
    const count = Math.max(0, ...rows.map((row) => row.length))
    const widths = Array.from({ length: count }, (_, column) =>
      Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
    )
    return joinLines(
      rows.map((row) =>
        widths
          .map((width, column) =>
            column === count - 1 ? (row[column] ?? '') : padded(row[column] ?? '', width),
          )
          .join(between),
      ),
    )
  }
}

/**
 * Characters, not bytes: in the C locale column would write the bytes of others as \xc3, which no one reads.
 * Control characters take no room.
 */
const widthOf = (cell: string) => Array.from(fromOctets(cell).replace(/\p{Cc}/gu, '')).length

const padded = (cell: string, width: number) => cell + ' '.repeat(Math.max(0, width - widthOf(cell)))

/** White space parts fields greedily; other separators part at each one. */
function split(line: string, separators: string | undefined): string[] {
  if (separators === undefined) return line.split(/[ \t]+/).filter((field) => field !== '')
  const fields = ['']
  for (const char of line) {
    if (separators.includes(char)) fields.push('')
    else fields[fields.length - 1] += char
  }
  return fields
}
