import type { AppError } from '../core/errors'
import { conclude, couldNotLook } from './conclude'
import { count, howLong } from './durations'
import type { CheckResult, Finding, View } from './types'

const RESTART = [{ operation: 'kubernetes.rollout-restart', params: { workload: 'deployment/prometheus' } }]
/** A newest point older than this is no present any more (query_range steps of 60 s and a lookback of 5 min). */
const STALE_S = 300

export interface Target {
  labels?: Record<string, string>
  scrapeUrl?: string
  health?: string
  lastError?: string
  lastScrape?: string
}

export interface Series {
  metric?: Record<string, string>
  values?: [number, string][]
}

/** `silent`: the way to Prometheus was open and it did not answer. */
export type PrometheusError = AppError & { silent?: boolean }

/** Prometheus does not answer: a finding; anything else, an unreachable cluster too, could not be looked at. */
export function prometheusSilent(error: PrometheusError): CheckResult {
  return error.silent
    ? conclude({
        findings: [
          {
            severity: 'fail',
            code: 'prometheus.down',
            title: 'Prometheus does not answer',
            evidence: [error.message],
            remedies: RESTART,
          },
        ],
        healthy: '',
      })
    : couldNotLook(error)
}

/** Targets that are down, with why; all of them with one reason points at Prometheus itself. */
export function judgeTargets(
  targets: Target[],
  job: string | undefined,
): { findings: Finding[]; views: View[]; healthy: string; figure: string } {
  const findings: Finding[] = []
  const down = targets.filter((one) => one.health !== 'up')
  const errors = [...new Set(down.map((one) => one.lastError ?? ''))]
  const scraped = targets.filter((one) => !/localhost|127\.0\.0\.1/.test(one.scrapeUrl ?? ''))
  const timedOut =
    down.length > 0 &&
    down.length === scraped.length &&
    errors.length === 1 &&
    /deadline exceeded|timeout/i.test(errors[0] ?? '')
  if (targets.length === 0)
    findings.push({
      severity: 'fail',
      code: 'targets.none',
      title: job ? `Prometheus scrapes no target of the job ${job}` : 'Prometheus has no targets',
      evidence: [],
      remedies: [],
      explainedBy: ['workload.scaled-to-zero'],
    })
  if (down.length > 0)
    findings.push({
      severity: 'fail',
      code: timedOut ? 'targets.scraper' : 'targets.down',
      title: timedOut
        ? `No target can be scraped (${errors[0]}): this points at Prometheus itself`
        : `${down.length} of ${count(targets.length, 'target')} ${down.length === 1 ? 'is' : 'are'} down: ${errors[0] || 'no error given'}`,
      evidence: down
        .slice(0, 6)
        .map(
          (one) =>
            `${one.labels?.pod ?? one.labels?.instance ?? one.scrapeUrl}: ${one.lastError || 'no error given'}`,
        ),
      // A metrics endpoint that answers an error is cured where it stands, not in Prometheus.
      remedies: timedOut
        ? RESTART
        : [
            {
              operation: 'kubernetes.rollout-restart',
              params: { workload: `deployment/${down[0]?.labels?.job ?? ''}` },
            },
          ],
      explainedBy: timedOut ? [] : ['http.error', 'pods.oom-killed'],
    })
  const up = targets.length - down.length
  return {
    findings,
    healthy: `${up} of ${count(targets.length, 'target')} up`,
    figure: `${up} of ${targets.length} targets up`,
    views: [
      {
        type: 'table',
        columns: [
          { key: 'job', label: 'Job' },
          { key: 'target', label: 'Target' },
          { key: 'health', label: 'State' },
          { key: 'error', label: 'Last error' },
        ],
        rows: targets.slice(0, 200).map((one) => ({
          job: { text: one.labels?.job ?? '' },
          target: { text: one.labels?.pod ?? one.labels?.instance ?? '', mono: true },
          health: {
            text: one.health ?? 'unknown',
            tone:
              one.health === 'up'
                ? ('pass' as const)
                : one.health === 'down'
                  ? ('fail' as const)
                  : ('unknown' as const),
          },
          error: { text: (one.lastError ?? '').slice(0, 200) },
        })),
        ...(targets.length > 200 ? { more: targets.length - 200 } : {}),
      },
    ],
  }
}

/** A chart over an hour: nothing at all, old data, or no traffic now are findings. */
export function judgeSeries(
  expression: string,
  result: Series[],
  endSeconds: number,
): { findings: Finding[]; views: View[]; healthy: string; figure: string } {
  const findings: Finding[] = []
  const isRate = /\brate\(/.test(expression)
  const unit = isRate ? 'per second' : ''
  const series = result.slice(0, 12).map((one, index) => ({
    name:
      Object.entries(one.metric ?? {})
        .filter(([key]) => key !== '__name__')
        .map(([, value]) => value)
        .join(' ') || (result.length === 1 ? 'total' : `series ${index + 1}`),
    points: (one.values ?? []).map(([at, value]): [number, number | null] => [
      at,
      Number.isFinite(Number(value)) ? Number(value) : null,
    ]),
  }))
  const last = series.flatMap((one) => one.points.slice(-1)).sort((a, b) => b[0] - a[0])[0]
  const now = series.reduce((sum, one) => sum + (one.points.at(-1)?.[1] ?? 0), 0)
  if (!last)
    findings.push({
      severity: 'fail',
      code: 'metrics.absent',
      title: `Prometheus has no samples of ${expression} in the last hour`,
      evidence: [],
      remedies: [],
      explainedBy: ['targets.down', 'targets.scraper', 'http.error'],
    })
  else if (endSeconds - last[0] > STALE_S)
    findings.push({
      severity: 'fail',
      code: 'metrics.stale',
      title: `The newest sample is ${howLong((endSeconds - last[0]) * 1000)} old`,
      evidence: [],
      remedies: RESTART,
      explainedBy: ['targets.down', 'targets.scraper'],
    })
  else if (isRate && now === 0)
    findings.push({
      severity: 'warn',
      code: 'metrics.no-traffic',
      title: 'The rate is 0: nothing is counted any more',
      evidence: [],
      remedies: [],
      explainedBy: ['workload.scaled-to-zero', 'service.selector'],
    })
  const figure = isRate
    ? `${now >= 10 ? Math.round(now) : now.toFixed(1)} req/s`
    : String(Math.round(now * 100) / 100)
  return {
    findings,
    views: [{ type: 'series', label: `${expression}, last hour`, unit, series }],
    healthy: isRate ? `${figure} now` : `${figure} now, ${count(series.length, 'series', 'series')}`,
    figure,
  }
}
