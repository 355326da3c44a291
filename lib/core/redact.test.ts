import { describe, expect, it } from 'vitest'
import { REDACTED, redact, redactDeep, withoutValues } from './redact'

const JWT =
  'eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg'
const PEM = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKCAQEA\n-----END RSA PRIVATE KEY-----'

describe('redact hides', () => {
  it.each([
    ['DB_PASSWORD=hunter2', 'DB_PASSWORD=[redacted]'],
    ['PGPASSWORD=hunter2 psql -h db', 'PGPASSWORD=[redacted] psql -h db'],
    ['--from-literal=password=hunter2', '--from-literal=password=[redacted]'],
    ['password: hunter2', 'password: [redacted]'],
    ['  password: correcthorse\n  user: app', '  password: [redacted]\n  user: app'],
    ['{"password":"pass word","user":"app"}', '{"password":"[redacted]","user":"app"}'],
    ['{\\"apiKey\\":\\"abc\\",\\"n\\":1}', '{\\"apiKey\\":\\"[redacted]\\",\\"n\\":1}'],
    ["{ secret_key: 'a b' }", "{ secret_key: '[redacted]' }"],
    [
      'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      'aws_secret_access_key = [redacted]',
    ],
    ['key AKIAIOSFODNN7EXAMPLE in use', 'key [redacted AWS key] in use'],
    ['client-key-data: LS0tLS1CRUdJTiBSU0E=', 'client-key-data: [redacted]'],
    ['token: abcdef.0123456789abcdef', 'token: [redacted]'],
    ['--token s3cr3t-value get pods', '--token [redacted] get pods'],
    ['redis-cli -h r -a hunter2 INFO', 'redis-cli -h r -a [redacted] INFO'],
    ['requirepass foobared', 'requirepass [redacted]'],
    ["ALTER ROLE app PASSWORD 'it''s';", "ALTER ROLE app PASSWORD '[redacted]';"],
    ['https://x.io/cb?access_token=abc123&state=1', 'https://x.io/cb?access_token=[redacted]&state=1'],
    ['Authorization: Bearer abc', 'Authorization: Bearer [redacted]'],
    ['authorization: Basic YTpi', 'authorization: Basic [redacted]'],
    ['Authorization: s3cr3t', 'Authorization: [redacted]'],
    ['curl -H "Authorization: Bearer abc" http://x', 'curl -H "Authorization: Bearer [redacted]" http://x'],
    ['sent Bearer 0123abcdWXYZ', 'sent Bearer [redacted]'],
    ['sent Basic dXNlcjpwYXNz now', 'sent Basic [redacted] now'],
    ['Set-Cookie: sid=abc; Path=/', 'Set-Cookie: [redacted]'],
    ['postgres://app:hunter2@db:5432/x', 'postgres://app:[redacted]@db:5432/x'],
    ['postgres://app:p@ss@db:5432/x', 'postgres://app:[redacted]@db:5432/x'],
    ['postgres://app:p/w@db:5432/x', 'postgres://app:[redacted]@db:5432/x'],
    ['redis://:hunter2@redis:6379', 'redis://:[redacted]@redis:6379'],
    ['https://0123456789abcdef0123456789@git.io/r', 'https://[redacted]@git.io/r'],
    ['ghp_0123456789abcdefghij0123456789abcdef', '[redacted token]'],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected)
  })

  it('JSON web tokens anywhere', () => {
    expect(redact(`got ${JWT} from the pod`)).toBe('got [redacted token] from the pod')
  })

  it('private keys, also when a limit cut them off, also as one line', () => {
    expect(redact(`a\n${PEM}\nb`)).toBe('a\n[redacted private key]\nb')
    expect(redact(PEM.slice(0, 45))).toBe('[redacted private key]')
    expect(redact(`{"k":"${PEM.replaceAll('\n', '\\n')}"}`)).toBe('{"k":"[redacted private key]"}')
  })

  it('and gives the same for what it has hidden before', () => {
    for (const text of [
      'DB_PASSWORD=a1',
      'Authorization: Bearer abc',
      'redis://:a1@r:1',
      `x ${JWT}`,
      'password: a1',
    ]) {
      expect(redact(redact(text))).toBe(redact(text))
    }
  })
})

