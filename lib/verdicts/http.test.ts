import { describe, expect, it } from 'vitest'
import { type Answer, judgeEvents, judgeHealth } from './http'

const answer = (from: string, status: number, body: unknown = '', ms = 12): Answer => ({
  from,
  status,
  ms,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const silent = (from: string): Answer => ({ from, error: 'connection refused' })
const RESTART = [{ operation: 'kubernetes.rollout-restart' }]

describe('a health endpoint', () => {
  const judge = (...answers: Answer[]) => judgeHealth('GET /health', answers, RESTART)
  const codes = (...answers: Answer[]) =>
    judge(...answers).findings.map((one) => `${one.severity} ${one.code}`)

  it('is well with 200 everywhere', () => {
    expect(judge(answer('a', 200, { status: 'ok' }), answer('b', 200, { status: 'ok' }, 40))).toMatchObject({
      findings: [],
      healthy: 'GET /health answers 200 on 2 of 2 in at most 40 ms',
    })
  })

  it('that errors says which part is unwell, in its own words', () => {
    const body = {
      status: 'down',
      checks: { database: { status: 'down', error: 'pool exhausted' }, cache: {} },
    }
    const [finding] = judge(answer('a', 503, body), answer('b', 200)).findings
    expect(finding).toMatchObject({
      severity: 'warn',
      code: 'http.error',
      title: 'GET /health answers HTTP 503 on 1 of 2: database: pool exhausted',
      remedies: RESTART,
    })
  })

  it('fails only when all of them do', () => {
    expect(codes(answer('a', 500), answer('b', 503))).toEqual(['fail http.error'])
    expect(codes(silent('a'), silent('b'))).toEqual(['fail http.silent'])
    expect(codes(silent('a'), answer('b', 200))).toEqual(['warn http.silent'])
  })

  it('that is slow or degraded warns', () => {
    expect(codes(answer('a', 200, '', 3_200))).toEqual(['warn http.slow'])
    expect(codes(answer('a', 200, { status: 'degraded' }))).toEqual(['warn http.degraded'])
  })
})

describe('the health of events', () => {
  const judge = (...projections: object[]) =>
    judgeEvents('GET /events/health', [answer('a', 200, { status: 'ok', lag: 3, projections })], RESTART)

  it('is well when projections run', () => {
    expect(judge({ name: 'orders', lag: 3, status: 'running' })).toMatchObject({
      findings: [],
      healthy: '1 projection running, at most 3 events behind',
    })
  })

  it('fails when one has stopped or is corrupt', () => {
    expect(judge({ name: 'orders', lag: 4_100, status: 'stalled' }).findings).toMatchObject([
      { code: 'events.stalled', title: 'The projection orders has stopped, 4,100 events behind' },
    ])
    expect(judge({ name: 'orders', status: 'corrupt' }).findings).toMatchObject([
      {
        code: 'events.corrupt',
        remedies: [{ operation: 'http.rebuild', params: { path: '/events/rebuild' } }],
      },
    ])
  })

  it('is that of the worst pod', () => {
    const body = (status: string) => ({ projections: [{ name: 'orders', status, lag: 1 }] })
    const { findings } = judgeEvents(
      'it',
      [answer('a', 200, body('running')), answer('b', 200, body('stalled'))],
      [],
    )
    expect(findings.map((one) => one.code)).toEqual(['events.stalled'])
  })

  it('holds a body that is no JSON', () => {
    expect(judgeEvents('it', [answer('a', 502, '<html>')], []).findings[0]?.code).toBe('http.error')
  })
})

describe('an event store whose answer cannot be read', () => {
  const judge = (body: unknown) => judgeEvents('GET /events/health', [answer('a', 200, body)], []).findings

  it('was not looked at', () => {
    expect(judge('<html>ok</html>')).toMatchObject([{ severity: 'unknown', code: 'events.unreadable' }])
  })

  it('warns of a state it does not know', () => {
    const body = { status: 'ok', projections: [{ name: 'orders', status: 'failed', lag: 3 }] }
    expect(judge(body)).toMatchObject([{ severity: 'warn', code: 'events.state' }])
  })
})
