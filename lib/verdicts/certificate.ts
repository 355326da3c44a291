import { count } from './durations'
import type { Finding } from './types'

/** What openssl x509 read: the subject in a line, and from when until when it is valid, in ms since 1970. */
export interface CertificateFacts {
  subject: string
  notBefore: number
  notAfter: number
}

const DAY = 86_400_000
/** What renews certificates does so weeks before they end; with less left than this, it did not. */
const WARN_DAYS = 14

/**
 * Whether a certificate is over, near its end (14 days, or `checkend` seconds where the line asks for more) or not
 * yet valid at `now`, and in a sentence how it is.
 */
export function judgeCertificate(
  { subject, notBefore, notAfter }: CertificateFacts,
  now: number,
  checkend = 0,
): { findings: Finding[]; healthy: string; figure: string } {
  const whose = `The certificate of ${subject === '' ? 'nobody (its subject is empty)' : subject.slice(0, 200)}`
  const finding = (severity: 'warn' | 'fail', code: string, title: string, since?: number): Finding => ({
    severity,
    code,
    title,
    evidence: [`Valid from ${new Date(notBefore).toUTCString()} until ${new Date(notAfter).toUTCString()}`],
    ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
    remedies: [],
  })
  const left = inDays(notAfter - now)
  const healthy = `${whose} ends in ${left}, on ${day(notAfter)}`
  const said = { healthy, figure: `ends in ${left}` }
  if (notAfter <= now)
    return {
      ...said,
      findings: [
        finding(
          'fail',
          'certificate.over',
          `${whose} ended ${inDays(now - notAfter)} ago, on ${day(notAfter)}`,
          notAfter,
        ),
      ],
    }
  if (notBefore > now)
    return {
      ...said,
      findings: [finding('fail', 'certificate.not-yet', `${whose} is not valid before ${day(notBefore)}`)],
    }
  const near = notAfter - now < Math.max(WARN_DAYS * DAY, checkend * 1000)
  return { ...said, findings: near ? [finding('warn', 'certificate.ends', healthy)] : [] }
}

/** A check that was to read a certificate and could not. */
export function noCertificate(why: string): Finding {
  return {
    severity: 'unknown',
    code: 'unknown.certificate',
    title: `Could not look: ${why}`,
    evidence: [],
    remedies: [],
  }
}

function inDays(ms: number): string {
  const hours = Math.floor(ms / 3_600_000)
  if (hours < 1) return 'less than an hour'
  return hours < 48 ? count(hours, 'hour') : count(Math.floor(hours / 24), 'day')
}

/** `2027-02-26`, in UTC. */
function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