describe('redact leaves alone', () => {
  it.each([
    'token expired',
    'invalid token: signature mismatch',
    'error: token: expired',
    'password authentication failed for user "app"',
    'FATAL: password: authentication failed',
    'Bearer authentication is required',
    'Basic authentication failed',
    'basic checks passed',
    'secret "backend-secrets" not found',
    'The secret is mounted at /etc/secret/db',
    'kubectl get secret backend-secrets -n backend-services -o yaml',
    'secretName: backend-secrets',
    'secretKeyRef: {name: backend-secrets, key: DB_PASSWORD}',
    'tokenExpirationSeconds: 3607',
    'max_tokens=4096',
    'password_encryption = scram-sha-256',
    'image: registry.io/api@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'run_01jd8z0v7k4m2n6p8q0r2s4t6v8w',
    'pod-template-hash=6d4cf56db6',
    'http://backend-api:8080/users/a@b.example',
    'GET http://kong:8001/services?tags=a,b 200',
    'mailto dana@aicorp.example about it',
    'password=$(DB_PASSWORD)',
    'token: <your-token>',
    'password: ****',
    '2 of 3 pods ready; readiness gets HTTP 503 from :8080/health',
    'kubectl rollout restart deployment/backend-api -n backend-services',
    'resourceVersion: "123456"',
    'key: DB_POOL_SIZE',
    'The partition key: order_id',
  ])('%s', (text) => {
    expect(redact(text)).toBe(text)
  })

  it('takes linear time over hostile text', () => {
    const started = performance.now()
    for (const hostile of [
      'password'.repeat(20_000),
      'a'.repeat(200_000),
      'xx://a:'.repeat(20_000),
      'eyJabcdefgh-'.repeat(20_000),
      '"'.repeat(100_000),
      '-----BEGIN PRIVATE KEY-----'.repeat(3_000),
      'eyJ'.repeat(50_000),
      'authorization '.repeat(10_000),
      'cookie: '.repeat(25_000),
      '.'.repeat(100_000),
      'A-'.repeat(50_000),
      `password=${' '.repeat(100_000)}`,
      `Bearer ${' '.repeat(100_000)}`,
    ])
      redact(hostile)
    expect(performance.now() - started).toBeLessThan(4_000)
  })
})

describe('redactDeep', () => {
  it('hides values behind secret-looking keys and inside texts', () => {
    expect(
      redactDeep({ user: 'app', password: 'x y', n: 1, list: ['token=abc'], deep: { apiKey: 12345 } }),
    ).toEqual({
      user: 'app',
      password: REDACTED,
      n: 1,
      list: ['token=[redacted]'],
      deep: { apiKey: REDACTED },
    })
  })

  it('hides environment variables and the data of Secrets', () => {
    expect(
      redactDeep({
        env: [
          { name: 'DB_PASSWORD', value: 'x' },
          { name: 'PORT', value: '80' },
        ],
      }),
    ).toEqual({
      env: [
        { name: 'DB_PASSWORD', value: REDACTED },
        { name: 'PORT', value: '80' },
      ],
    })
    expect(redactDeep({ kind: 'Secret', metadata: { name: 's' }, data: { any: 'YQ==' } })).toEqual({
      kind: 'Secret',
      metadata: { name: 's' },
      data: { any: REDACTED },
    })
  })

  it('keeps references to Secrets, dates, null and plain data', () => {
    const at = new Date()
    const value = {
      volumes: [{ name: 'v', secret: { secretName: 'backend-secrets' } }],
      params: { namespace: 'backend-services', secret: 'backend-secrets', key: 'DB_PASSWORD' },
      from: { secretKeyRef: { name: 'backend-secrets', key: 'DB_PASSWORD' } },
      token: null,
      at,
      title: 'token expired',
      hash: '9f86d081884c7d659a2feaa0c55ad015',
    }
    expect(redactDeep(value)).toEqual(value)
  })
})

it('takes very values out, plain and in base64, the longer ones first', () => {
  const said = 'denied: "horse-battery" (aG9yc2UtYmF0dGVyeQ==) is weak, horse too'
  expect(withoutValues(said, ['horse', '', 'horse-battery'])).toBe(
    `denied: "${REDACTED}" (${REDACTED}) is weak, ${REDACTED} too`,
  )
})
