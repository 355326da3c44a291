import 'server-only'
import { joinLines, linesOf, type Stage, toOctets } from './lines'
import { NotUnderstood, noFiles, readOptions, wholeNumber } from './options'

type Range = [from: number, to: number]

/** cut: fields (-f, parted by -d) or bytes (-c, -b), always in the order of the line. */
export function readCut(argv: readonly string[]): Stage {
  const { given, operands } = readOptions(argv.slice(1), {
    program: 'cut',
    switches: 'sn',
    values: 'dfcbO',
    long: {
      delimiter: 'd',
      fields: 'f',
      characters: 'c',
      bytes: 'b',
      'only-delimited': 's',
      'output-delimiter': 'O',
    },
  })
  noFiles('cut', operands)
  const lists = given.filter(([letter]) => 'fcb'.includes(letter))
  const value = (letter: string) => given.findLast(([one]) => one === letter)?.[1]
  const [kind, list] = lists[0] ?? []
  if (lists.length !== 1 || kind === undefined || list === undefined)
    throw new NotUnderstood('cut needs exactly one of -f, -c and -b.')
  const ranges = readRanges(list)
  const output = value('O') === undefined ? undefined : toOctets(value('O') ?? '')
  if (kind !== 'f') {
    if (value('d') !== undefined || output !== undefined || given.some(([letter]) => letter === 's'))
      throw new NotUnderstood('cut takes a delimiter only with fields.')
    return (octets) => joinLines(linesOf(octets).map((line) => pick(line.split(''), ranges).join('')))
  }
  const delimiter = toOctets(value('d') ?? '\t')
  if (delimiter.length !== 1) throw new NotUnderstood('cut takes a delimiter of one byte.')
  const onlyDelimited = given.some(([letter]) => letter === 's')
  return (octets) =>
    joinLines(
      linesOf(octets).flatMap((line) => {
        if (!line.includes(delimiter)) return onlyDelimited ? [] : [line]
        return [pick(line.split(delimiter), ranges).join(output ?? delimiter)]
      }),
    )
}

function readRanges(list: string): Range[] {
  return list.split(/[, \t]/).map((part): Range => {
    const found = /^(\d*)(-?)(\d*)$/.exec(part)
    const [, first = '', dash = '', last = ''] = found ?? []
    if (!found || (first === '' && last === ''))
      throw new NotUnderstood(`cut does not take the list "${list.slice(0, 40)}".`)
    const from = first === '' ? 1 : wholeNumber('cut', first)
    const to = dash === '' ? from : last === '' ? Number.POSITIVE_INFINITY : wholeNumber('cut', last)
    if (from === 0 || to < from) throw new NotUnderstood('cut counts from 1, upwards.')
    return [from, to]
  })
}

function pick(pieces: string[], ranges: readonly Range[]): string[] {
  return pieces.filter((_, index) => ranges.some(([from, to]) => index + 1 >= from && index + 1 <= to))
}
