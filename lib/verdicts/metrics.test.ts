import { describe, expect, it } from 'vitest'
import type { Answer } from './http'
import { judgeMetrics, parseMetrics } from './metrics'

const answer = (from: string, status: number, body: unknown = '', ms = 12): Answer => ({
  from,
  status,
  ms,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const RESTART = [{ operation: 'kubernetes.rollout-restart' }]

describe('the Prometheus text format', () => {
  it('is read with labels, escapes, special values and times', () => {
    const { samples, bad } = parseMetrics(
      [
        '# HELP requests_total Requests.',
        '# TYPE requests_total counter',
        'requests_total{path="/a b",code="200"} 1027 1395066363000',
        'quoted{text="say \\"hi\\", {x}"} 1',
        'up 1',
        'latency_bucket{le="+Inf"} 1.5e+03',
        'broken NaN',
        'most +Inf',
        '',
      ].join('\n'),
    )
    expect(bad).toBe(0)
    expect(samples.map((one) => [one.name, one.value])).toEqual([
      ['requests_total', 1027],
      ['quoted', 1],
      ['up', 1],
      ['latency_bucket', 1500],
      ['broken', Number.NaN],
      ['most', Number.POSITIVE_INFINITY],
    ])
    expect(samples[0]?.labels).toEqual({ path: '/a b', code: '200' })
    expect(samples[1]?.labels).toEqual({ text: 'say \\"hi\\", {x}' })
  })

  it('counts lines that are none', () => {
    expect(parseMetrics('<html>\nup one\n2fast 1\nup 1').bad).toBe(3)
  })
})

describe('a metrics endpoint', () => {
  const judge = (answers: Answer[], focus?: string) => judgeMetrics('GET /metrics', answers, focus, RESTART)

  it('is well with samples', () => {
    expect(judge([answer('a', 200, 'up 1\nx 2')])).toMatchObject({ findings: [], figure: '2 metrics' })
  })

  it('that is empty fails, that has odd lines warns', () => {
    expect(judge([answer('a', 200, '')]).findings[0]).toMatchObject({
      severity: 'fail',
      code: 'metrics.empty',
    })
    expect(judge([answer('a', 200, 'up 1\nwhat?')]).findings[0]).toMatchObject({
      severity: 'warn',
      code: 'metrics.format',
    })
  })

  it('tells open breakers by name and pods', () => {
    const body = (state: number) =>
      `circuit_breaker_state{name="inference"} ${state}\ncircuit_breaker_state{name="cms"} 0`
    const all = (...states: number[]) =>
      judge(
        states.map((state, i) => answer(`web-${i}`, 200, body(state))),
        'circuit_breaker',
      )
    expect(all(0, 0)).toMatchObject({ findings: [], healthy: '2 breakers closed on 2 pods' })
    expect(all(2, 0).findings).toMatchObject([
      { severity: 'warn', code: 'breaker.open', title: 'The breaker inference is open on 1 of 2 pods' },
    ])
    expect(all(2, 2).findings[0]).toMatchObject({ severity: 'fail', evidence: ['web-0', 'web-1'] })
    expect(all(1, 0).findings[0]).toMatchObject({ severity: 'warn', code: 'breaker.half-open' })
  })

  it('does not call a state healthy that it does not know', () => {
    const odd = answer('a', 200, 'circuit_breaker_state{name="cms"} 7')
    expect(judge([odd], 'circuit_breaker').findings).toMatchObject([
      { severity: 'unknown', title: expect.stringContaining('neither closed (0)') },
    ])
  })

  it('without the metrics one looks for says so', () => {
    expect(judge([answer('a', 200, 'up 1')], 'circuit_breaker').findings[0]?.code).toBe(
      'metrics.focus-missing',
    )
  })
})
