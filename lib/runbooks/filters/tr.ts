import 'server-only'
import { type Stage, toOctets } from './lines'
import { octetsOfClass } from './octet-sets'
import { NotUnderstood, readOptions } from './options'

/** tr: replaces octets one by one, deletes (-d) them, or squeezes (-s) repetitions of them. */
export function readTr(argv: readonly string[]): Stage {
  const { given, operands } = readOptions(argv.slice(1), {
    program: 'tr',
    switches: 'cCds',
    long: { complement: 'c', delete: 'd', 'squeeze-repeats': 's' },
  })
  const has = (letters: string) => given.some(([letter]) => letters.includes(letter))
  const [deletes, squeezes, complements] = [has('d'), has('s'), has('cC')]
  const wanted = deletes === squeezes ? [2] : deletes ? [1] : [1, 2]
  if (!wanted.includes(operands.length))
    throw new NotUnderstood(`tr takes ${wanted.join(' or ')} set${wanted.at(-1) === 1 ? '' : 's'} here.`)
  const [one = '', two] = operands
  const named = readSet(one)
  const first = complements ? everythingBut(named) : named
  if (deletes) {
    const gone = new Set(first)
    const rest = two === undefined ? undefined : new Set(readSet(two))
    return (octets) =>
      squeeze(
        map(octets, (code) => (gone.has(code) ? -1 : code)),
        rest,
      )
  }
  if (two === undefined) return (octets) => squeeze(octets, new Set(first))
  const second = translation(one, two, first, complements)
  const table = new Map<number, number>()
  // A later mention of an octet wins, as in the real one.
  first.forEach((code, index) => {
    table.set(code, (second[index] ?? second.at(-1)) as number)
  })
  const squeezed = squeezes ? new Set(second) : undefined
  return (octets) =>
    squeeze(
      map(octets, (code) => table.get(code) ?? code),
      squeezed,
    )
}

/** The second set when it replaces the first. A class there stands only opposite its counterpart. */
function translation(one: string, two: string, first: readonly number[], complements: boolean): number[] {
  if (/\[:\w+:\]/.test(two)) {
    const pair = `${one} ${two}`
    if (complements || !['[:lower:] [:upper:]', '[:upper:] [:lower:]'].includes(pair))
      throw new NotUnderstood(
        'tr takes a class as second set only to change between small letters and capitals.',
      )
    return readSet(two)
  }
  const filled = /^(.*)\[(\\?.)\*\]$/s.exec(two)
  if (filled) {
    const start = readSet(filled[1] ?? '')
    const [fill = 0] = readSet(filled[2] ?? '')
    return [...start, ...new Array<number>(Math.max(0, first.length - start.length)).fill(fill)]
  }
  const second = readSet(two)
  if (second.length === 0) throw new NotUnderstood('tr has nothing to put in place.')
  return second
}

function map(octets: string, change: (code: number) => number): string {
  let out = ''
  for (let i = 0; i < octets.length; i++) {
    const code = change(octets.charCodeAt(i))
    if (code >= 0) out += String.fromCharCode(code)
  }
  return out
}

function squeeze(octets: string, set: ReadonlySet<number> | undefined): string {
  if (!set) return octets
  let last = -1
  return map(octets, (code) => {
    const again = code === last && set.has(code)
    last = code
    return again ? -1 : code
  })
}

function everythingBut(codes: readonly number[]): number[] {
  const given = new Set(codes)
  return Array.from({ length: 256 }, (_, code) => code).filter((code) => !given.has(code))
}

const ESCAPES: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 }

/** The octets of a set such as `a-z[:digit:]\n`, in order, repetitions included. */
function readSet(written: string): number[] {
  const text = toOctets(written)
  if (/\[=.=\]|\[.\*\d*\]/s.test(text))
    throw new NotUnderstood('tr has a set with a repetition or an equivalence.')
  const codes: number[] = []
  let at = 0
  const one = (): number => {
    const char = text[at++] as string
    if (char !== '\\' || at >= text.length) return char.charCodeAt(0)
    const octal = /^[0-7]{1,3}/.exec(text.slice(at))?.[0]
    if (octal) {
      if (Number.parseInt(octal, 8) > 255) throw new NotUnderstood('tr has an octal number above \\377.')
      at += octal.length
      return Number.parseInt(octal, 8)
    }
    const escaped = text[at++] as string
    return ESCAPES[escaped] ?? escaped.charCodeAt(0)
  }
  while (at < text.length) {
    const named = /^\[:(\w+):\]/.exec(text.slice(at))
    if (named) {
      const members = octetsOfClass(named[1] ?? '')
      if (!members) throw new NotUnderstood('tr names a character class that there is not.')
      codes.push(...members)
      at += named[0].length
      continue
    }
    const from = one()
    if (text[at] === '-' && at + 1 < text.length) {
      at++
      const to = one()
      if (to < from) throw new NotUnderstood('tr has a range that ends before it begins.')
      for (let code = from; code <= to; code++) codes.push(code)
    } else codes.push(from)
  }
  return codes
}
