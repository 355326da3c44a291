import type { Command, CurlCommand, Filter, KubectlCommand, OtherCommand } from '../command'
import { readCurl } from '../curl'
import { readKubectl } from '../kubectl'
import { refuseKubectl } from './kubectl-reasons'
import { nameWords } from './name-words'
import { asKubectl } from './oc'
import type { Placeholders } from './placeholders'
import { manual, StaysManual } from './reasons'
import { programOf } from './wrappers'

export interface Call {
  /** Words with placeholders still in disguise. */
  argv: string[]
  filters: Filter[]
  /** What it reads from its standard input. */
  stdin: string | undefined
  text: string
  repeated: boolean
}

/**
 * What a call is: kubectl (also k and oc), curl, or another program. Names that nobody can fill in are added to
 * `unbound`. Throws StaysManual.
 */
export function interpret(call: Call, placeholders: Placeholders, unbound: string[]): Command {
  const program = programOf(placeholders.restore(call.argv[0] ?? ''))
  if (program === 'kubectl' || program === 'oc') return kubectlOf(call, program, placeholders, unbound)
  const argv = call.argv.map((word) => placeholders.restore(word))
  if (call.stdin !== undefined) manual('unusedInput', program)
  if (program !== 'curl') return complete({ program: 'other', name: program }, argv, call)
  const read = readCurl(argv)
  if ('manual' in read) throw new StaysManual(read.manual)
  return complete(read, argv, call)
}

function kubectlOf(
  call: Call,
  program: 'kubectl' | 'oc',
  placeholders: Placeholders,
  unbound: string[],
): Command {
  const typed = call.argv.slice(1)
  const named = nameWords(program === 'oc' ? asKubectl(typed) : typed, placeholders, unbound)
  const words = named.map((word) => placeholders.restore(word))
  refuseKubectl(words, call.stdin)
  const read = readKubectl(words)
  if ('manual' in read) throw new StaysManual(read.manual)
  const { innerArgv } = read
  const kubectl: KubectlCommand = read
  if (innerArgv) {
    kubectl.inner = inside(innerArgv)
    delete read.innerArgv
  }
  // What oc writes in its own way is written as kubectl does.
  return complete(kubectl, [call.argv[0] ?? '', ...words], call)
}

/** Adds what all commands have, in place: a copy of each would cost more than reading it. */
function complete(
  read: KubectlCommand | CurlCommand | OtherCommand,
  argv: string[],
  { filters, text, stdin, repeated }: Call,
): Command {
  const command: Command = Object.assign(read, { argv, filters, text })
  if (stdin !== undefined) command.stdin = stdin
  if (repeated) command.repeated = true
  return command
}

/** The command inside a container. A curl that is not understood is just a program there. */
function inside(argv: string[]): Command {
  const call: Call = { argv, filters: [], stdin: undefined, text: argv.join(' '), repeated: false }
  const name = argv[0]?.split('/').at(-1) ?? ''
  if (name === 'curl') {
    const read = readCurl(argv)
    if (!('manual' in read)) return complete(read, argv, call)
  }
  return complete({ program: 'other', name }, argv, call)
}
