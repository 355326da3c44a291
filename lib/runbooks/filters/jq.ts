import 'server-only'
import { Worker } from 'node:worker_threads'
import { fromOctets, type Stage, toOctets } from './lines'
import { CouldNotFinish, NotUnderstood, noFiles, readOptions, wholeNumber } from './options'

const LIMIT_MS = 5_000
const MAX_INPUT = 4 << 20
const MAX_PROGRAM = 4_000

const LONG = {
  'raw-output': 'r',
  'compact-output': 'c',
  slurp: 's',
  'sort-keys': 'S',
  'null-input': 'n',
  'raw-input': 'R',
  'join-output': 'j',
  'ascii-output': 'a',
  'exit-status': 'e',
  'monochrome-output': 'M',
}

/*
 * jq runs in a thread of its own, since only a thread can be stopped in the middle of a program that never ends.
 * jq-wasm takes each byte off its input by copying what is left, and trims what it returns; both are put right here.
 */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads')
class Input extends Uint8Array {
  slice(from) { return this.subarray(from) }
}
const Encoder = globalThis.TextEncoder
globalThis.TextEncoder = class extends Encoder {
  encode(text) { return new Input(super.encode(text)) }
}
const Decoder = globalThis.TextDecoder
class Untrimmed extends String {
  trim() { return this.valueOf() }
}
globalThis.TextDecoder = class extends Decoder {
  constructor(...given) { super(...given); this.whole = given[0] === 'utf-8' }
  decode(...given) {
    const text = super.decode(...given)
    return this.whole ? new Untrimmed(text) : text
  }
}
const { raw } = require('jq-wasm')
raw(workerData.input, workerData.program, workerData.flags).then(
  (text) => parentPort.postMessage({ text: String(text) }),
  (cause) => parentPort.postMessage({ complaint: String(cause && cause.message) }),
)
`

/** jq with the switches for how it reads and prints, and --arg; programs that load modules are not understood. */
export function readJq(argv: readonly string[]): Stage {
  const words = [...argv.slice(1)]
  const flags: string[] = []
  const takeOut = (name: string, values: number) => {
    for (let at = words.indexOf(name); at >= 0; at = words.indexOf(name)) {
      const taken = words.splice(at, 1 + values)
      if (taken.length <= values) throw new NotUnderstood(`jq ${name} lacks its value.`)
      if (name === '--indent' && wholeNumber('jq --indent', taken[1] ?? '') > 7)
        throw new NotUnderstood('jq indents by at most 7.')
      flags.push(...taken)
    }
  }
  takeOut('--arg', 2)
  takeOut('--argjson', 2)
  takeOut('--indent', 1)
  takeOut('--tab', 0)
  const { given, operands } = readOptions(words, { program: 'jq', switches: 'rcsSnRjaeM', long: LONG })
  flags.push(...given.map(([letter]) => `-${letter}`))
  const [program = '.', ...rest] = operands
  noFiles('jq', rest)
  if (program.length > MAX_PROGRAM)
    throw new NotUnderstood(`The jq program is longer than ${MAX_PROGRAM} characters.`)
  if (
    /(?:^|[^.\w$"])(?:import|include|input_filename|env|debug|stderr)\b|\$ENV\b|\$__prog_args\b/.test(program)
  )
    throw new NotUnderstood('The jq program uses modules, files or the environment.')
  if (program.startsWith('-')) throw new NotUnderstood('The jq program begins with a dash.')
  return (octets) => {
    if (octets.length > MAX_INPUT) throw new CouldNotFinish('There is more than 4 MiB for jq to read.')
    return inThread(fromOctets(octets), program, flags)
  }
}

function inThread(input: string, program: string, flags: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(THREAD, {
      eval: true,
      workerData: { input, program, flags },
      env: {},
      execArgv: [],
      // What the WebAssembly prints when it gives up; the complaint says it as well.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    })
    const timer = setTimeout(() => {
      finish(() => reject(new CouldNotFinish(`jq took longer than ${LIMIT_MS / 1000} s.`)))
    }, LIMIT_MS)
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      settle()
      thread.terminate().catch((cause: unknown) => console.error('a jq thread did not end', cause))
    }
    thread.once('message', (answer: { text?: string; complaint?: string }) =>
      finish(() =>
        answer.text === undefined
          ? reject(new CouldNotFinish(complaint(answer.complaint ?? '')))
          : resolve(toOctets(answer.text)),
      ),
    )
    thread.once('error', (cause) => {
      console.error('jq broke', cause)
      finish(() => reject(new CouldNotFinish('jq broke; the server log says where.')))
    })
    thread.once('exit', () => finish(() => reject(new CouldNotFinish('jq ended without an answer.'))))
  })
}

/** The first line of what jq says of a program or a document. */
function complaint(text: string): string {
  if (text.includes('Aborted(')) return 'jq ran out of memory.'
  const [line = ''] = text.replace(/^Failed to execute raw query: /, '').split('\n')
  return `${line.replace(/^jq: (?:error:? ?)?/, 'jq says: ').slice(0, 300)}.`
}
