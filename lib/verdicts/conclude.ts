import type { AppError } from '../core/errors'
import type { CheckResult, Finding, RawText, Remedy, Severity, Verdict, View } from './types'

const RANK: Record<Verdict, number> = { fail: 3, unknown: 2, warn: 1, pass: 0 }

/** The worse of two verdicts. A failure outranks an unknown, which outranks a warning. */
export function worse(a: Verdict, b: Verdict): Verdict {
  return RANK[b] > RANK[a] ? b : a
}

/** The worst verdict of a list; an empty list is `unknown`, since nothing was looked at. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return verdicts.length === 0 ? 'unknown' : verdicts.reduce(worse)
}

function verdictOf(severity: Severity): Verdict {
  return severity === 'info' ? 'pass' : severity
}

/**
 * Turns findings into a check's result. The verdict is that of the worst finding; the summary is the
 * worst finding's title, or `healthy` when none weighs. `healthy` says what is well, with figures.
 */
export function conclude(input: {
  findings: Finding[]
  healthy: string
  figure?: string
  read?: string
  views?: View[]
  raw?: RawText[]
}): CheckResult {
  const { findings, healthy, figure, read, views = [], raw = [] } = input
  const sorted = [...findings].sort((a, b) => RANK[verdictOf(b.severity)] - RANK[verdictOf(a.severity)])
  const top = sorted[0]
  const verdict = top ? verdictOf(top.severity) : 'pass'
  return {
    verdict,
    summary: top && verdict !== 'pass' ? top.title : healthy,
    ...(figure === undefined ? {} : { figure }),
    ...(read === undefined ? {} : { read }),
    findings: sorted,
    views,
    raw,
  }
}

/** A check that could not look: `unknown`, saying what stopped it and what would help. */
export function couldNotLook(error: AppError, remedies: Remedy[] = []): CheckResult {
  const title = `Could not look: ${error.message}`
  return {
    verdict: 'unknown',
    summary: title,
    findings: [
      {
        severity: 'unknown',
        code: `unknown.${error.code}`,
        title,
        ...(error.hint === undefined ? {} : { detail: error.hint }),
        evidence: [],
        remedies,
      },
    ],
    views: [],
    raw: [],
  }
}
