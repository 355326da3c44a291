import { describe, expect, it } from 'vitest'
import { parseLog } from '../targets/log-text'
import { judgeLog, type LogEntry } from './log-lines'
import { templateOf } from './log-meaning'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const entry = (secondsAgo: number, text: string, pod = 'web-1'): LogEntry => ({
  at: NOW - secondsAgo * 1000,
  pod,
  text,
})
const judge = (entries: LogEntry[]) => judgeLog(entries, NOW, 'web')

describe('log text', () => {
  it('is read in linear time, however long a program makes its lines', () => {
    const started = performance.now()
    const hostile = `2026-03-01T11:59:59Z ERROR ${'circuit '.repeat(125_000)}`
    const [line] = parseLog(hostile, 'web-1')
    expect(line?.text).toMatch(/… \(\d+ characters more\)$/)
    expect(judge(parseLog(hostile, 'web-1')).matched).toBe(1)
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it('is split into times and lines; lines without a time are left out', () => {
    const text = '2026-03-01T11:59:58.123456789Z INFO ready\n\nno time here\n2026-03-01T11:59:59Z WARN slow\n'
    expect(parseLog(text, 'web-1')).toEqual([
      { at: Date.parse('2026-03-01T11:59:58.123Z'), pod: 'web-1', text: 'INFO ready' },
      { at: Date.parse('2026-03-01T11:59:59Z'), pod: 'web-1', text: 'WARN slow' },
    ])
  })

  it('masks what varies, so that like lines fall together', () => {
    const one = templateOf('2026-03-01T11:59:59Z GET /api/v1/user took 120ms from 10.0.0.7:4312 id=42 "a"')
    const two = templateOf('2026-03-01T12:00:00Z GET /api/v1/cart took 99ms from 10.1.0.3:99 id=7 "bcd"')
    expect(one).toBe(two)
    expect(templateOf('connection refused')).not.toBe(templateOf('connection reset'))
  })
})

describe('named problems', () => {
  it.each([
    ['ERROR timeout acquiring connection from pool', 'logs.pool-exhausted', 'fail'],
    ['FATAL: password authentication failed for user "app"', 'logs.credentials', 'fail'],
    ['FATAL: sorry, too many clients already', 'logs.too-many-clients', 'fail'],
    ['ERROR dial tcp 10.0.0.3:6379: connection refused', 'logs.refused', 'fail'],
    ['ERROR request timed out workers=8/8', 'logs.workers-blocked', 'fail'],
    ['ERROR invalid signature', 'logs.signature', 'fail'],
    ['WARN token expired', 'logs.token-expired', 'warn'],
    ['WARN 429 for client a', 'logs.rate-limited', 'warn'],
    ['ERROR projection stalled', 'logs.projection-stalled', 'fail'],
    ['WARN inference: open: call rejected', 'logs.breaker-open', 'warn'],
    ['ERROR write failed: no space left on device', 'logs.disk-full', 'fail'],
    ['ERROR something else', 'logs.errors', 'warn'],
  ])('%s', (text, code, severity) => {
    const { findings } = judge([entry(6, text), entry(3, text), entry(1, text)])
    expect(findings.map((one) => [one.code, one.severity])).toEqual([[code, severity]])
  })

  it('are told with lines, pods and time, and the last lines as evidence', () => {
    const text = 'ERROR timeout acquiring connection'
    const { findings } = judge([1, 5, 9, 13, 40].map((at, i) => entry(at, `${text} ${i}`, `web-${i % 2}`)))
    expect(findings[0]).toMatchObject({
      title: 'The connection pool is exhausted: 5 lines on 2 pods in 40 s',
      since: new Date(NOW - 40_000).toISOString(),
    })
    expect(findings[0]?.evidence).toHaveLength(3)
    expect(findings[0]?.evidence.at(-1)).toBe(`web-0: ${text} 0`)
    expect(findings[0]?.remedies).toEqual([
      { operation: 'kubernetes.edit-configmap', params: { key: 'DB_POOL_SIZE' } },
    ])
  })

  it('that have stopped are told and do not weigh', () => {
    const { findings } = judge([300, 298, 296].map((at) => entry(at, 'ERROR timeout acquiring connection')))
    expect(findings[0]).toMatchObject({ severity: 'info', remedies: [] })
    expect(findings[0]?.title).toMatch(/until 5 min ago .* it has stopped$/)
  })

  it('that come seldom go on for longer before they count as stopped', () => {
    const every = (seconds: number, last: number) =>
      judge([2, 1, 0].map((n) => entry(last + n * seconds, 'ERROR invalid signature'))).findings[0]?.severity
    expect(every(10, 40)).toBe('fail')
    expect(every(1, 40)).toBe('info')
    expect(every(60, 90)).toBe('info')
  })

  it('in a line without a level are no problem: words alone prove nothing', () => {
    expect(
      judge([entry(1, 'INFO no connection refused today'), entry(2, 'GET /errors 200')]).findings,
    ).toEqual([])
  })

  it('of a database that starts do not weigh', () => {
    const { findings } = judge([entry(1, 'FATAL: the database system is starting up')])
    expect(findings.map((one) => [one.code, one.severity])).toEqual([['logs.starting', 'info']])
  })

  it('weigh only where they are asked to', () => {
    const entries = [entry(1, 'ERROR invalid signature', 'old'), entry(1, 'INFO fine', 'new')]
    const { findings, matched } = judgeLog(entries, NOW, 'web', (one) => one.pod !== 'old')
    expect(findings).toEqual([])
    expect(matched).toBe(2)
  })
})

describe('views', () => {
  it('are a histogram and groups, the bad ones first', () => {
    const { views } = judge([
      ...[1, 2, 3].map((n) => entry(n, `INFO served in ${n}ms`)),
      entry(70, 'ERROR invalid signature'),
    ])
    const [histogram, groups] = views
    if (histogram?.type !== 'histogram' || groups?.type !== 'groups') throw new Error('other views')
    expect(histogram.buckets).toHaveLength(24)
    expect(histogram.buckets.reduce((sum, one) => sum + one.count, 0)).toBe(4)
    expect(histogram.buckets.reduce((sum, one) => sum + one.bad, 0)).toBe(1)
    expect(groups.groups.map((one) => [one.severity, one.count])).toEqual([
      ['fail', 1],
      ['normal', 3],
    ])
  })

  it('are none without lines', () => {
    expect(judge([])).toEqual({ findings: [], views: [], matched: 0 })
  })
})

describe('levels in the ways loggers write them', () => {
  it.each([
    'time="12:00" level=error msg="dial tcp: connection refused"',
    '{"level":"error","msg":"connection refused"}',
    '{"level":50,"msg":"connect ECONNREFUSED 10.0.0.1:5432"}',
    'E0301 11:59:59.000000       1 proxy.go:12] connection refused',
  ])('%s', (line) => {
    expect(judge([entry(3, line), entry(1, line)]).findings[0]?.code).toBe('logs.refused')
  })

  it('an error without a name of its own is one, and a room is no OOM', () => {
    expect(judge([entry(1, '{"level":"error","msg":"what"}')]).findings[0]?.code).toBe('logs.errors')
    expect(judge([entry(1, 'WARN the chat room is full')]).findings).toEqual([])
    expect(judge([entry(1, '{"level":30,"msg":"connection refused earlier"}')]).findings).toEqual([])
  })
})
