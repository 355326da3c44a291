import { describe, expect, it } from 'vitest'
import { appError } from '../core/errors'
import { conclude, couldNotLook, worse, worst } from './conclude'
import type { Finding, Severity } from './types'

const finding = (severity: Severity, title: string): Finding => ({
  severity,
  code: `test.${severity}`,
  title,
  evidence: [],
  remedies: [],
})

describe('conclude', () => {
  it('passes with the healthy sentence when nothing was found', () => {
    const result = conclude({ findings: [], healthy: '3 of 3 pods ready' })
    expect(result.verdict).toBe('pass')
    expect(result.summary).toBe('3 of 3 pods ready')
  })

  it('keeps passing on information, and still says what is well', () => {
    const result = conclude({ findings: [finding('info', 'stopped 24 s ago')], healthy: 'quiet' })
    expect(result.verdict).toBe('pass')
    expect(result.summary).toBe('quiet')
  })

  it('takes verdict and sentence from the worst finding, whatever the order', () => {
    const result = conclude({
      findings: [finding('warn', 'slow'), finding('fail', 'down'), finding('unknown', 'not seen')],
      healthy: 'well',
    })
    expect(result.verdict).toBe('fail')
    expect(result.summary).toBe('down')
    expect(result.findings.map((one) => one.severity)).toEqual(['fail', 'unknown', 'warn'])
  })
})

describe('worst', () => {
  it('never calls an empty list healthy', () => {
    expect(worst([])).toBe('unknown')
  })

  it('ranks unknown above a warning and below a failure', () => {
    expect(worse('warn', 'unknown')).toBe('unknown')
    expect(worst(['pass', 'unknown', 'fail'])).toBe('fail')
  })
})

describe('couldNotLook', () => {
  it('is unknown, with the reason and what would help', () => {
    const result = couldNotLook(
      appError('forbidden', 'exec into redis-0 is not allowed', { hint: 'Ask for the exec right.' }),
    )
    expect(result.verdict).toBe('unknown')
    expect(result.summary).toBe('Could not look: exec into redis-0 is not allowed')
    expect(result.findings[0]?.detail).toBe('Ask for the exec right.')
  })
})
