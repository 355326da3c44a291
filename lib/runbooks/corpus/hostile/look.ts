/** A process that compiles hostile documents one after another, and says what each of them led to. */
import childProcess from 'node:child_process'
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { performance } from 'node:perf_hooks'
import { CATALOGUE } from '../../../operations/catalogue'
import { lintRunbook } from '../../lint'
import type { LintReport } from '../../types'
import { hostileDocument } from './documents'

/** What a document led to; `trouble` says what must not have been. */
export interface Answer {
  seed: number
  ms: number
  heapMb: number
  trouble?: string
}

let bases: string[] = []
const touched: string[] = []

/** Replaces what would reach out of the process. Only now: loading the code above started the compiler of tsx. */
function watch(owner: object, names: readonly string[], what: string): void {
  for (const name of names) {
    if (typeof Reflect.get(owner, name) !== 'function') continue
    Reflect.set(owner, name, () => {
      touched.push(`${what} (${name})`)
      throw new Error(`A document must not lead to this: ${what}.`)
    })
  }
}
watch(childProcess.ChildProcess.prototype, ['spawn'], 'a process was started')
watch(
  childProcess,
  ['spawn', 'exec', 'execFile', 'fork', 'spawnSync', 'execSync', 'execFileSync'],
  'a process was started',
)
watch(net.Socket.prototype, ['connect'], 'a connection was opened')
watch(dns, ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveAny', 'reverse'], 'a name was looked up')
watch(
  dns.promises,
  ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveAny', 'reverse'],
  'a name was looked up',
)
syncBuiltinESMExports()

const ownKeys = Reflect.ownKeys(Object.prototype).length

function lookAt(seed: number): Answer {
  const { text } = hostileDocument(seed, bases)
  const before = process.memoryUsage().heapUsed
  const started = performance.now()
  const cpu = process.cpuUsage()
  let trouble: string | undefined
  try {
    trouble = flaw(lintRunbook({ text, file: 'hostile.md', catalogue: CATALOGUE, requests: true }))
  } catch (cause) {
    trouble = `it crashed: ${cause instanceof Error ? (cause.stack ?? cause.message).split('\n').slice(0, 4).join(' ') : String(cause)}`
  }
  const { user, system } = process.cpuUsage(cpu)
  // Of the two the smaller: other programs on the machine do not count, nor does a collector at work beside this one.
  const ms = Math.min(performance.now() - started, (user + system) / 1000)
  const heapMb = (process.memoryUsage().heapUsed - before) / 1_048_576
  if (Reflect.ownKeys(Object.prototype).length !== ownKeys)
    trouble ??= 'it reached the prototype of all objects'
  trouble ??= touched.splice(0)[0]
  return { seed, ms, heapMb, ...(trouble ? { trouble } : {}) }
}

/** What is wrong with a report of whatever document. */
function flaw({ summary, lines }: LintReport): string | undefined {
  if (summary.commandLines !== lines.length || summary.typed + summary.manual !== lines.length)
    return 'the summary does not add up'
  const bad = lines.find((line) => line.outcome === 'manual' && !line.reason)
  if (bad) return `line ${bad.line} is manual without saying why`
  JSON.stringify(lines)
  return undefined
}

process.on('message', (message: { bases: string[] } | { seed: number }) => {
  if ('seed' in message) process.send?.(lookAt(message.seed))
  else {
    bases = message.bases
    process.send?.({ ready: process.memoryUsage().heapUsed / 1_048_576 })
  }
})
// Whoever asked is gone.
process.on('disconnect', () => process.exit())
