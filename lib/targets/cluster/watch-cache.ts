import 'server-only'
import type { ErrorCode } from '../../core/errors'
import { log } from '../../core/log'
import { RESOURCE } from '../resource-types'
import type { KubeObject } from '../types'
import { countNow, listPages } from './listing'
import type { Transport } from './transport'
import { SILENCE_MS, type WatchEvent, watchOnce } from './watch-stream'

/** What changed since the list, or since the watch before, comes first, and has this long to come. */
const CATCH_UP_MS = 250
/** How long a reader waits for a list or a watch that is on its way, before it asks the cluster itself. */
const WAIT_MS = 8_000
/** How long the events of the last moment may take. */
const AGREE_MS = 500
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
/** A watch that held this long was a good one. */
const STOOD_MS = 5_000
/** Rights that are lacking seldom come within seconds, nor do clusters too large to list shrink. */
const HOPELESS: ReadonlySet<ErrorCode> = new Set(['forbidden', 'invalid_input', 'internal'])
const HOPELESS_PAUSE_MS = 5 * 60_000
/** A fix that deletes pods one by one leads to one new list, not to one for each. */
const AFTER_WRITE_MS = 1_000
/** Without a reader for this long there is no reason to watch. */
const IDLE_MS = 30 * 60_000

/** `open`: follows the cluster. `syncing`: a list or a watch is on its way. `off`: nothing that could be served. */
type State = 'off' | 'syncing' | 'open'

/**
 * The pods of all namespaces, kept by one list and a watch from it. It serves only what is proven to be the present
 * state (see `now`); everything else is the caller's to read. Starts at the first question, ends with `stop`.
 */
export class PodCache {
  private readonly pods = new Map<string, KubeObject>()
  private sorted: KubeObject[] | undefined
  private state: State = 'off'
  /** The resourceVersion up to which changes are known; undefined when only a new list helps. */
  private version: string | undefined
  private heardAt = 0
  private askedAt = 0
  private life: AbortController | undefined
  /** One list with the watches from it, until a write ends it. */
  private round = new AbortController()
  private readonly waiting = new Set<() => void>()

  constructor(private readonly transport: Transport) {}

