import type { Random } from '../random'

/** What may happen to a document that was sound. */
export type Mutation = (text: string, random: Random) => string

const CONTROLS = [
  '\u0000',
  '\u0007',
  '\u001b[31m',
  '\u007f',
  '\u0085',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\ufffe',
  '\r',
]
const SURROGATES = ['\ud800', '\udfff', '\udc00\ud800', '\ud83d']
const BIDI = [
  '\u202a',
  '\u202b',
  '\u202d',
  '\u202e',
  '\u2066',
  '\u2067',
  '\u2068',
  '\u2069',
  '\u200f',
  '\u061c',
]
/** Two of them stand for placeholders while a line is read. */
const PRIVATE = ['\ue000', '\ue001', '\ue000x\ue001', '\uf8ff']
const SHELL =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell fills these in, or nobody does
  'kubectl oc exec get pods -n shop -- | || && ; & $( ) ` \' " \\ < > << <<EOF EOF { } [[ ]] (( )) ! # * ? ~ $X ${X:-y} $((1+1)) 2>&1 <(a) for in do done if then fi case esac while function() coproc <pod-name> {{x}} --replicas=0 -o=jsonpath={..} @file'.split(
    ' ',
  )
const MARKDOWN = [
  '```',
  '~~~',
  '````bash',
  '### ',
  '#### Symptoms',
  '---',
  '> ',
  '- ',
  '1. ',
  '|a|b|',
  '\n\n',
  '    ',
  '[x]: ',
  '[^1]',
  '<!--',
  '<script>',
  '***',
  '`',
]

function sprinkle(what: readonly string[]): Mutation {
  return (text, random) => {
    let out = text
    for (let n = 1 + random.below(40); n > 0; n--) {
      const at = random.below(out.length + 1)
      out = out.slice(0, at) + random.pick(what) + out.slice(at)
    }
    return out
  }
}

const blocksOf = (text: string) => text.split(/\n{2,}/)

/** By name, so that a failure can say what was done. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'bytes flipped': (text, random) => {
    const bytes = Buffer.from(text)
    if (bytes.length === 0) return text
    for (let n = 1 + random.below(200); n > 0; n--) {
      const at = random.below(bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
    }
    return bytes.toString('utf8')
  },
  truncated: (text, random) => text.slice(0, random.below(text.length + 1)),
  beheaded: (text, random) => text.slice(random.below(text.length + 1)),
  'blocks duplicated': (text, random) =>
    blocksOf(text)
      .flatMap((block) => Array<string>(random.chance(0.1) ? 2 + random.below(20) : 1).fill(block))
      .join('\n\n'),
  'blocks shuffled': (text, random) => {
    const blocks = blocksOf(text)
    for (let i = blocks.length - 1; i > 0; i--) {
      const j = random.below(i + 1)
      ;[blocks[i], blocks[j]] = [blocks[j] as string, blocks[i] as string]
    }
    return blocks.join('\n\n')
  },
  'lines shuffled': (text, random) => {
    const lines = text.split('\n')
    for (let n = random.below(lines.length + 1); n > 0; n--) {
      const [i, j] = [random.below(lines.length), random.below(lines.length)]
      ;[lines[i], lines[j]] = [lines[j] as string, lines[i] as string]
    }
    return lines.join('\n')
  },
  'control characters': sprinkle(CONTROLS),
  'lone surrogates': sprinkle(SURROGATES),
  'bidirectional controls': sprinkle(BIDI),
  'characters in private use': sprinkle(PRIVATE),
  'shell words': sprinkle(SHELL.map((word) => ` ${word} `)),
  'Markdown marks': sprinkle(MARKDOWN.map((mark) => `\n${mark}`)),
  'other line ends': (text, random) =>
    text.replaceAll('\n', random.pick(['\r\n', '\r', '\n\r', '\u2028', '\\\n'])),
  'spaces changed': (text, random) => text.replaceAll(' ', random.pick(['\t', '\u00a0', '  ', '\u3000', ''])),
  'quotes unclosed': (text, random) => text.replace(/["'`]/g, (mark) => (random.chance(0.2) ? '' : mark)),
  'fences unclosed': (text, random) => text.replace(/^```$/gm, (fence) => (random.chance(0.3) ? '' : fence)),
}
