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
  readonly memory = new LogMemory(
    (request) => this.read(request),
    () => this.now,
  )

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

  private async read(request: LogRequest): Promise<Result<{ text: string; truncatedBytes: number }>> {
    this.asked.push(request)
    if (this.away) return fail('target_unavailable', 'the kubelet does not answer')
    const since = Date.parse(request.sinceTime ?? '1970-01-01T00:00:00Z')
    const chosen = this.lines.filter(({ at }) => at >= since).slice(-(request.tailLines ?? 0))
    const text = chosen.map(({ at, text }) => `${new Date(at).toISOString()} ${text}\n`).join('')
    return ok({ text, truncatedBytes: 0 })
  }
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

  it('reads everything again when so much came that some of it is left out', async () => {
    const web = new Container()
    web.write('old')
    await web.texts()
    for (let i = 0; i < 4_100; i++) web.write(`line ${i}`)
    const texts = await web.texts()
    expect(texts).toHaveLength(4_000)
    expect(texts.at(-1)).toBe('line 4099')
    expect(texts).not.toContain('old')
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

  it('finds the lines of a clock that was set back, two minutes later at the latest', async () => {
    const web = new Container()
    web.write('before')
    await web.texts()
    web.write('of a clock that was set back', web.now - 3_600_000)
    expect(await web.texts()).toEqual(['before'])
    web.now += 121_000
    expect(await web.texts()).toEqual(['before', 'of a clock that was set back'])
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