  /**
   * The pods of all namespaces by namespace and name, or undefined when this cannot vouch for them. They are served
   * only while the watch stands and was heard of lately, and when the API server, asked at this moment, answers and
   * counts as many pods as are known here.
   */
  async now({ mayWait }: { mayWait: boolean }): Promise<KubeObject[] | undefined> {
    this.askedAt = Date.now()
    this.start()
    if (mayWait) await this.until(() => this.state !== 'syncing', WAIT_MS)
    const { round } = this
    const fresh = () =>
      round === this.round && this.state === 'open' && Date.now() - this.heardAt < SILENCE_MS
    if (!fresh() || !(await this.agrees(round.signal)) || !fresh()) return undefined
    this.sorted ??= [...this.pods].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pod]) => pod)
    return this.sorted
  }

  /** Crashcart has written to a pod: what is known here may be from before, until pods have been listed again. */
  expire(): void {
    this.version = undefined
    if (!this.life) return
    this.turn('off')
    this.round.abort()
    this.round = new AbortController()
  }

  /** Ends the watch and forgets everything; the next question starts anew. */
  stop(): void {
    this.life?.abort()
    this.life = undefined
    this.expire()
    this.pods.clear()
    this.sorted = undefined
    this.turn('off')
  }

  private start(): void {
    if (this.life) return
    const life = new AbortController()
    this.life = life
    this.round = new AbortController()
    this.turn('syncing')
    void this.follow(life.signal)
      .catch((cause: unknown) => log.error({ err: cause }, 'Watching pods broke off'))
      .finally(() => {
        if (this.life === life) this.stop()
      })
  }

  private async follow(life: AbortSignal): Promise<void> {
    let pause = FIRST_PAUSE_MS
    while (!life.aborted && Date.now() - this.askedAt < IDLE_MS) {
      const { round } = this
      const signal = AbortSignal.any([life, round.signal])
      const began = Date.now()
      this.turn('syncing')
      const end = await this.step(signal)
      if (life.aborted) return
      const ended = end === 'over' || end === 'gone'
      this.turn(ended ? 'syncing' : 'off')
      const stood = Date.now() - began > STOOD_MS
      if (stood) pause = FIRST_PAUSE_MS
      // Servers that end every watch at once, or refuse every version, must not be asked without a break.
      if (ended && stood) continue
      if (round.signal.aborted) await sleep(AFTER_WRITE_MS, AbortSignal.any([life, this.round.signal]))
      else if (end === 'hopeless') await sleep(HOPELESS_PAUSE_MS, life)
      else pause = await this.rest(pause, signal)
    }
  }

  /** Lists when there is nothing to go on from, then watches until the watch ends. */
  private async step(signal: AbortSignal): Promise<'over' | 'gone' | 'broken' | 'hopeless'> {
    if (this.version === undefined) {
      const answer = await listPages(this.transport, RESOURCE.Pod, {}, signal)
      if (signal.aborted) return 'broken'
      if (!answer.ok) return HOPELESS.has(answer.error.code) ? 'hopeless' : 'broken'
      // From no version a watch would begin with what the server happens to have: that is no list to rely on.
      if (answer.value.version === '') return 'hopeless'
      this.pods.clear()
      this.sorted = undefined
      for (const pod of answer.value.items) this.pods.set(keyOf(pod), trimmed(pod))
      this.version = answer.value.version
    }
    let catchUp: NodeJS.Timeout | undefined
    const stands = () => {
      if (!signal.aborted) this.turn('open')
    }
    const { end, ...why } = await watchOnce(this.transport, {
      type: RESOURCE.Pod,
      version: this.version,
      signal,
      opened: () => {
        this.heardAt = Date.now()
        catchUp = setTimeout(stands, CATCH_UP_MS)
      },
      happened: (event) => this.apply(event),
    })
    clearTimeout(catchUp)
    if (signal.aborted) return 'broken'
    if (end === 'gone') this.version = undefined
    return 'error' in why && why.error && HOPELESS.has(why.error.code) ? 'hopeless' : end
  }

  private apply({ type, object }: WatchEvent): void {
    this.heardAt = Date.now()
    this.version = object.metadata.resourceVersion
    if (type === 'BOOKMARK') return
    if (type === 'DELETED') this.pods.delete(keyOf(object))
    else this.pods.set(keyOf(object), trimmed(object))
    this.sorted = undefined
    this.wake()
  }

  /** Whether the API server answers now and counts as many pods as there were here at some moment since it was asked. */
  private async agrees(signal: AbortSignal): Promise<boolean> {
    const sizes = new Set([this.pods.size])
    const { version = '' } = this
    const note = () => void sizes.add(this.pods.size)
    this.waiting.add(note)
    try {
      const counted = await countNow(this.transport, RESOURCE.Pod)
      if (!counted.ok || signal.aborted) return false
      const { count } = counted.value
      // The cluster was put back to an earlier state: a watch from a version to come would be silent about it.
      const wentBack = Number(counted.value.version) < Number(version)
      // Servers need not say how many there are.
      if (count === undefined && !wentBack) return true
      const counts = () => count !== undefined && sizes.has(count)
      if (!wentBack) await this.until(() => counts() || signal.aborted, AGREE_MS)
      const agreed = !wentBack && counts()
      // Something was missed, or comes late: only a new list tells.
      if (!agreed && !signal.aborted) this.expire()
      return agreed
    } finally {
      this.waiting.delete(note)
    }
  }

  private turn(state: State): void {
    this.state = state
    this.wake()
  }

  private wake(): void {
    for (const wake of [...this.waiting]) wake()
  }

  /** Waits until something holds, at most so long. */
  private until(holds: () => boolean, limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.waiting.delete(look)
        resolve()
      }
      const look = () => (holds() ? done() : undefined)
      const timer = setTimeout(done, limitMs)
      this.waiting.add(look)
      look()
    })
  }

  /** Rests with a random share, so that replicas do not come back together; gives the next, longer pause. */
  private async rest(pause: number, signal: AbortSignal): Promise<number> {
    await sleep(pause * (0.5 + Math.random() / 2), signal)
    return Math.min(pause * 2, LONGEST_PAUSE_MS)
  }
}

function keyOf(pod: KubeObject): string {
  return `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`
}

/** A third of a pod is who wrote which of its fields, and no verdict reads that. */
function trimmed(pod: KubeObject): KubeObject {
  const { managedFields: _managed, ...metadata } = pod.metadata
  return { ...pod, metadata }
}

/** Sleeps, or until the signal; keeps no process alive. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    timer.unref()
    signal.addEventListener('abort', done, { once: true })
    if (signal.aborted) done()
  })
}
