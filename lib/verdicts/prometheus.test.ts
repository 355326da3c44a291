import { describe, expect, it } from 'vitest'
import { appError } from '../core/errors'
import { judgeSeries, judgeTargets, prometheusSilent, type Target } from './prometheus'

const target = (health: string, lastError = '', pod = 'web-1'): Target => ({
  labels: { job: 'backend-api', pod },
  scrapeUrl: 'http://10.0.0.1:8080/metrics',
  health,
  lastError,
})

describe('targets', () => {
  it('that are up are well', () => {
    expect(judgeTargets([target('up'), target('up')], undefined)).toMatchObject({
      findings: [],
      figure: '2 of 2 targets up',
    })
  })

  it('that are down say why, and point at the workload', () => {
    const { findings } = judgeTargets(
      [target('up'), target('down', 'server returned HTTP status 500', 'web-2')],
      undefined,
    )
    expect(findings).toMatchObject([
      {
        severity: 'fail',
        code: 'targets.down',
        title: '1 of 2 targets is down: server returned HTTP status 500',
        evidence: ['web-2: server returned HTTP status 500'],
        remedies: [{ params: { workload: 'deployment/backend-api' } }],
      },
    ])
  })

  it('that all time out point at Prometheus itself', () => {
    const { findings } = judgeTargets(
      [target('down', 'context deadline exceeded'), target('down', 'context deadline exceeded')],
      undefined,
    )
    expect(findings).toMatchObject([
      { code: 'targets.scraper', remedies: [{ params: { workload: 'deployment/prometheus' } }] },
    ])
  })

  it('that are not there fail, by job', () => {
    expect(judgeTargets([], 'web').findings[0]?.title).toBe('Prometheus scrapes no target of the job web')
  })
})

describe('a chart', () => {
  const END = 10_000
  const series = (...points: [number, string][]) => [
    { metric: { __name__: 'x', code: '200' }, values: points },
  ]
  const judge = (points: [number, string][], expression = 'sum(rate(x[5m]))') =>
    judgeSeries(expression, points.length ? series(...points) : [], END)

  it('with present points is well', () => {
    expect(
      judge([
        [END - 60, '3'],
        [END, '12.4'],
      ]),
    ).toMatchObject({ findings: [], figure: '12 req/s' })
    expect(judge([[END, '7']], 'x')).toMatchObject({ findings: [], healthy: '7 now, 1 series' })
  })

  it('without samples, with old ones or without traffic is not', () => {
    expect(judge([]).findings).toMatchObject([{ severity: 'fail', code: 'metrics.absent' }])
    expect(judge([[END - 900, '3']]).findings).toMatchObject([{ severity: 'fail', code: 'metrics.stale' }])
    expect(judge([[END, '0']]).findings).toMatchObject([{ severity: 'warn', code: 'metrics.no-traffic' }])
  })

  it('shows a gap for what is no number', () => {
    const [view] = judge([[END, 'NaN']]).views
    expect(view).toMatchObject({ type: 'series', series: [{ name: '200', points: [[END, null]] }] })
  })
})

describe('a Prometheus that does not answer', () => {
  it('fails when the way to it was open; otherwise nobody could look', () => {
    const error = appError('target_unavailable', 'connection refused')
    expect(prometheusSilent({ ...error, silent: true })).toMatchObject({
      verdict: 'fail',
      findings: [{ code: 'prometheus.down', evidence: ['connection refused'] }],
    })
    expect(prometheusSilent(error).verdict).toBe('unknown')
    expect(prometheusSilent(appError('forbidden', 'no')).verdict).toBe('unknown')
  })
})
