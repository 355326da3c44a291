import 'server-only'
import { fail, ok, type Result } from '../../core/result'
import { type LogLine, parseLog } from '../log-text'
import type { ClusterReader, RecentLinesRequest } from '../types'

/** Lines read from each container; the newest ones. */
const LINES = 4_000
/** Fewer newest lines than this that are still too much text for one answer are no log to be read here. */
const FEWEST_LINES = 50
/** Standard output and error are written side by side, so a line may come after one that is a little younger. */
const OVERLAP_MS = 2_000
/** A log is read whole again after this, whatever was added to it. */
const WHOLE_AFTER_MS = 10 * 60_000
/** One that says nothing new, sooner: where a node's clock was set back, a question by time hides what is new. */
const QUIET_AFTER_MS = 30_000
/** A newest line from so far in the future is dated by a clock that will be set right. */
const AHEAD_MS = 5_000
/** Estimated memory of all logs together; those that nobody asked for the longest are forgotten. */
const BYTES_AT_MOST = 64 << 20
/** A line beside its text: the object, its time, and what a check makes of it, which is about the text once more. */
const BYTES_A_LINE = 250
const BYTES_A_LOG = 500

type ReadLog = ClusterReader['logs']

interface Remembered {
  instance: string
  lines: readonly LogLine[]
  wholeAt: number
}

/** A clock that is never set, for ages; and the time of day, for what is dated in the future. In ms. */
export interface Clocks {
  steady(): number
  wall(): number
}

/**
 * The newest lines of a container as the cluster has them now, read whole. Where 4,000 of them are more than one answer
 * carries, fewer: a kubelet that has to stop leaves out the newest.
 */
export async function readLines(
  read: ReadLog,
  { namespace, pod, container, previous }: RecentLinesRequest,
): Promise<Result<readonly LogLine[]>> {
  for (let tailLines = LINES; tailLines >= FEWEST_LINES; tailLines = Math.floor(tailLines / 2)) {
    const answer = await read({
      namespace,
      pod,
      tailLines,
      ...(container ? { container } : {}),
      ...(previous ? { previous } : {}),
    })
    if (!answer.ok) return answer
    if (!answer.value.cut) return linesOf(answer.value.text, pod)
  }
  return fail('target_unavailable', `the newest ${FEWEST_LINES} lines of ${pod} are too long to be read`)
}

/** A text without any dated line is no log, but what stands in the place of one: an error of the runtime, say. */
function linesOf(text: string, pod: string): Result<LogLine[]> {
  const lines = parseLog(text, pod)
  return lines.length > 0 || text.trim() === ''
    ? ok(lines)
    : fail('target_unavailable', `the log of ${pod} cannot be read: ${text.trim().slice(0, 200)}`)
}

/**
 * Remembers the logs of containers that run, and asks each time only for what was written since. The answer is of this
 * moment: every look asks the cluster. What is remembered counts only for the same run of the container, and while
 * the last seconds of it come again just as they were; in every other case the log is read whole.
 */
export class LogMemory {
  /** Those that were asked for last come last. */
  private readonly logs = new Map<string, Remembered & { bytes: number }>()
  private bytes = 0
  private cleaning: NodeJS.Timeout | undefined

  constructor(
    private readonly read: ReadLog,
    private readonly clocks: Clocks = { steady: () => performance.now(), wall: () => Date.now() },
  ) {}

  async recent(request: RecentLinesRequest): Promise<Result<readonly LogLine[]>> {
    const { namespace, pod, container, previous, instance } = request
    if (previous || !instance) return readLines(this.read, request)
    const key = JSON.stringify([namespace, pod, container])
    const known = this.logs.get(key)
    if (known?.instance === instance && this.counts(known)) {
      const continued = await this.goOn(known, request)
      if (continued && !continued.ok) {
        this.forget(key)
        return continued
      }
      if (continued) {
        this.keep(key, continued.value)
        return ok(continued.value.lines)
      }
    }
    const wholeAt = this.clocks.steady()
    const answer = await readLines(this.read, request)
    if (answer.ok) this.keep(key, { instance, lines: answer.value.map(ofItsOwn), wholeAt })
    else this.forget(key)
    return answer
  }

  /** Logs in memory, and what they are estimated to take. */
  get size(): { logs: number; bytes: number } {
    return { logs: this.logs.size, bytes: this.bytes }
  }

  /** Forgets everything. */
  stop(): void {
    clearTimeout(this.cleaning)
    this.cleaning = undefined
    this.logs.clear()
    this.bytes = 0
  }

  private counts({ lines, wholeAt }: Remembered): boolean {
    const newest = lines.at(-1)
    return (
      newest !== undefined &&
      newest.at < this.clocks.wall() + AHEAD_MS &&
      this.clocks.steady() - wholeAt < WHOLE_AFTER_MS
    )
  }

  /** What is known with what was written since; undefined when only the whole log tells. */
  private async goOn(
    known: Remembered,
    { namespace, pod, container }: RecentLinesRequest,
  ): Promise<Result<Remembered> | undefined> {
    const { lines, wholeAt } = known
    // API servers hand the time on to the kubelet in whole seconds.
    const since = Math.floor(((lines.at(-1)?.at ?? 0) - OVERLAP_MS) / 1_000) * 1_000
    const askedAt = this.clocks.steady()
    const answer = await this.read({
      namespace,
      pod,
      tailLines: LINES,
      sinceTime: new Date(since).toISOString().replace('.000Z', 'Z'),
      ...(container ? { container } : {}),
    })
    if (!answer.ok) return answer
    if (answer.value.cut) return undefined
    const come = parseLog(answer.value.text, pod).filter((line) => line.at >= since)
    // The newest ones are taken before those since a time, so as many as that are the whole.
    if (come.length >= LINES) return ok({ ...known, lines: come.map(ofItsOwn), wholeAt: askedAt })
    const seen = lines.filter((line) => line.at >= since)
    if (seen.length > come.length || seen.some((line, index) => !same(line, come[index]))) return undefined
    const added = come.slice(seen.length)
    if (added.length === 0) return askedAt - wholeAt < QUIET_AFTER_MS ? ok(known) : undefined
    return ok({ ...known, lines: [...lines, ...added.map(ofItsOwn)].slice(-LINES) })
  }

  private keep(key: string, log: Remembered): void {
    this.forget(key)
    const bytes = log.lines.reduce((sum, { text }) => sum + 2 * text.length + BYTES_A_LINE, BYTES_A_LOG)
    this.logs.set(key, { ...log, bytes })
    this.bytes += bytes
    for (const oldest of this.logs.keys()) {
      if (this.bytes <= BYTES_AT_MOST) break
      this.forget(oldest)
    }
    this.cleanLater()
  }

  private forget(key: string): void {
    this.bytes -= this.logs.get(key)?.bytes ?? 0
    this.logs.delete(key)
  }

  /** What is too old to be gone on from is of no use to anybody, and pods come and go. */
  private cleanLater(): void {
    if (this.cleaning || this.logs.size === 0) return
    this.cleaning = setTimeout(() => {
      this.cleaning = undefined
      for (const [key, log] of this.logs) if (!this.counts(log)) this.forget(key)
      this.cleanLater()
    }, WHOLE_AFTER_MS)
    this.cleaning.unref()
  }
}

/** A line is a piece of the answer's text, and would keep all of that in memory. */
function ofItsOwn(line: LogLine): LogLine {
  line.text = Buffer.from(line.text).toString()
  return line
}

function same(one: LogLine, other: LogLine | undefined): boolean {
  return one.at === other?.at && one.text === other.text
}
