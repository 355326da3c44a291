import { describe, expect, it } from 'vitest'
import { decodeToken, judgeAcceptance, judgeToken } from './token'

const NOW = new Date('2026-03-01T12:00:00Z')
const AT = NOW.getTime() / 1000
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const codes = (
  claims: Record<string, unknown>,
  signature: Parameters<typeof judgeToken>[1] = 'good',
  header: Record<string, unknown> = { alg: 'HS256' },
) => judgeToken({ header, claims }, signature, NOW).findings.map((one) => `${one.severity} ${one.code}`)

describe('a token', () => {
  it('is decoded, and is none when it is none', () => {
    expect(decodeToken(`${part({ alg: 'HS256' })}.${part({ sub: 'ä' })}.sig`)).toEqual({
      header: { alg: 'HS256' },
      claims: { sub: 'ä' },
    })
    for (const text of ['', 'abc', 'a.b', 'a.b.c', `${part({})}.${part({})}`, `${part(null)}.${part({})}.x`])
      expect(decodeToken(text)).toBeUndefined()
  })

  it('is well within its times', () => {
    expect(codes({ iat: AT - 60, nbf: AT - 60, exp: AT + 600 })).toEqual([])
  })

  it.each<[Record<string, unknown>, string]>([
    [{ exp: AT - 300 }, 'fail token.expired'],
    [{}, 'warn token.no-exp'],
    [{ exp: 'soon' }, 'warn token.no-exp'],
    [{ exp: AT + 600, nbf: AT + 60 }, 'fail token.not-yet'],
    [{ exp: AT + 600, iat: AT + 300 }, 'warn token.skew'],
  ])('%j', (claims, code) => {
    expect(codes(claims)).toEqual([code])
  })

  it('says by how much', () => {
    expect(judgeToken({ header: {}, claims: { exp: AT - 300 } }, 'good', NOW).findings[0]?.title).toBe(
      'The token expired 5 min ago',
    )
  })

  it('that is signed by nobody or another key fails; the previous key is only told', () => {
    expect(codes({ exp: AT + 1 }, 'unchecked', { alg: 'none' })).toEqual(['fail token.alg-none'])
    expect(codes({ exp: AT + 1 }, 'bad')).toEqual(['fail token.signature'])
    expect(codes({ exp: AT + 1 }, 'previous')).toEqual(['info token.previous'])
  })
})

describe('what pods say to a token', () => {
  const pods = (...statuses: (number | undefined)[]) =>
    statuses.map((status, i) => ({ from: `web-${i}`, ...(status ? { status } : { error: 'timed out' }) }))

  it('is well when all take it', () => {
    expect(judgeAcceptance(pods(200, 200), true, 'deployment/web')).toEqual([])
  })

  it('that refuse one signed with the current key run with another', () => {
    expect(judgeAcceptance(pods(401, 200), true, 'deployment/web')).toMatchObject([
      {
        severity: 'fail',
        code: 'token.key-not-in-use',
        remedies: [{ operation: 'kubernetes.rollout-restart', params: { workload: 'deployment/web' } }],
      },
    ])
  })

  it('that refuse a token of a person are not to be restarted for it', () => {
    expect(judgeAcceptance(pods(403), false, undefined)).toMatchObject([
      { code: 'token.refused', remedies: [] },
    ])
  })

  it('that cannot be asked are unknown, never well', () => {
    expect(judgeAcceptance(pods(undefined, 503), true, undefined)).toMatchObject([{ severity: 'unknown' }])
    expect(judgeAcceptance(pods(undefined, 200), true, undefined)).toMatchObject([{ severity: 'warn' }])
  })
})

describe('answers that say nothing of a token', () => {
  it.each([404, 429, 302])('%i is no acceptance', (status) => {
    expect(judgeAcceptance([{ from: 'web-1', status }], true, undefined)).toMatchObject([
      { severity: 'unknown', code: 'token.not-judged' },
    ])
  })
})
