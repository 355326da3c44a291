import 'server-only'
import { ok, type Result } from '../../core/result'
import { type LogLine, parseLog } from '../log-text'
import type { ClusterReader, RecentLinesRequest } from '../types'

/** Lines read from each container; the newest ones. */
const LINES = 4_000
/** Standard output and error are written side by side, so a line may come after one that is a little younger. */
const OVERLAP_MS = 2_000
/** A log is read whole again after this: a node's clock that was set back hides new lines from a question by time. */
const WHOLE_AFTER_MS = 120_000
/** Characters of all logs together; those that nobody asked for the longest are forgotten. */
const CHARACTERS_AT_MOST = 32 << 20

type ReadLog = ClusterReader['logs']

interface Remembered {
  instance: string
  lines: readonly LogLine[]
  characters: number
  wholeAt: number
}

/** The newest lines of a container as the cluster has them now, read whole. */
export async function readLines(
  read: ReadLog,
  { namespace, pod, container, previous }: RecentLinesRequest,
): Promise<Result<readonly LogLine[]>> {
  const answer = await read({
    namespace,
    pod,
    tailLines: LINES,
    ...(container ? { container } : {}),
    ...(previous ? { previous } : {}),
  })
  return answer.ok ? ok(parseLog(answer.value.text, pod)) : answer
}

/**
 * Remembers the logs of containers that run, and asks each time only for what was written since. The answer is of this
 * moment: every look asks the cluster. What is remembered counts only for the same run of the container, and while
 * the last seconds of it come again just as they were; in every other case the log is read whole.
 */
export class LogMemory {
  private readonly logs = new Map<string, Remembered>()
  private characters = 0

  constructor(
    private readonly read: ReadLog,
    private readonly now: () => number = Date.now,
  ) {}

  async recent(request: RecentLinesRequest): Promise<Result<readonly LogLine[]>> {
    const { namespace, pod, container, previous, instance } = request
    if (previous || !instance) return readLines(this.read, request)
    const key = JSON.stringify([namespace, pod, container])
    const known = this.logs.get(key)
    const continued = known?.instance === instance ? await this.goOn(known, request) : undefined
    if (continued) {
      this.keep(key, { ...continued, instance })
      return ok(continued.lines)
    }
    const wholeAt = this.now()
    const answer = await readLines(this.read, request)
    if (answer.ok) this.keep(key, { instance, lines: answer.value, wholeAt })
    else this.forget(key)
    return answer
  }

  /** What is known with what was written since; undefined when only the whole log tells. */
  private async goOn(
    { lines, wholeAt }: Remembered,
    { namespace, pod, container }: RecentLinesRequest,
  ): Promise<{ lines: readonly LogLine[]; wholeAt: number } | undefined> {
    const newest = lines.at(-1)
    if (!newest || this.now() - wholeAt > WHOLE_AFTER_MS) return undefined
    // API servers hand the time on to the kubelet in whole seconds.
    const since = Math.floor((newest.at - OVERLAP_MS) / 1_000) * 1_000
    const answer = await this.read({
      namespace,
      pod,
      tailLines: LINES,
      sinceTime: new Date(since).toISOString().replace('.000Z', 'Z'),
      ...(container ? { container } : {}),
    })
    if (!answer.ok || answer.value.truncatedBytes > 0) return undefined
    const come = parseLog(answer.value.text, pod).filter((line) => line.at >= since)
    // With more than that there may be a gap.
    if (come.length >= LINES) return undefined
    const seen = lines.filter((line) => line.at >= since)
    if (seen.length > come.length || seen.some((line, index) => !same(line, come[index]))) return undefined
    if (come.length === seen.length) return { lines, wholeAt }
    return { lines: [...lines, ...come.slice(seen.length)].slice(-LINES), wholeAt }
  }

  private keep(key: string, { instance, lines, wholeAt }: Omit<Remembered, 'characters'>): void {
    this.forget(key)
    const characters = lines.reduce((sum, line) => sum + line.text.length, 0)
    this.logs.set(key, { instance, lines, characters, wholeAt })
    this.characters += characters
    for (const oldest of this.logs.keys()) {
      if (this.characters <= CHARACTERS_AT_MOST) break
      this.forget(oldest)
    }
  }

  private forget(key: string): void {
    this.characters -= this.logs.get(key)?.characters ?? 0
    this.logs.delete(key)
  }
}

function same(one: LogLine, other: LogLine | undefined): boolean {
  return one.at === other?.at && one.text === other.text
}
