import 'server-only'
import { linesOf, type Stage } from './lines'
import { NotUnderstood, noFiles, readOptions, wholeNumber } from './options'

const LONG = { lines: 'n', bytes: 'c', quiet: 'q', silent: 'q', verbose: 'v' }

interface Amount {
  unit: 'lines' | 'bytes'
  sign: '' | '+' | '-'
  count: number
}

/** head: the first lines (10) or bytes, or with `-n -N` all but the last. */
export function readHead(argv: readonly string[]): Stage {
  const amount = readAmount('head', argv)
  return (octets) => {
    const { pieces, count, sign } = cut(octets, amount)
    return pieces.slice(0, sign === '-' ? Math.max(0, pieces.length - count) : count).join('')
  }
}

/** tail: the last lines (10) or bytes, or with `-n +N` everything from the Nth on. */
export function readTail(argv: readonly string[]): Stage {
  const amount = readAmount('tail', argv)
  return (octets) => {
    const { pieces, count, sign } = cut(octets, amount)
    return pieces.slice(sign === '+' ? Math.max(0, count - 1) : Math.max(0, pieces.length - count)).join('')
  }
}

function cut(octets: string, { unit, sign, count }: Amount) {
  const whole = octets === '' || octets.endsWith('\n')
  const lines = linesOf(octets)
  const pieces =
    unit === 'bytes'
      ? octets.split('')
      : lines.map((line, index) => (whole || index < lines.length - 1 ? `${line}\n` : line))
  return { pieces, sign, count }
}

function readAmount(program: 'head' | 'tail', argv: readonly string[]): Amount {
  const words = argv.slice(1)
  // The old form: `head -5`.
  if (/^-\d+$/.test(words[0] ?? '')) words[0] = `-n${words[0]?.slice(1)}`
  const { given, operands } = readOptions(words, { program, switches: 'q', values: 'nc', long: LONG })
  noFiles(program, operands)
  const last = given.findLast(([letter]) => 'nc'.includes(letter))
  if (!last) return { unit: 'lines', sign: '', count: 10 }
  const [letter, value] = last
  const sign = value.startsWith('+') ? '+' : value.startsWith('-') ? '-' : ''
  if (program === 'head' && sign === '+') throw new NotUnderstood('head knows no count with a plus.')
  const count = wholeNumber(`${program} -${letter}`, sign ? value.slice(1) : value)
  return { unit: letter === 'c' ? 'bytes' : 'lines', sign, count }
}
