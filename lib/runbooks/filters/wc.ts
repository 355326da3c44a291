import 'server-only'
import type { Stage } from './lines'
import { noFiles, readOptions } from './options'

/** wc: newlines, words, characters and bytes, in that order whatever the order of the options. */
export function readWc(argv: readonly string[]): Stage {
  const { given, operands } = readOptions(argv.slice(1), {
    program: 'wc',
    switches: 'lwcm',
    long: { lines: 'l', words: 'w', bytes: 'c', chars: 'm' },
  })
  noFiles('wc', operands)
  const letters = new Set(given.length > 0 ? given.map(([letter]) => letter) : ['l', 'w', 'c'])
  return (octets) => {
    const counts: Record<string, number> = {
      l: octets.split('\n').length - 1,
      // A word needs something printable in it, and the C locale prints ASCII only.
      w: octets.match(/[^ \t-\r]+/g)?.filter((word) => /[!-~]/.test(word)).length ?? 0,
      // In the C locale every byte is a character.
      m: octets.length,
      c: octets.length,
    }
    const columns = [...'lwmc']
      .filter((letter) => letters.has(letter))
      .map((letter) => String(counts[letter]))
    // wc does not know how long a pipe will be, so it makes room for seven digits; one figure stands alone.
    return `${columns.length === 1 ? columns[0] : columns.map((column) => column.padStart(7)).join(' ')}\n`
  }
}
