import { count } from './durations'
import { type Answer, judgeAnswers, raw, rows } from './http'
import type { Remedy, View } from './types'

export interface Sample {
  name: string
  labels: Record<string, string>
  value: number
}

/** Samples of the Prometheus text format (https://prometheus.io/docs/instrumenting/exposition_formats/); lines that are none count as bad. */
export function parseMetrics(text: string): { samples: Sample[]; bad: number } {
  const samples: Sample[] = []
  let bad = 0
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?\s*$/.exec(line)
    const value =
      match?.[3] === '+Inf'
        ? Number.POSITIVE_INFINITY
        : match?.[3] === '-Inf'
          ? Number.NEGATIVE_INFINITY
          : Number(match?.[3])
    if (!match || (Number.isNaN(value) && match[3] !== 'NaN')) {
      bad += 1
      continue
    }
    const labels = Object.fromEntries(
      [...(match[2] ?? '').matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map((one) => [
        one[1] as string,
        one[2] as string,
      ]),
    )
    samples.push({ name: match[1] as string, labels, value })
  }
  return { samples, bad }
}

const BREAKER_STATES = ['closed', 'half-open', 'open']

/** A metrics endpoint: parses, has samples; with a focus on circuit breakers, their state on each pod. */
export function judgeMetrics(what: string, answers: Answer[], focus: string | undefined, remedies: Remedy[]) {
  const findings = judgeAnswers(what, answers, remedies)
  const read = answers
    .filter((one) => one.status !== undefined && one.status < 400)
    .map((one) => ({ from: one.from, ...parseMetrics(one.body ?? '') }))
  for (const one of read) {
    if (one.samples.length === 0)
      findings.push({
        severity: 'fail',
        code: 'metrics.empty',
        title: `${what} of ${one.from} has no samples`,
        evidence: [],
        remedies,
      })
    else if (one.bad > 0)
      findings.push({
        severity: 'warn',
        code: 'metrics.format',
        title: `${count(one.bad, 'line')} of ${what} on ${one.from} ${one.bad === 1 ? 'is' : 'are'} not in the Prometheus format`,
        evidence: [],
        remedies: [],
      })
  }
  const wanted = read.map((one) => ({
    from: one.from,
    samples: one.samples.filter((sample) => !focus || sample.name.includes(focus)),
  }))
  const total = wanted.reduce((sum, one) => sum + one.samples.length, 0)
  const breakers = wanted.flatMap((one) =>
    one.samples
      .filter((sample) => /breaker.*state/.test(sample.name))
      .map((sample) => ({ pod: one.from, name: sample.labels.name ?? 'unnamed', state: sample.value })),
  )
  if (focus && breakers.length > 0) {
    const names = [...new Set(breakers.map((one) => one.name))]
    for (const name of names) {
      const own = breakers.filter((one) => one.name === name)
      const open = own.filter((one) => one.state === 2)
      const half = own.filter((one) => one.state === 1)
      if (open.length > 0)
        findings.push({
          severity: open.length === own.length ? 'fail' : 'warn',
          code: 'breaker.open',
          title: `The breaker ${name} is open on ${open.length} of ${count(own.length, 'pod')}`,
          evidence: open.slice(0, 6).map((one) => one.pod),
          remedies: [{ operation: 'http.post', params: { path: '/circuit-breaker/reset' } }],
          explainedBy: ['postgres.down', 'downstream.pods', 'config.breaker', 'pods.not-ready'],
        })
      else if (own.some((one) => ![0, 1, 2].includes(one.state)))
        findings.push({
          severity: 'unknown',
          code: 'breaker.state',
          title: `The breaker ${name} has a state that is neither closed (0), half-open (1) nor open (2)`,
          evidence: own.slice(0, 6).map((one) => `${one.pod}: ${one.state}`),
          remedies: [],
        })
      else if (half.length > 0)
        findings.push({
          severity: 'warn',
          code: 'breaker.half-open',
          title: `The breaker ${name} is half-open on ${half.length} of ${count(own.length, 'pod')}`,
          evidence: [],
          remedies: [],
        })
    }
    const table: View = {
      type: 'table',
      columns: [
        { key: 'name', label: 'Breaker' },
        { key: 'pod', label: 'Pod' },
        { key: 'state', label: 'State' },
      ],
      rows: breakers.slice(0, 100).map((one) => ({
        name: { text: one.name, mono: true },
        pod: { text: one.pod, mono: true },
        state: {
          text: BREAKER_STATES[one.state] ?? String(one.state),
          tone: one.state === 0 ? ('pass' as const) : one.state === 2 ? ('fail' as const) : ('warn' as const),
        },
      })),
    }
    return {
      findings,
      views: [table],
      raw: raw(answers),
      healthy: `${count(names.length, 'breaker')} closed on ${count(read.length, 'pod')}`,
      figure: `${names.length} closed`,
    }
  }
  if (focus && read.length > 0 && total === 0)
    findings.push({
      severity: 'warn',
      code: 'metrics.focus-missing',
      title: `${what} has no metric with ${focus} in its name`,
      evidence: [],
      remedies: [],
    })
  const families = new Set(wanted.flatMap((one) => one.samples.map((sample) => sample.name)))
  const facts: View = {
    type: 'facts',
    items: wanted.map((one) => ({ label: one.from, value: count(one.samples.length, 'sample') })),
  }
  return {
    findings,
    views: read.length > 0 ? [facts, rows(answers)] : [rows(answers)],
    raw: raw(answers),
    healthy: `${count(families.size, 'metric')}, ${count(total, 'sample')} from ${count(read.length, 'pod')}`,
    figure: `${families.size} metrics`,
  }
}
