import { describe, expect, it } from 'vitest'
import { type ConfigRule, judgeConfig } from './config'

const judge = (data: Record<string, string>, rule?: ConfigRule) => judgeConfig(data, rule, 'settings')
const codes = (data: Record<string, string>, rule?: ConfigRule) =>
  judge(data, rule).findings.map((one) => `${one.severity} ${one.code}`)

describe('figures in settings', () => {
  it.each<[ConfigRule, string, string, string]>([
    ['ttl', 'JWT_TTL_SECONDS', '3600', '60'],
    ['cache-ttl', 'CACHE_TTL_SECONDS', '300', '1'],
    ['breaker', 'CIRCUIT_BREAKER_FAILURE_THRESHOLD', '5', '1'],
    ['pool', 'DB_POOL_SIZE', '20', '2'],
  ])('%s', (rule, key, well, sick) => {
    expect(judge({ [key]: well }, rule)).toMatchObject({
      findings: [],
      facts: [{ label: key, tone: 'pass' }],
    })
    expect(judge({ [key]: sick }, rule).findings).toMatchObject([
      {
        severity: 'fail',
        code: `config.${rule}`,
        remedies: [{ operation: 'kubernetes.edit-configmap', params: { name: 'settings', key } }],
      },
    ])
    expect(codes({ [key]: '' }, rule)).toEqual([`fail config.${rule}`])
    expect(codes({ [key]: 'many' }, rule)).toEqual([`fail config.${rule}`])
    expect(codes({ OTHER: '1' }, rule)).toEqual(['warn config.key-missing'])
  })

  it('names figure and range', () => {
    expect(judge({ JWT_TTL_SECONDS: '60' }, 'ttl').findings[0]?.title).toBe(
      'The token lifetime is 60 s, outside 300 to 86400 (JWT_TTL_SECONDS)',
    )
  })

  it('takes the bounds themselves for sane', () => {
    expect(codes({ JWT_TTL_SECONDS: '300' }, 'ttl')).toEqual([])
    expect(codes({ JWT_TTL_SECONDS: '86400' }, 'ttl')).toEqual([])
    expect(codes({ JWT_TTL_SECONDS: '86401' }, 'ttl')).toEqual(['fail config.ttl'])
  })
})

describe('CORS', () => {
  it('with every origin is a warning, together with credentials a failure', () => {
    expect(codes({ CORS_ALLOWED_ORIGINS: 'https://a, *' }, 'cors')).toEqual(['warn config.cors-wildcard'])
    expect(codes({ CORS_ALLOWED_ORIGINS: '*', CORS_ALLOW_CREDENTIALS: 'true' }, 'cors')).toEqual([
      'fail config.cors-wildcard',
    ])
  })

  it('with named origins is well', () => {
    const well = judge(
      { CORS_ALLOWED_ORIGINS: 'https://a,https://*.b', CORS_ALLOW_CREDENTIALS: 'true' },
      'cors',
    )
    expect(well).toMatchObject({ findings: [], healthy: 'CORS allows 2 named origins' })
  })

  it('without the key cannot be judged', () => {
    expect(codes({}, 'cors')).toEqual(['warn config.key-missing'])
  })
})

describe('rate limits', () => {
  const limits = (rate: number | string) => ({ rateLimit: `enabled: true\nrequestsPerMinute: ${rate}\n` })

  it('are read from YAML in a value, also one level down', () => {
    expect(judge(limits(600), 'rate-limit')).toMatchObject({ findings: [], figure: '600 a minute' })
    expect(codes({ 'app.yaml': 'rateLimit:\n  requestsPerMinute: 10' }, 'rate-limit')).toEqual([
      'fail config.rate-limit',
    ])
  })

  it('below what clients send are a failure, unless they are off', () => {
    expect(codes(limits(5), 'rate-limit')).toEqual(['fail config.rate-limit'])
    expect(codes({ rateLimit: 'enabled: false\nrequestsPerMinute: 5' }, 'rate-limit')).toEqual([])
  })

  it('that are no number are a warning', () => {
    expect(codes(limits('lots'), 'rate-limit')).toEqual(['warn config.rate-limit'])
  })
})

describe('other settings', () => {
  it('must parse when they are plugins', () => {
    expect(codes({ 'kong.yaml': 'plugins:\n- name: cors\n' }, 'plugins')).toEqual([])
    expect(codes({ 'kong.yaml': 'plugins: [a\nb: {' }, 'plugins')).toEqual(['fail config.unreadable'])
  })

  it('must be there', () => {
    expect(codes({})).toEqual(['fail config.empty'])
    expect(codes({ A: '1' })).toEqual([])
  })
})
