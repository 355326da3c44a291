import { count, howLong } from './durations'
import type { Finding, View } from './types'

/** More than this apart and a clock is wrong rather than slow (common leeway of JWT libraries: 60 s). */
const SKEW_SECONDS = 60

export interface Token {
  header: Record<string, unknown>
  claims: Record<string, unknown>
}

/** The header and claims of a JWT (RFC 7519); undefined when it is none. Nothing is verified here. */
export function decodeToken(text: string): Token | undefined {
  const parts = text.split('.')
  if (parts.length !== 3) return undefined
  try {
    const [header, claims] = parts
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>)
    return header && claims && typeof header === 'object' && typeof claims === 'object'
      ? { header, claims }
      : undefined
  } catch {
    return undefined
  }
}

function seconds(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** What is wrong with a token's header and times. The text of the token is in none of it. */
export function judgeToken(
  token: Token,
  signature: 'good' | 'previous' | 'bad' | 'unchecked',
  now: Date,
): { findings: Finding[]; facts: View } {
  const at = now.getTime() / 1000
  const exp = seconds(token.claims.exp)
  const nbf = seconds(token.claims.nbf)
  const iat = seconds(token.claims.iat)
  const findings: Finding[] = []
  const add = (severity: Finding['severity'], code: string, title: string) =>
    findings.push({ severity, code, title, evidence: [], remedies: [] })
  if (token.header.alg === 'none')
    add('fail', 'token.alg-none', "The token's alg is none: it is signed by nobody")
  if (exp === undefined) add('warn', 'token.no-exp', 'The token never expires: it has no exp')
  else if (exp < at) add('fail', 'token.expired', `The token expired ${howLong((at - exp) * 1000)} ago`)
  if (nbf !== undefined && nbf > at)
    add('fail', 'token.not-yet', `The token is valid only in ${howLong((nbf - at) * 1000)}`)
  if (iat !== undefined && iat > at + SKEW_SECONDS)
    add(
      'warn',
      'token.skew',
      `The token was issued ${howLong((iat - at) * 1000)} in the future: a clock is wrong`,
    )
  if (signature === 'bad')
    add('fail', 'token.signature', 'The signature does not match the key in jwt-secret')
  if (signature === 'previous')
    add(
      'info',
      'token.previous',
      'The token is signed with the previous key: it works until the grace period ends',
    )
  const text = (value: unknown) =>
    (Array.isArray(value) ? value.join(', ') : value === undefined ? 'not set' : String(value)).slice(0, 120)
  return {
    findings,
    facts: {
      type: 'facts',
      items: [
        { label: 'Algorithm', value: text(token.header.alg) },
        {
          label: 'Signature',
          value: {
            good: 'matches jwt-secret',
            previous: 'matches the previous key',
            bad: 'does not match jwt-secret',
            unchecked: 'not checked: not an HMAC algorithm',
          }[signature],
          tone: signature === 'bad' ? 'fail' : signature === 'unchecked' ? 'unknown' : 'pass',
        },
        { label: 'Issuer (iss)', value: text(token.claims.iss) },
        { label: 'Audience (aud)', value: text(token.claims.aud) },
        { label: 'Issued (iat)', value: iat === undefined ? 'not set' : new Date(iat * 1000).toISOString() },
        { label: 'Expires (exp)', value: exp === undefined ? 'not set' : new Date(exp * 1000).toISOString() },
      ],
    },
  }
}

/** What the pods said to a token. `own` is one that was signed with the current key a moment ago. */
export function judgeAcceptance(
  answers: { from: string; status?: number; error?: string }[],
  own: boolean,
  workload: string | undefined,
): Finding[] {
  const refused = answers.filter((one) => one.status === 401 || one.status === 403)
  const silent = answers.filter((one) => one.status === undefined)
  const broken = answers.filter((one) => (one.status ?? 0) >= 500)
  // 404 or 429 says nothing of the token: nobody has looked at it.
  const beside = answers.filter(
    (one) => one.status !== undefined && one.status >= 300 && one.status < 500 && !refused.includes(one),
  )
  const all = count(answers.length, 'pod')
  const findings: Finding[] = []
  if (refused.length > 0)
    findings.push({
      severity: 'fail',
      code: own ? 'token.key-not-in-use' : 'token.refused',
      title: own
        ? `${refused.length} of ${all} refuse a token that was signed with the current key: they run with another one`
        : `${refused.length} of ${all} refuse this token (HTTP ${refused[0]?.status})`,
      evidence: refused.slice(0, 5).map((one) => `${one.from}: HTTP ${one.status}`),
      remedies: own
        ? [{ operation: 'kubernetes.rollout-restart', params: workload ? { workload } : {} }]
        : [],
      explainedBy: ['secret.pods-older'],
    })
  if (beside.length > 0)
    findings.push({
      severity: 'unknown',
      code: 'token.not-judged',
      title: `Could not look: ${beside.length} of ${all} answer HTTP ${beside[0]?.status}, which says nothing of the token`,
      evidence: beside.slice(0, 5).map((one) => `${one.from}: HTTP ${one.status}`),
      remedies: [],
    })
  if (silent.length + broken.length > 0)
    findings.push({
      severity: silent.length + broken.length === answers.length ? 'unknown' : 'warn',
      code: 'token.no-answer',
      title: `${silent.length + broken.length} of ${all} could not be asked about the token: ${silent[0]?.error ?? `HTTP ${broken[0]?.status}`}`,
      evidence: [],
      remedies: [],
      explainedBy: ['logs.workers-blocked', 'postgres.down', 'pods.oom-killed'],
    })
  return findings
}
