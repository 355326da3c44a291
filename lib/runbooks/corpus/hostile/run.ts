import { type ChildProcess, fork } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hostileDocument } from './documents'
import type { Answer } from './look'

/** At most, per document. */
export const MS_AT_MOST = 2_000
export const HEAP_MB_AT_MOST = 200
/** When a document is given up and its process ended; late enough that a busy machine does not make one endless. */
const GIVE_UP_MS = 15_000
/** What was slow or large once is looked at again: what came before may have left work to the collector. */
const TRIES = 2
const ENDLESS = `it did not end within ${GIVE_UP_MS / 1000} s`

export interface Failure {
  seed: number
  what: string
  bytes: number
  trouble: string
}

export interface HostileReport {
  documents: number
  failures: Failure[]
  slowest: Answer
}

/** Compiles the documents of these seeds in a process with limited memory; one that hangs or runs out of it is told by its seed. */
export async function runHostile(
  seeds: Iterable<number>,
  folder = join(process.cwd(), 'runbooks'),
): Promise<HostileReport> {
  const bases = readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  // What the code itself takes, before any document, does not count.
  const first = await Looker.start(bases)
  const limitMb = Math.ceil(first.heapMb) + HEAP_MB_AT_MOST
  first.end()
  let looker = await Looker.start(bases, limitMb)
  const report: HostileReport = { documents: 0, failures: [], slowest: { seed: -1, ms: 0, heapMb: 0 } }
  for (const seed of seeds) {
    let answer: Answer | undefined
    for (let tries = 0; tries < TRIES && (!answer || isFlaky(answer)); tries++) {
      answer = await looker.ask(seed)
      if (!looker.ended) continue
      looker = await Looker.start(bases, limitMb)
    }
    if (!answer) continue
    report.documents += 1
    if (answer.ms > report.slowest.ms) report.slowest = answer
    const trouble =
      answer.trouble ?? (answer.ms > MS_AT_MOST ? `it took ${Math.round(answer.ms)} ms` : undefined)
    if (trouble === undefined) continue
    const { what, text } = hostileDocument(seed, bases)
    report.failures.push({ seed, what, bytes: Buffer.byteLength(text), trouble })
  }
  looker.end()
  return report
}

/** Time and memory depend on what came before and on what else runs; a crash does not. */
function isFlaky({ ms, trouble }: Answer): boolean {
  return trouble === OUT_OF_MEMORY || trouble === ENDLESS || (trouble === undefined && ms > MS_AT_MOST)
}

const OUT_OF_MEMORY = `it took more than ${HEAP_MB_AT_MOST} MB`

/**
 * A process of its own, not a thread: an expression that is too large for the engine ends all of a process, whichever thread of it
 * compiled the expression.
 */
class Looker {
  ended = false
  private said = ''

  private constructor(
    private readonly child: ChildProcess,
    readonly heapMb: number,
  ) {
    child.on('error', () => {})
    child.on('exit', () => {
      this.ended = true
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.said = (this.said + text).slice(-10_000)
    })
  }

  static start(bases: readonly string[], limitMb?: number): Promise<Looker> {
    const limit = limitMb ? [`--max-old-space-size=${limitMb}`] : []
    const child = fork(fileURLToPath(new URL('./look.ts', import.meta.url)), {
      execArgv: ['--conditions=react-server', '--import', 'tsx', ...limit],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    return new Promise((resolve, reject) => {
      const failed = () => reject(new Error('The process that looks at documents did not start.'))
      child.once('error', failed).once('exit', failed)
      child.once('message', ({ ready }: { ready: number }) => {
        child.off('error', failed).off('exit', failed)
        resolve(new Looker(child, ready))
      })
      child.send({ bases })
    })
  }

  async ask(seed: number): Promise<Answer> {
    const started = performance.now()
    return await new Promise<Answer>((resolve) => {
      const end = (trouble: string) => settle({ seed, ms: performance.now() - started, heapMb: 0, trouble })
      const gone = () => end(this.whyGone())
      const timer = setTimeout(() => {
        this.end()
        end(ENDLESS)
      }, GIVE_UP_MS)
      const settle = (answer: Answer) => {
        clearTimeout(timer)
        this.child.off('close', gone).off('message', settle)
        resolve(answer)
      }
      this.child.once('close', gone).once('message', settle)
      this.child.send({ seed })
    })
  }

  /** An engine that gives up says why on its way out. */
  private whyGone(): string {
    const fatal = /FATAL ERROR: (.*)/.exec(this.said)?.[1]
    if (fatal?.includes('heap')) return OUT_OF_MEMORY
    return `its process ended: ${fatal ?? (this.said.trim().split('\n').at(-1) || 'without a word')}`
  }

  end(): void {
    this.ended = true
    this.child.kill('SIGKILL')
  }
}
