import 'server-only'
import type { Stage } from './lines'
import { CouldNotFinish, NotUnderstood, noFiles, readOptions, wholeNumber } from './options'

const WRAP = 76
const GROUP = /^(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)$/

/**
 * base64 as GNU coreutils has it: encodes in lines of 76 (or -w, 0 for one line without a newline), decodes with -d,
 * --decode, or -D as on a Mac. `argv` begins with the program. Input that is no base64 throws CouldNotFinish when
 * the stage runs, with what was decoded until there.
 */
export function readBase64(argv: readonly string[]): Stage {
  const { given, operands } = readOptions(argv.slice(1), {
    program: 'base64',
    switches: 'dDi',
    values: 'w',
    long: { decode: 'd', 'ignore-garbage': 'i', wrap: 'w' },
  })
  noFiles('base64', operands)
  const has = (letters: string) => given.some(([letter]) => letters.includes(letter))
  const wrap = given.findLast(([letter]) => letter === 'w')?.[1]
  const width = wrap === undefined ? WRAP : wholeNumber('base64 -w', wrap)
  // On a Mac -i names a file to read.
  if (has('i') && !has('dD')) throw new NotUnderstood('base64 -i is understood only with -d.')
  return has('dD') ? (octets) => decode(octets, has('i')) : (octets) => encode(octets, width)
}

function encode(octets: string, width: number): string {
  const encoded = Buffer.from(octets, 'latin1').toString('base64')
  if (width === 0 || encoded === '') return encoded
  const lines: string[] = []
  for (let at = 0; at < encoded.length; at += width) lines.push(encoded.slice(at, at + width))
  return `${lines.join('\n')}\n`
}

/** Groups of four are decoded each for itself, so that padding may stand in the middle, as in the real one. */
function decode(octets: string, ignoreGarbage: boolean): string {
  const text = ignoreGarbage ? octets.replace(/[^A-Za-z0-9+/=]/g, '') : octets.replaceAll('\n', '')
  const plain = /^(?:[A-Za-z0-9+/]{4})*/.exec(text)?.[0].length ?? 0
  const decoded = [Buffer.from(text.slice(0, plain), 'base64').toString('latin1')]
  for (let at = plain; at < text.length; at += 4) {
    const group = text.slice(at, at + 4)
    if (!GROUP.test(group)) {
      decoded.push(beginning(group))
      throw new CouldNotFinish('base64 says: invalid input.', decoded.join(''))
    }
    decoded.push(Buffer.from(group, 'base64').toString('latin1'))
  }
  return decoded.join('')
}

/** What the real one still prints of a group that is not whole: an octet for two letters, two for three. */
function beginning(group: string): string {
  const letters = /^[A-Za-z0-9+/]*/.exec(group)?.[0] ?? ''
  return letters.length < 2 ? '' : Buffer.from(letters, 'base64').toString('latin1')
}
