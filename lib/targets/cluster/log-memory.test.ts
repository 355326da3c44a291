import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { fail, ok, type Result } from '../../core/result'
import type { LogRequest } from '../types'
import { LogMemory } from './log-memory'

const START = Date.parse('2026-03-01T12:00:00Z')

/** A container's log as a kubelet serves it, and what was asked of it. */
class Container {
  lines: { at: number; text: string }[] = []
  readonly asked: LogRequest[] = []
  away = false
  now = START
  /** What the time of day is beside the steady clock. */
  wall: number | undefined
  readonly memory = new LogMemory((request) => this.read(request), {
    steady: () => this.now,
    wall: () => this.wall ?? this.now,
  })

  write(text: string, at = this.now): void {
    this.lines.push({ at, text })
  }

  async texts(instance = 'first'): Promise<string[] | string> {
    const answer = await this.memory.recent({ namespace: 'shop', pod: 'web-1', instance })
    return answer.ok ? answer.value.map(({ text }) => text) : answer.error.message
  }

  /** Since when the last question asked. */
  get since(): string | undefined {
    return this.asked.at(-1)?.sinceTime
  }

  private async read(request: LogRequest): Promise<Result<{ text: string; cut: boolean }>> {
    this.asked.push(request)
    if (this.away) return fail('target_unavailable', 'the kubelet does not answer')
    const since = Date.parse(request.sinceTime ?? '1970-01-01T00:00:00Z')
    const chosen = this.lines.slice(-(request.tailLines ?? 0)).filter(({ at }) => at >= since)
    const text = chosen.map(({ at, text }) => `${new Date(at).toISOString()} ${text}\n`).join('')
    const limit = request.limitBytes ?? 4 << 20
    return ok({ text: text.slice(0, limit), cut: text.length > limit })
  }
}

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** Bytes of the heap that something still refers to. */
function heap(): number {
  collect()
  return process.memoryUsage().heapUsed
}

