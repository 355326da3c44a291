import 'server-only'
import type { Result } from '../core/result'
import type { Filter } from '../runbooks/command'
import type { Filtered } from '../runbooks/filters'
import { asksOfCertificate } from '../runbooks/filters/openssl'
import { judgeCertificate, noCertificate } from '../verdicts/certificate'
import { conclude } from '../verdicts/conclude'
import type { CheckResult } from '../verdicts/types'

/** What stands in the place of a secret's value: see `shown` of kubernetes.read. */
const HIDDEN = '(not shown)'

/** Whether a pipe goes through `openssl x509`: what it reads may then hold the certificates of a Secret. */
export function readsCertificate(filters: readonly Filter[]): boolean {
  return filters.some(isX509)
}

function isX509({ program, argv }: Filter): boolean {
  return program === 'openssl' && argv[1] === 'x509'
}

/** Why such a pipe gave nothing, of what went into it. */
export function whyNoCertificate(text: string, message: string): string {
  return text.includes(HIDDEN)
    ? 'of a secret, only values that are certificates and nothing else are read, and this one is not.'
    : message
}

/**
 * The result of a check with what the certificate in its pipe says: one that is over fails, one that is near its end
 * warns, and where none was read a check that would pass is unknown.
 */
export function withCertificate(
  result: CheckResult,
  filtered: Result<Filtered>,
  filters: readonly Filter[],
  now: number,
): CheckResult {
  const { certificate } = filtered.ok ? filtered.value : {}
  const argv = filters.findLast(isX509)?.argv ?? []
  const judged = certificate && judgeCertificate(certificate, now, asksOfCertificate(argv).checkend)
  const unread = filtered.ok || result.verdict !== 'pass' ? [] : [noCertificate(filtered.error.message)]
  const { verdict, summary, findings } = conclude({
    findings: [...result.findings, ...(judged?.findings ?? unread)],
    healthy: judged && result.verdict === 'pass' ? judged.healthy : result.summary,
  })
  return { ...result, verdict, summary, findings, ...(judged ? { figure: judged.figure } : {}) }
}
