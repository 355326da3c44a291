import 'server-only'
import { type AndOr, type Command, type PipelineNode, parse, type Redirection, type Word } from 'unbash'
import { whyNot } from '../../runbooks/filters'

/** Programs on text that read only their pipe, whatever else they are told. sed and awk can do more than that. */
const ON_TEXT = new Set(
  'grep egrep fgrep head tail wc sort uniq cut tr tac rev nl cat column base64'.split(' '),
)
/** `{print $1}`, `NR>1{print $1, $3}`, `/up/{print $2}`: columns of lines, and nothing that awk could run or write. */
const AWK_COLUMNS = /^(?:NR *[<>=!]=? *\d{1,5}|\/[\w .:-]+\/)? *\{ *print(?: *\$\d{1,2},?)* *\}$/
/** Settings of a program that say how it talks, not what it does. */
const HARMLESS_SETTING = /^(?:ETCDCTL_API|LANG|LC_ALL|COLUMNS|TZ)=/
/** Characters of a word that no shell takes for more than themselves. */
const PLAIN = /^[\w@%+=:,./-]*$/
const SCRIPT_AT_MOST = 2_000

/**
 * Whether a script, as in `sh -c '…'`, only reads: commands that `mayRead` knows, each with pipes into programs that read
 * nothing but the pipe. Words must be plain text: no variable, no substitution, no file name pattern, no file written.
 */
export function onlyReads(script: string, mayRead: (argv: readonly string[]) => boolean): boolean {
  if (script.length > SCRIPT_AT_MOST) return false
  const { commands, errors } = parse(script)
  if (errors?.length || commands.length === 0) return false
  return commands.every((one) => !one.background && nodeReads(one.command, mayRead))
}

type Rule = (argv: readonly string[]) => boolean

function nodeReads(node: PipelineNode | AndOr, mayRead: Rule): boolean {
  switch (node.type) {
    case 'AndOr':
      return node.commands.every((one) => nodeReads(one, mayRead))
    case 'Command':
      return pipeReads([node], mayRead)
    case 'Pipeline': {
      const stages = node.commands.filter((one): one is Command => one.type === 'Command')
      return (
        node.prefixes.length === 0 && stages.length === node.commands.length && pipeReads(stages, mayRead)
      )
    }
    default:
      return false
  }
}

function pipeReads([first, ...rest]: readonly Command[], mayRead: Rule): boolean {
  const source = first && argvOf(first)
  return (
    source !== undefined &&
    mayRead(source) &&
    rest.every((stage) => {
      const argv = argvOf(stage)
      return argv !== undefined && readsPipe(argv)
    })
  )
}

function readsPipe(argv: string[]): boolean {
  const [program = '', ...words] = argv
  if (whyNot({ program, argv }) !== undefined) return false
  if (program === 'awk') return words.length === 1 && AWK_COLUMNS.test(words[0] ?? '')
  return ON_TEXT.has(program)
}

/** The words of a command when all of them are plain text; undefined otherwise. */
function argvOf(command: Command): string[] | undefined {
  const settings = command.prefix.every(
    (one) =>
      one.type === 'Assignment' &&
      // The text, not the name: `LANG[$(reboot)]=x` is a LANG with a subscript, which a shell works out.
      HARMLESS_SETTING.test(one.text) &&
      one.index === undefined &&
      !one.append &&
      one.value.type === 'Word' &&
      textOf(one.value) !== undefined,
  )
  if (!command.name || !settings || !command.redirects.every(isHarmless)) return undefined
  const words = [command.name, ...command.args].map((word) =>
    word.type === 'Word' ? textOf(word) : undefined,
  )
  return words.every((word) => word !== undefined) ? words : undefined
}

function textOf({ text, value, parts }: Word): string | undefined {
  if (!parts) return text === value && PLAIN.test(value) ? value : undefined
  const texts = parts.map((part) => {
    if (part.type === 'SingleQuoted') return part.value
    if (part.type === 'Literal')
      return PLAIN.test(part.value) && part.text === part.value ? part.value : undefined
    if (part.type !== 'DoubleQuoted') return undefined
    return part.parts.every((inner) => inner.type === 'Literal')
      ? part.parts.map((inner) => (inner.type === 'Literal' ? inner.value : '')).join('')
      : undefined
  })
  return texts.every((one) => one !== undefined) ? texts.join('') : undefined
}

/** `2>/dev/null` and `2>&1` say where errors are shown. */
function isHarmless(one: Redirection): boolean {
  if (one.type === 'HereDoc' || one.type === 'HereString') return false
  // A shell takes one digit for a stream; of more it makes a word of the command (dash: `date 10>x` runs `date 10`).
  const { descriptor } = one
  const stream = descriptor?.type === 'FileDescriptor' ? descriptor.value : undefined
  if (descriptor !== undefined && (stream === undefined || descriptor.end - descriptor.pos !== 1))
    return false
  if (stream !== undefined && stream !== 1 && stream !== 2) return false
  const target = one.target && textOf(one.target)
  if (one.operator === '>&') return target === '1' && stream === 2
  return one.operator === '>' && target === '/dev/null'
}
