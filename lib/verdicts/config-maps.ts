import { parse } from 'yaml'
import type { Finding } from './types'

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

/** Sane ranges, from docs/practice-cluster.md. */
const RANGES: Partial<
  Record<ConfigRule, { key: string; min: number; max: number; say: string; unit: string }>
> = {
  ttl: { key: 'JWT_TTL_SECONDS', min: 300, max: 86_400, say: 'Tokens live', unit: 's' },
  'cache-ttl': { key: 'CACHE_TTL_SECONDS', min: 30, max: 86_400, say: 'Cache entries live', unit: 's' },
  breaker: {
    key: 'CIRCUIT_BREAKER_FAILURE_THRESHOLD',
    min: 3,
    max: 50,
    say: 'Circuit breakers open after',
    unit: 'failures',
  },
  pool: { key: 'DB_POOL_SIZE', min: 5, max: 100, say: 'Each pod may open', unit: 'connections' },
}

type Data = Record<string, string>
interface Where {
  namespace: string
  name: string
}

/** Judges the keys that a rule looks at. Without a rule the keys are only shown. */
export function judgeConfigMap(data: Data, rule: ConfigRule | undefined, where: Where): Finding[] {
  const finding = (
    severity: 'warn' | 'fail',
    key: string,
    title: string,
    evidence: string[] = [],
  ): Finding => ({
    severity,
    code: `config.${rule}`,
    title,
    evidence,
    subject: { kind: 'ConfigMap', ...where },
    remedies: [{ operation: 'kubernetes.edit-configmap', params: { ...where, key } }],
  })
  const range = rule && RANGES[rule]
  if (range) {
    const text = data[range.key]
    if (text === undefined) return [finding('warn', range.key, `${range.key} is not in ${where.name}`)]
    const value = Number(text)
    if (text.trim() === '' || !Number.isFinite(value))
      return [finding('fail', range.key, `${range.key} is not a number`)]
    if (value >= range.min && value <= range.max) return []
    return [
      finding(
        'fail',
        range.key,
        `${range.say} ${value} ${range.unit} (${range.key}); between ${range.min} and ${range.max} is sane`,
        [`${range.key}: ${value}`],
      ),
    ]
  }
  if (rule === 'cors') {
    const origins = data.CORS_ALLOWED_ORIGINS
    if (!origins)
      return [finding('warn', 'CORS_ALLOWED_ORIGINS', `CORS_ALLOWED_ORIGINS is not in ${where.name}`)]
    const any = origins.split(',').some((origin) => origin.trim() === '*')
    if (!any) return []
    return data.CORS_ALLOW_CREDENTIALS === 'true'
      ? [
          finding(
            'fail',
            'CORS_ALLOWED_ORIGINS',
            'CORS allows every origin (*) together with credentials: any site can act for a signed-in user',
            [`CORS_ALLOWED_ORIGINS: ${origins}`, 'CORS_ALLOW_CREDENTIALS: true'],
          ),
        ]
      : [finding('warn', 'CORS_ALLOWED_ORIGINS', 'CORS allows every origin (*)')]
  }
  if (rule === 'rate-limit') return judgeRateLimit(data.rateLimit, finding)
  if (rule === 'plugins') {
    const entries = Object.entries(data)
    if (entries.length === 0) return [finding('fail', '', `${where.name} is empty`)]
    return entries.flatMap(([key, text]) => {
      const parsed = parsedYaml(text)
      if (!parsed) return [finding('fail', key, `${key} of ${where.name} is not valid YAML`)]
      const plugins = (parsed.value as { plugins?: unknown[] } | null)?.plugins
      return Array.isArray(plugins) && plugins.length > 0
        ? []
        : [finding('warn', key, `${key} of ${where.name} lists no plugin`)]
    })
  }
  if (rule === 'logging') {
    const text = Object.values(data).join('\n')
    const missing = ['source', 'match'].filter((section) => !text.includes(`<${section}`))
    return missing.map((section) =>
      finding(
        'fail',
        '',
        `${where.name} has no <${section}> section: logs ${section === 'source' ? 'are not read' : 'go nowhere'}`,
      ),
    )
  }
  return []
}

function parsedYaml(text: string): { value: unknown } | undefined {
  try {
    return { value: parse(text) }
  } catch {
    return undefined
  }
}

function judgeRateLimit(
  text: string | undefined,
  finding: (severity: 'warn' | 'fail', key: string, title: string, evidence?: string[]) => Finding,
): Finding[] {
  if (text === undefined) return [finding('warn', 'rateLimit', 'No rate limit is configured')]
  const parsed = parsedYaml(text)
  const limit = parsed?.value as
    | { enabled?: boolean; requestsPerMinute?: number; burst?: number }
    | null
    | undefined
  if (!limit || typeof limit !== 'object')
    return [finding('fail', 'rateLimit', 'rateLimit is not valid YAML')]
  if (limit.enabled === false) return [finding('warn', 'rateLimit', 'The rate limit is switched off')]
  const perMinute = limit.requestsPerMinute
  if (typeof perMinute !== 'number' || perMinute <= 0)
    return [finding('fail', 'rateLimit', 'rateLimit.requestsPerMinute is not a positive number')]
  // Below one request a second, a page that loads a few resources is turned away.
  if (perMinute < 60)
    return [
      finding(
        'fail',
        'rateLimit',
        `Clients may send ${perMinute} requests a minute, fewer than one a second`,
        [text.trim()],
      ),
    ]
  return []
}
