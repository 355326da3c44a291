import 'server-only'
import { Captures } from './captures'
import { joinLines, linesOf, type Stage, toOctets } from './lines'
import { Matcher } from './matcher'
import { NotUnderstood, noFiles, readOptions, wholeNumber } from './options'
import { type Dialect, literalPattern, type Pattern, parsePattern } from './pattern'

const LONG = {
  'ignore-case': 'i',
  'invert-match': 'v',
  count: 'c',
  'line-number': 'n',
  'only-matching': 'o',
  'word-regexp': 'w',
  'line-regexp': 'x',
  'extended-regexp': 'E',
  'fixed-strings': 'F',
  'basic-regexp': 'G',
  'perl-regexp': 'P',
  text: 'a',
  'no-filename': 'h',
  'no-messages': 's',
  quiet: 'q',
  silent: 'q',
  regexp: 'e',
  'max-count': 'm',
  'after-context': 'A',
  'before-context': 'B',
  context: 'C',
}

const DIALECTS: Record<string, Dialect> = { E: 'extended', P: 'perl' }

interface Settings {
  matches(line: string): boolean
  matcher: Matcher
  captures: Captures | undefined
  /** Switches that were given. */
  has(letter: string): boolean
  most: number
  before: number
  after: number
  separated: boolean
}

/** grep with basic, extended, fixed or (where no backtracking is needed) Perl patterns; `egrep` is `grep -E`, `fgrep` is `grep -F`. */
export function readGrep(argv: readonly string[]): Stage {
  const settings = readSettings(argv)
  return (octets) => {
    const selected = select(linesOf(octets), settings)
    if (settings.has('q') || settings.most === 0) return ''
    if (settings.has('c')) return `${selected.size}\n`
    if (octets.includes('\0') && !settings.has('a'))
      return selected.size > 0 ? 'Binary file (standard input) matches\n' : ''
    return joinLines(print(linesOf(octets), selected, settings))
  }
}

function readSettings(argv: readonly string[]): Settings {
  const words = argv
    .slice(1)
    .filter((word) => !/^--colou?r(=(auto|never))?$|^--line-buffered$/.test(word))
    // `-2` is `-C2`, unless it is the value of the option before it.
    .map((word, index, all) =>
      /^-\d+$/.test(word) && !/^-\w*[emABC]$/.test(all[index - 1] ?? '') ? `-C${word.slice(1)}` : word,
    )
  const { given, operands } = readOptions(words, {
    program: 'grep',
    switches: 'ivcnowxEFGPhsqya',
    values: 'emABC',
    long: LONG,
  })
  const letters = new Set(given.map(([letter]) => (letter === 'y' ? 'i' : letter)))
  const patterns = given.flatMap(([letter, value]) => (letter === 'e' ? [value] : []))
  if (patterns.length === 0) {
    const first = operands.shift()
    if (first === undefined) throw new NotUnderstood('grep lacks its pattern.')
    patterns.push(first)
  }
  noFiles('grep', operands)
  const kinds = given.flatMap(([letter]) => ('EFGP'.includes(letter) ? [letter] : []))
  const kind = kinds.at(-1) ?? { egrep: 'E', fgrep: 'F' }[argv[0] ?? ''] ?? 'G'
  const lines = patterns.flatMap((pattern) => toOctets(pattern).split('\n'))
  if (kind === 'P' && lines.length > 1) throw new NotUnderstood('grep -P takes one pattern.')
  const parts = lines.map((pattern): Pattern => {
    const ignoreCase = letters.has('i')
    if (kind === 'F') return literalPattern(pattern, ignoreCase)
    return parsePattern(pattern, DIALECTS[kind] ?? 'basic', ignoreCase)
  })
  const pattern = bounded(parts.length === 1 ? (parts[0] as Pattern) : { kind: 'or', parts }, letters)
  const matcher = new Matcher(pattern)
  let [before, after, most] = [0, 0, Number.POSITIVE_INFINITY]
  // -C gives way to -A and -B wherever it stands.
  const context = given.findLast(([letter]) => letter === 'C')
  if (context) before = after = wholeNumber('grep -C', context[1])
  for (const [letter, value] of given) {
    if (letter === 'A') after = wholeNumber('grep -A', value)
    if (letter === 'B') before = wholeNumber('grep -B', value)
    if (letter === 'm') most = wholeNumber('grep -m', value)
  }
  const invert = letters.has('v')
  if (invert && letters.has('o')) throw new NotUnderstood('grep -o with -v is not understood here.')
  // GNU grep prints an empty line after each match then.
  if (letters.has('o') && letters.has('w') && letters.has('x'))
    throw new NotUnderstood('grep -o with both -w and -x is not understood here.')
  return {
    matcher,
    // Where POSIX takes the longest match, Perl takes the first that its order of trying finds.
    captures: kind === 'P' ? new Captures(pattern) : undefined,
    matches: (line) => matcher.test(line) !== invert,
    has: (letter) => letters.has(letter),
    most,
    before,
    after,
    separated: before > 0 || after > 0,
  }
}

function bounded(pattern: Pattern, letters: ReadonlySet<string>): Pattern {
  const around = (first: Pattern, last: Pattern): Pattern => ({ kind: 'cat', parts: [first, pattern, last] })
  if (letters.has('x')) return around({ kind: 'assert', what: '^' }, { kind: 'assert', what: '$' })
  if (letters.has('w'))
    return around({ kind: 'assert', what: 'not-word-before' }, { kind: 'assert', what: 'not-word-after' })
  return pattern
}

/** Indices of the selected lines, at most `most` of them. */
function select(lines: readonly string[], { matches, most }: Settings): Set<number> {
  const selected = new Set<number>()
  for (let i = 0; i < lines.length && selected.size < most; i++)
    if (matches(lines[i] as string)) selected.add(i)
  return selected
}

function print(lines: readonly string[], selected: ReadonlySet<number>, settings: Settings): string[] {
  const { has, before, after, separated } = settings
  const out: string[] = []
  const number = (index: number, mark: string) => (has('n') ? `${index + 1}${mark}` : '')
  let printed = -1
  for (const index of selected) {
    const from = Math.max(printed + 1, index - before)
    if (separated && printed >= 0 && from > printed + 1) out.push('--')
    for (let i = from; i < index; i++) if (!has('o')) out.push(number(i, '-') + lines[i])
    if (!has('o')) out.push(number(index, ':') + lines[index])
    else for (const match of matchesIn(lines[index] as string, settings)) out.push(number(index, ':') + match)
    printed = index
    for (let i = index + 1; i <= index + after && i < lines.length && !selected.has(i); i++) {
      if (!has('o')) out.push(number(i, '-') + lines[i])
      printed = i
    }
  }
  return out
}

function* matchesIn(line: string, { matcher, captures }: Settings): Generator<string> {
  let from = 0
  while (from < line.length) {
    const found = matcher.find(line, from)
    if (!found) return
    const [start, end] = captures?.of(line, ...found, false)?.[0] ?? found
    if (end > start) yield line.slice(start, end)
    from = end > found[0] ? end : found[0] + 1
  }
}
