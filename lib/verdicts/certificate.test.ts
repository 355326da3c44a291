import { describe, expect, it } from 'vitest'
import { judgeCertificate } from './certificate'

const FACTS = {
  subject: 'CN=shop.example.com',
  notBefore: Date.parse('2026-01-01T00:00:00Z'),
  notAfter: Date.parse('2026-04-01T12:00:00Z'),
}
const at = (time: string, checkend?: number) => {
  const { findings, healthy } = judgeCertificate(FACTS, Date.parse(time), checkend)
  return findings.map(({ severity, title }) => `${severity}: ${title}`)[0] ?? healthy
}

describe('a certificate', () => {
  it.each([
    ['2026-02-01T12:00:00Z', 'The certificate of CN=shop.example.com ends in 59 days, on 2026-04-01'],
    ['2026-03-18T11:00:00Z', 'The certificate of CN=shop.example.com ends in 14 days, on 2026-04-01'],
    ['2026-03-18T13:00:00Z', 'warn: The certificate of CN=shop.example.com ends in 13 days, on 2026-04-01'],
    ['2026-04-01T00:00:00Z', 'warn: The certificate of CN=shop.example.com ends in 12 hours, on 2026-04-01'],
    [
      '2026-04-01T11:59:00Z',
      'warn: The certificate of CN=shop.example.com ends in less than an hour, on 2026-04-01',
    ],
    [
      '2026-04-01T12:00:00Z',
      'fail: The certificate of CN=shop.example.com ended less than an hour ago, on 2026-04-01',
    ],
    ['2026-04-10T12:00:00Z', 'fail: The certificate of CN=shop.example.com ended 9 days ago, on 2026-04-01'],
    ['2025-12-31T00:00:00Z', 'fail: The certificate of CN=shop.example.com is not valid before 2026-01-01'],
  ])('at %s', (time, said) => {
    expect(at(time)).toBe(said)
  })

  it('warns as early as the line asks for, never later than 14 days before', () => {
    expect(at('2026-03-01T12:00:00Z', 40 * 86_400)).toMatch(/^warn: .* ends in 31 days/)
    expect(at('2026-03-20T12:00:00Z', 60)).toMatch(/^warn: .* ends in 12 days/)
  })
})
