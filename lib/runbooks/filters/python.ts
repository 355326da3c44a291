import 'server-only'
import { readJq } from './jq'
import { fromOctets, type Stage, toOctets } from './lines'
import { CouldNotFinish, NotUnderstood, noFiles, readOptions, wholeNumber } from './options'

/** One-line programs that undo the escapes of a URL, as runbooks have them. */
const UNQUOTES = [
  /^import sys, ?urllib\.parse; ?print\(urllib\.parse\.(unquote|unquote_plus)\(sys\.stdin\.read\(\)(\.strip\(\))?\)\)$/,
  /^import sys, ?urllib\.parse as ul; ?print\(ul\.(unquote|unquote_plus)\(sys\.stdin\.read\(\)(\.strip\(\))?\)\)$/,
  /^from urllib\.parse import unquote; ?import sys; ?print\((unquote)\(sys\.stdin\.read\(\)(\.strip\(\))?\)\)$/,
]
/** What Python's `strip` takes off; JavaScript's `trim` differs at two characters. */
const BLANK = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const AROUND = new RegExp(`^${BLANK}+|${BLANK}+$`, 'g')

/**
 * Python as a filter, of two kinds: `-m json.tool`, which lays out a document, and one-liners that undo the escapes of
 * a URL. Any other program is Python's own business.
 */
export function readPython(argv: readonly string[]): Stage {
  const [flag, what = '', ...rest] = argv.slice(1)
  if (flag === '-m' && what === 'json.tool') return jsonTool(rest)
  const [, how, strip] = UNQUOTES.map((one) => one.exec(what.trim())).find((match) => match !== null) ?? []
  if (flag === '-c' && rest.length === 0 && how !== undefined)
    return unquote(how === 'unquote_plus', strip !== undefined)
  throw new NotUnderstood('The pipe goes into a Python program, which does not run here.')
}

/** What `json.tool` prints, it prints as jq does, numbers with a fraction or an exponent aside (Lib/json/tool.py). */
function jsonTool(words: readonly string[]): Stage {
  const { given, operands } = readOptions(words, {
    program: 'json.tool',
    switches: 'SUtck',
    values: 'i',
    long: {
      'sort-keys': 'S',
      'no-ensure-ascii': 'U',
      indent: 'i',
      tab: 't',
      'no-indent': 'k',
      compact: 'c',
    },
  })
  noFiles('json.tool', operands)
  const has = (letter: string) => given.some(([one]) => one === letter)
  if (['i', 't', 'k', 'c'].filter(has).length > 1)
    throw new NotUnderstood('json.tool takes one way of indenting.')
  if (has('k')) throw new NotUnderstood('json.tool --no-indent is not understood.')
  const indent = given.find(([letter]) => letter === 'i')?.[1]
  const width = indent === undefined ? 4 : wholeNumber('json.tool --indent', indent)
  if (width < 1 || width > 7) throw new NotUnderstood('json.tool indents by 1 to 7 here.')
  const layout = has('c') ? ['-c'] : has('t') ? ['--tab'] : ['--indent', String(width)]
  const jq = readJq(['jq', ...layout, ...(has('S') ? ['-S'] : []), ...(has('U') ? [] : ['-a']), '.'])
  return (octets) => {
    const text = fromOctets(octets)
    // Python writes such numbers in a way of its own, and takes one document only.
    if (/\d(?:\.\d|[eE])|-0(?!\d)/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '""')))
      throw new CouldNotFinish('json.tool writes such numbers in a way of its own.')
    try {
      JSON.parse(text)
    } catch {
      throw new CouldNotFinish('json.tool says that this is not one JSON document.')
    }
    // jq escapes DEL all the same.
    const plain = (laid: string) => (has('U') ? laid.replace(/(?<!\\)((?:\\\\)*)\\u007f/g, '$1\x7f') : laid)
    return Promise.resolve(jq(octets)).then(plain)
  }
}

/** Undoes `%41`; bytes that are no UTF-8 become U+FFFD, as Python's `unquote` has it (Lib/urllib/parse.py). */
function unquote(plus: boolean, strip: boolean): Stage {
  return (octets) => {
    const read = fromOctets(octets)
    const text = strip ? read.replace(AROUND, '') : read
    const spaced = plus ? text.replaceAll('+', ' ') : text
    const plain = spaced.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) =>
      Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
    )
    return toOctets(`${plain}\n`)
  }
}
