import { parse } from 'yaml'
import type { Finding, Tone } from './types'

export const CONFIG_RULES = [
  'ttl',
  'cors',
  'rate-limit',
  'plugins',
  'logging',
  'cache-ttl',
  'breaker',
  'pool',
] as const
export type ConfigRule = (typeof CONFIG_RULES)[number]

export interface ConfigJudgement {
  findings: Finding[]
  healthy?: string
  figure?: string
  facts: { label: string; value: string; tone?: Tone }[]
}

interface Range {
  pattern: RegExp
  what: string
  unit: string
  min: number
  max: number
}

/** Sane ranges. Figures: docs/practice-cluster.md; they are wide on purpose and only catch mistakes. */
const RANGES: Partial<Record<ConfigRule, Range>> = {
  ttl: { pattern: /^(JWT|TOKEN)_TTL/i, what: 'The token lifetime', unit: ' s', min: 300, max: 86_400 },
  'cache-ttl': { pattern: /^CACHE_TTL/i, what: 'The cache lifetime', unit: ' s', min: 30, max: 86_400 },
  breaker: {
    pattern: /BREAKER.*THRESHOLD/i,
    what: 'The failure threshold of circuit breakers',
    unit: '',
    min: 3,
    max: 50,
  },
  pool: { pattern: /POOL_SIZE/i, what: 'The connection pool of each pod', unit: '', min: 6, max: 30 },
}

/** Clients send up to 380 requests a minute at normal load; a limit below 100 is a mistake for a public API. */
const LOWEST_RATE = 100

function missing(name: string, what: string): Finding {
  return {
    severity: 'warn',
    code: 'config.key-missing',
    title: `${name} does not set ${what}`,
    evidence: [],
    remedies: [],
  }
}

function ranged(data: Record<string, string>, name: string, rule: ConfigRule, range: Range): ConfigJudgement {
  const key = Object.keys(data).find((one) => range.pattern.test(one))
  if (!key) return { findings: [missing(name, range.what.toLowerCase())], facts: [] }
  const text = data[key] ?? ''
  const value = Number(text)
  const sane = text.trim() !== '' && Number.isFinite(value) && value >= range.min && value <= range.max
  const facts = [{ label: key, value: text, tone: sane ? ('pass' as const) : ('fail' as const) }]
  if (sane)
    return {
      findings: [],
      healthy: `${range.what} is ${value}${range.unit}`,
      figure: `${range.what.replace(/^The /, '').split(' of ')[0]} ${value}${range.unit}`,
      facts,
    }
  const why =
    Number.isFinite(value) && text.trim() !== ''
      ? `is ${value}${range.unit}, outside ${range.min} to ${range.max}`
      : `is not a number: "${text.slice(0, 40)}"`
  return {
    findings: [
      {
        severity: 'fail',
        code: `config.${rule}`,
        title: `${range.what} ${why} (${key})`,
        evidence: [`${key}: ${text.slice(0, 80)}`],
        remedies: [{ operation: 'kubernetes.edit-configmap', params: { name, key } }],
      },
    ],
    facts,
  }
}

function cors(data: Record<string, string>, name: string): ConfigJudgement {
  const find = (pattern: RegExp) => Object.entries(data).find(([key]) => pattern.test(key))
  const origins = find(/CORS.*ORIGIN/i)
  const credentials = find(/CORS.*CREDENTIALS/i)
  if (!origins) return { findings: [missing(name, 'the allowed CORS origins')], facts: [] }
  const wildcard = origins[1].split(',').some((one) => one.trim() === '*')
  const withCredentials = credentials?.[1].trim().toLowerCase() === 'true'
  const facts = [
    { label: origins[0], value: origins[1], tone: wildcard ? ('fail' as const) : ('pass' as const) },
    ...(credentials ? [{ label: credentials[0], value: credentials[1] }] : []),
  ]
  if (!wildcard)
    return { findings: [], healthy: `CORS allows ${origins[1].split(',').length} named origins`, facts }
  return {
    findings: [
      {
        severity: withCredentials ? 'fail' : 'warn',
        code: 'config.cors-wildcard',
        title: withCredentials
          ? 'CORS allows every origin (*) together with credentials'
          : 'CORS allows every origin (*)',
        evidence: facts.map((one) => `${one.label}: ${one.value}`),
        remedies: [{ operation: 'kubernetes.edit-configmap', params: { name, key: origins[0] } }],
      },
    ],
    facts,
  }
}

function subtree(data: Record<string, string>): Record<string, unknown> | undefined {
  for (const [key, text] of Object.entries(data)) {
    try {
      const value = parse(text)
      if (typeof value !== 'object' || value === null) continue
      if (/^rate-?limit$/i.test(key)) return value
      const nested = Object.entries(value as object).find(([name]) => /^rate-?limit$/i.test(name))?.[1]
      if (typeof nested === 'object' && nested !== null) return nested
    } catch {
      // Not YAML: then the rate limits are not in this value.
    }
  }
  return undefined
}

function rateLimit(data: Record<string, string>, name: string): ConfigJudgement {
  const limits = subtree(data)
  if (!limits) return { findings: [missing(name, 'rate limits (rateLimit)')], facts: [] }
  const facts = Object.entries(limits).map(([label, value]) => ({ label, value: String(value) }))
  const rate = Number(limits.requestsPerMinute)
  const evidence = facts.map((one) => `${one.label}: ${one.value}`)
  if (!Number.isFinite(rate))
    return {
      findings: [
        {
          severity: 'warn',
          code: 'config.rate-limit',
          title: 'rateLimit.requestsPerMinute is not a number',
          evidence,
          remedies: [{ operation: 'kubernetes.edit-configmap', params: { name, key: 'rateLimit' } }],
        },
      ],
      facts,
    }
  if (limits.enabled !== false && rate < LOWEST_RATE)
    return {
      findings: [
        {
          severity: 'fail',
          code: 'config.rate-limit',
          title: `The rate limit is ${rate} requests a minute, below what normal clients send`,
          evidence,
          remedies: [{ operation: 'kubernetes.edit-configmap', params: { name, key: 'rateLimit' } }],
        },
      ],
      facts,
    }
  return {
    findings: [],
    healthy: `${rate} requests a minute for each client`,
    figure: `${rate} a minute`,
    facts,
  }
}

/** Judges settings by a rule; without one, only that there are some. */
export function judgeConfig(
  data: Record<string, string>,
  rule: ConfigRule | undefined,
  name: string,
): ConfigJudgement {
  const all = Object.entries(data)
    .slice(0, 60)
    .map(([label, value]) => ({ label, value: value.length > 120 ? `${value.slice(0, 120)}…` : value }))
  const range = rule && RANGES[rule]
  if (rule && range) return ranged(data, name, rule, range)
  if (rule === 'cors') return cors(data, name)
  if (rule === 'rate-limit') return rateLimit(data, name)
  if (all.length === 0)
    return {
      findings: [
        { severity: 'fail', code: 'config.empty', title: `${name} is empty`, evidence: [], remedies: [] },
      ],
      facts: [],
    }
  if (rule === 'plugins') {
    const bad = Object.entries(data).flatMap(([key, text]) => {
      try {
        parse(text)
        return []
      } catch (cause) {
        return [`${key}: ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)}`]
      }
    })
    if (bad.length > 0)
      return {
        findings: [
          {
            severity: 'fail',
            code: 'config.unreadable',
            title: `${name} does not parse as YAML`,
            evidence: bad,
            remedies: [],
          },
        ],
        facts: all,
      }
    return { findings: [], healthy: `${name} parses`, facts: all }
  }
  return { findings: [], facts: all }
}
