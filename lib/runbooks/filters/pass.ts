import 'server-only'
import { linesOf, type Stage } from './lines'
import { NotUnderstood, noFiles, readOptions, wholeNumber } from './options'

/** cat without a file: the text as it is; -n numbers all lines, -b those that are not empty, -s joins empty ones. */
export function readCat(argv: readonly string[]): Stage {
  const { given, operands } = readOptions(argv.slice(1), {
    program: 'cat',
    switches: 'nbsu',
    long: { number: 'n', 'number-nonblank': 'b', 'squeeze-blank': 's' },
  })
  noFiles('cat', operands)
  const has = (letter: string) => given.some(([one]) => one === letter)
  return (octets) => {
    let number = 0
    const pieces = octets.match(/[^\n]*\n|[^\n]+$/g) ?? []
    return pieces
      .filter((line, index) => !has('s') || line !== '\n' || pieces[index - 1] !== '\n')
      .map((line) => {
        const counts = has('b') ? line !== '\n' : has('n')
        return counts ? `${String(++number).padStart(6)}\t${line}` : line
      })
      .join('')
  }
}

/** less and more show a text page by page; into a page of Crashcart it goes as it is. Files are not read. */
export function readPager(argv: readonly string[]): Stage {
  const [program = 'less', ...words] = argv
  for (const word of words)
    if (!/^-[A-Za-z~]+$/.test(word) || /[kKNoOpPtT]/.test(word))
      throw new NotUnderstood(`${program} ${word.slice(0, 40)} is not understood here.`)
  return (octets) => octets
}

/** nl: numbers the lines that are not empty, or with -ba all; -w is the room for the number, -s what follows it. */
export function readNl(argv: readonly string[]): Stage {
  const { given, operands } = readOptions(argv.slice(1), {
    program: 'nl',
    switches: '',
    values: 'bws',
    long: { 'body-numbering': 'b', 'number-width': 'w', 'number-separator': 's' },
  })
  noFiles('nl', operands)
  const value = (letter: string) => given.findLast(([one]) => one === letter)?.[1]
  const style = value('b') ?? 't'
  if (!['a', 't', 'n'].includes(style)) throw new NotUnderstood(`nl -b ${style} is not understood here.`)
  const width = wholeNumber('nl -w', value('w') ?? '6')
  if (width < 1 || width > 100) throw new NotUnderstood('nl takes a width between 1 and 100 here.')
  const separator = Buffer.from(value('s') ?? '\t', 'utf8').toString('latin1')
  return (octets) => {
    let number = 0
    return linesOf(octets)
      .map((line) => {
        // A line of these begins another part of the text, with numbers of its own.
        if (/^(?:\\:){1,3}$/.test(line)) throw new NotUnderstood('nl would begin a new part of the text.')
        const counts = style === 'a' || (style === 't' && line !== '')
        return counts
          ? `${String(++number).padStart(width)}${separator}${line}\n`
          : `${' '.repeat(width + separator.length)}${line}\n`
      })
      .join('')
  }
}
