import {
  type AndOr,
  type PipelineNode,
  parse,
  type Redirection,
  type Command as ShellCommand,
  type Word,
} from 'unbash'
import type { Command, Filter } from './command'
import { readCurl } from './curl'
import { readKubectl } from './kubectl'

/** Programs whose work on text Crashcart does itself, or understands as part of an operation. */
const FILTERS = new Set([
  'grep',
  'egrep',
  'head',
  'tail',
  'wc',
  'sort',
  'uniq',
  'cut',
  'tr',
  'awk',
  'sed',
  'jq',
  'column',
  'base64',
  'xargs',
  'cat',
])

/** Longest line that is looked at; longer ones are manual. */
const MAX_LINE = 8_192

// A shell would read <name> as a redirection, so placeholders travel through its grammar in disguise.
const OPEN = '\uE000'
const CLOSE = '\uE001'
const PLACEHOLDER = /<([A-Za-z][A-Za-z0-9_.-]*)>/g

export type ParsedLine = { commands: Command[] } | { manual: string }

class Manual extends Error {}

/**
 * One command line (continuations joined) as commands that operations can recognise: one, or several joined
 * by `&&` or `;`. What a shell would have to do (variables, substitutions, redirections, jobs) is a reason
 * for a manual step.
 */
export function parseCommandLine(text: string, line: number): ParsedLine {
  if (text.length > MAX_LINE) return { manual: `The line is longer than ${MAX_LINE} characters.` }
  if (/[\uE000\uE001]/.test(text))
    return { manual: 'The line holds characters that are not for use in text.' }
  const bare = text.replace(/^\s*[$%]\s+/, '').trim()
  const disguised = bare.replace(PLACEHOLDER, `${OPEN}$1${CLOSE}`)
  try {
    const script = parse(disguised)
    if (script.errors && script.errors.length > 0)
      return { manual: `It is not a complete command line: ${script.errors[0]?.message ?? 'syntax error'}.` }
    const commands = script.commands.flatMap((statement) => {
      if (statement.background) throw new Manual('It runs something in the background.')
      return read(statement.command, line)
    })
    if (commands.length === 0) return { manual: 'It holds no command.' }
    const only = commands.length === 1 ? bare : undefined
    return { commands: commands.map((command) => (only ? { ...command, text: only } : command)) }
  } catch (cause) {
    if (cause instanceof Manual) return { manual: cause.message }
    throw cause
  }
}

function read(node: PipelineNode | AndOr, line: number): Command[] {
  switch (node.type) {
    case 'Command':
      return [command([node], line)]
    case 'Pipeline':
      return [pipeline(node.commands, line)]
    case 'AndOr':
      if (node.operators.some((operator) => operator !== '&&'))
        throw new Manual('What runs depends on whether another command fails (||).')
      return node.commands.flatMap((one) => read(one, line))
    default:
      throw new Manual(`It is a shell ${SHELL_WORDS[node.type] ?? 'construct'}, which a person runs.`)
  }
}

const SHELL_WORDS: Record<string, string> = {
  For: 'loop',
  While: 'loop',
  If: 'condition',
  Case: 'condition',
  Function: 'function',
  Subshell: 'sub-shell',
  BraceGroup: 'group',
}

function pipeline(nodes: readonly PipelineNode[], line: number): Command {
  const commands = nodes.map((node) => {
    if (node.type !== 'Command') throw new Manual('One stage of the pipe is not a plain command.')
    return node
  })
  return command(commands, line)
}

function command(nodes: readonly ShellCommand[], line: number): Command {
  const [first, ...rest] = nodes.map(argvOf)
  const argv = withoutWrappers(first ?? [])
  const filters: Filter[] = rest.map((words) => {
    const program = words[0] ?? ''
    if (!FILTERS.has(program))
      throw new Manual(`The pipe goes into ${program || 'nothing'}, which does not run here.`)
    return { program, argv: words }
  })
  return interpret(argv, filters, nodes.map((node) => restore(nodeText(node))).join(' | '), line)
}

function nodeText(node: ShellCommand): string {
  return [node.name, ...node.args].flatMap((word) => (word ? [word.text] : [])).join(' ')
}

/** What an argv is: kubectl (also k and oc), curl, or another program. */
export function interpret(argv: string[], filters: Filter[], text: string, line: number): Command {
  const base = { argv, filters, text, line }
  const program = argv[0]?.split('/').at(-1) ?? ''
  if (['kubectl', 'k', 'oc'].includes(program)) {
    const read = readKubectl(argv.slice(1))
    if ('manual' in read) throw new Manual(read.manual)
    const { innerArgv, ...kubectl } = read
    return {
      ...base,
      ...kubectl,
      ...(innerArgv ? { inner: interpret(innerArgv, [], innerArgv.join(' '), line) } : {}),
    }
  }
  if (program === 'curl') {
    const read = readCurl(argv)
    if ('manual' in read) throw new Manual(read.manual)
    return { ...base, ...read }
  }
  return { ...base, program: 'other', name: program }
}

function withoutWrappers(argv: string[]): string[] {
  return argv[0] === 'sudo' || argv[0] === 'time' ? withoutWrappers(argv.slice(1)) : argv
}

function argvOf(node: ShellCommand): string[] {
  if (node.prefix.some((one) => one.type === 'Assignment'))
    throw new Manual('It sets a variable for later lines.')
  const redirects = node.redirects
  if (redirects.length > 0) throw new Manual(redirection(redirects))
  if (!node.name) throw new Manual('It holds no command.')
  return [node.name, ...node.args].map((word) => (word.type === 'Word' ? wordText(word) : restore(word.text)))
}

function redirection(redirects: readonly Redirection[]): string {
  return redirects.some((one) => String(one.operator).startsWith('<'))
    ? 'It reads from a file or a here-document.'
    : 'It writes to a file.'
}

function wordText(word: Word): string {
  for (const part of word.parts ?? []) {
    const inner = part.type === 'DoubleQuoted' ? part.parts : [part]
    for (const one of inner) {
      if (one.type === 'SimpleExpansion' || one.type === 'ParameterExpansion')
        throw new Manual(`It uses the variable ${restore(one.text)}.`)
      if (one.type === 'CommandExpansion') throw new Manual('It uses the output of another command ($(…)).')
      if (one.type === 'ArithmeticExpansion' || one.type === 'ProcessSubstitution')
        throw new Manual('It has a shell compute something first.')
    }
  }
  return restore(word.value)
}

function restore(text: string): string {
  return text.replaceAll(OPEN, '<').replaceAll(CLOSE, '>')
}