describe('logs are remembered', () => {
  it('asks for what is new, and answers with all of it', async () => {
    const web = new Container()
    web.write('one')
    web.now += 60_000
    web.write('two')
    expect(await web.texts()).toEqual(['one', 'two'])
    expect(web.since).toBeUndefined()
    web.now += 1_500
    web.write('three')
    expect(await web.texts()).toEqual(['one', 'two', 'three'])
    // Two seconds before the newest line, in whole seconds as an API server hands them on.
    expect(web.since).toBe('2026-03-01T12:00:58Z')
    expect(await web.texts()).toEqual(['one', 'two', 'three'])
  })

  it('keeps equal lines of the same moment apart', async () => {
    const web = new Container()
    web.write('same')
    web.write('same')
    await web.texts()
    web.write('same')
    expect(await web.texts()).toEqual(['same', 'same', 'same'])
  })

  it('takes a line that came late though it is a little older', async () => {
    const web = new Container()
    web.write('out')
    await web.texts()
    web.write('error', web.now - 800)
    expect(await web.texts()).toEqual(['out', 'error'])
  })

  it('reads a container that was started anew as a whole', async () => {
    const web = new Container()
    web.write('of the first run')
    await web.texts('first')
    web.lines = []
    web.write('of the second run', web.now - 30_000)
    expect(await web.texts('second')).toEqual(['of the second run'])
    expect(web.since).toBeUndefined()
  })

  it('reads everything again when what it knows does not come again', async () => {
    const web = new Container()
    web.write('a')
    web.write('b')
    await web.texts()
    web.lines = []
    web.write('c')
    expect(await web.texts()).toEqual(['c'])
    expect(web.since).toBeUndefined()
  })

  it('takes the newest 4,000 alone when so many came that there may be a gap', async () => {
    const web = new Container()
    web.write('old')
    await web.texts()
    for (let i = 0; i < 4_100; i++) web.write(`line ${i}`)
    const texts = await web.texts()
    expect(texts).toHaveLength(4_000)
    expect(texts.at(-1)).toBe('line 4099')
    expect(texts).not.toContain('old')
    expect(web.asked).toHaveLength(2)
  })

  it('reads fewer lines where the kubelet would stop before the newest', async () => {
    const web = new Container()
    for (let i = 0; i < 3_000; i++) web.write(`${i} ${'x'.repeat(3_000)}`)
    web.write('ERROR password authentication failed')
    const texts = await web.texts()
    expect(texts.at(-1)).toBe('ERROR password authentication failed')
    expect(texts).toHaveLength(1_000)
    for (let i = 0; i < 100; i++) web.write('y'.repeat(90_000))
    expect(await web.texts()).toBe('the newest 50 lines of web-1 are too long to be read')
  })

  it('says so where the runtime answers with words in place of a log', async () => {
    const odd = new LogMemory(async () =>
      ok({ text: 'unable to retrieve container logs for containerd://1\n', cut: false }),
    )
    expect(await odd.recent({ namespace: 'shop', pod: 'web-1', instance: 'first' })).toMatchObject({
      ok: false,
      error: {
        message: 'the log of web-1 cannot be read: unable to retrieve container logs for containerd://1',
      },
    })
  })

  it('keeps the newest 4,000', async () => {
    const web = new Container()
    for (let i = 0; i < 3_999; i++) web.write(`line ${i}`, web.now - 60_000)
    await web.texts()
    web.write('x')
    web.write('y')
    const texts = await web.texts()
    expect(texts).toHaveLength(4_000)
    expect([texts[0], texts.at(-1)]).toEqual(['line 1', 'y'])
  })

  it('shows nothing from before when the log cannot be read now', async () => {
    const web = new Container()
    web.write('all is well')
    await web.texts()
    web.away = true
    expect(await web.texts()).toBe('the kubelet does not answer')
    web.away = false
    expect(await web.texts()).toEqual(['all is well'])
    expect(web.since).toBeUndefined()
  })

  it('finds the lines of a clock that was set back, half a minute later at the latest', async () => {
    const web = new Container()
    web.write('before')
    await web.texts()
    web.write('of a clock that was set back', web.now - 3_600_000)
    expect(await web.texts()).toEqual(['before'])
    web.now += 31_000
    expect(await web.texts()).toEqual(['before', 'of a clock that was set back'])
    web.write('and more', web.now - 3_600_000)
    expect(await web.texts()).toEqual(['before', 'of a clock that was set back', 'and more'])
  })

  it('does not go on from lines that are dated in the future', async () => {
    const web = new Container()
    web.write('before')
    web.wall = web.now - 3_600_000
    await web.texts()
    web.write('after', web.wall)
    expect(await web.texts()).toEqual(['before', 'after'])
  })

  it('asks once when the log cannot be read, and says why', async () => {
    const web = new Container()
    web.write('one')
    await web.texts()
    web.away = true
    await web.texts()
    expect(web.asked).toHaveLength(2)
  })

  it.each([
    ['many short lines', Array.from({ length: 4_000 }, () => '')],
    ['a few long ones', Array.from({ length: 10 }, () => 'x'.repeat(300_000))],
  ])('keeps within its bound: %s', async (_which, texts) => {
    const web = new Container()
    for (const text of texts) web.write(text)
    const before = heap()
    for (let i = 0; i < 90; i++)
      await web.memory.recent({ namespace: 'shop', pod: `web-${i}`, instance: 'first' })
    const { logs, bytes } = web.memory.size
    expect(bytes).toBeLessThanOrEqual(64 << 20)
    expect(logs).toBeGreaterThan(60)
    expect(heap() - before).toBeLessThan(2 * bytes)
    web.memory.stop()
    expect(web.memory.size).toEqual({ logs: 0, bytes: 0 })
  })

  it('asks for former containers, and for those of which the run is not known, as they are', async () => {
    const web = new Container()
    web.write('one')
    const of = { namespace: 'shop', pod: 'web-1' }
    for (let i = 0; i < 2; i++) {
      await web.memory.recent({ ...of, previous: true })
      await web.memory.recent(of)
    }
    expect(web.asked.map(({ sinceTime }) => sinceTime)).toEqual([undefined, undefined, undefined, undefined])
  })
})
