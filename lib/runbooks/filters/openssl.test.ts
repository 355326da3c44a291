import { describe, expect, it, vi } from 'vitest'
import { applyFilters, whyNot } from '.'
import { OVER, VALID, VALID_TEXT } from './x509-testing'

const filter = (words: string) => ({ program: 'openssl', argv: ['openssl', ...words.split(' ')] })

async function out(text: string, words: string): Promise<string> {
  const applied = await applyFilters(text, [filter(words)])
  return applied.ok ? applied.value.text : `!${applied.error.message}`
}

describe('openssl x509', () => {
  it.each([
    ['x509 -noout -text', VALID_TEXT],
    ['x509 --noout --text -in -', VALID_TEXT],
    ['x509', VALID],
    ['x509 -noout -dates', 'notBefore=Jan  1 00:00:00 2024 GMT\nnotAfter=Jan  1 00:00:00 2074 GMT\n'],
    [
      'x509 -subject -enddate -noout',
      'subject=O = "Shop, Ltd", CN = shop.example.com\nnotAfter=Jan  1 00:00:00 2074 GMT\n',
    ],
    ['x509 -noout -issuer -nameopt RFC2253', 'issuer=CN=shop.example.com,O=Shop\\, Ltd\n'],
    ['x509 -noout -serial', 'serial=0102030405060708090A\n'],
    [
      'x509 -noout -fingerprint -sha256 -in /dev/stdin',
      'sha256 Fingerprint=F4:E6:31:C3:37:E6:9E:38:F3:F7:5F:BD:FF:6B:B0:73:B8:69:50:53:E3:48:93:DC:D1:02:3D:88:F0:82:5A:B5\n',
    ],
    ['x509 -noout -subject_hash', 'bf09589d\n'],
    ['x509 -noout -modulus', 'Modulus=No modulus for this public key type\n'],
    [
      'x509 -noout -ext subjectAltName',
      'X509v3 Subject Alternative Name: \n    DNS:shop.example.com, IP Address:10.0.0.1, URI:spiffe://example.com/ns/shop/sa/web\n',
    ],
    ['x509 -noout -checkhost shop.example.com', 'Hostname shop.example.com does match certificate\n'],
    ['x509 -noout -checkhost example.org', 'Hostname example.org does NOT match certificate\n'],
    ['x509 -noout -checkip 10.0.0.1', 'IP 10.0.0.1 does match certificate\n'],
  ])('%s', async (words, expected) => {
    expect(await out(VALID, words)).toBe(expected)
  })

  it('says whether a certificate ends by the clock', async () => {
    vi.useFakeTimers({ now: new Date('2073-12-31T00:00:00Z'), toFake: ['Date'] })
    try {
      expect(await out(VALID, 'x509 -noout -checkend 86399')).toBe('Certificate will not expire\n')
      expect(await out(VALID, 'x509 -noout -checkend 86400')).toBe('Certificate will expire\n')
    } finally {
      vi.useRealTimers()
    }
  })

  it('reads the first of a chain, DER, and what has a key or other lines before it', async () => {
    const der = Buffer.from(VALID.replace(/-----.*-----|\n/g, ''), 'base64').toString('base64')
    const key = `-----BEGIN ${'PRIVATE'} KEY-----\nAAAA\n-----END ${'PRIVATE'} KEY-----\n`
    for (const text of [VALID + OVER, `${key}some line\r\n${VALID.replaceAll('\n', '\r\n')}`])
      expect(await out(text, 'x509 -noout -serial')).toBe('serial=0102030405060708090A\n')
    const read = await applyFilters(der, [
      { program: 'base64', argv: ['base64', '-d'] },
      filter('x509 -inform der -noout -serial'),
    ])
    expect(read.ok && read.value.text).toBe('serial=0102030405060708090A\n')
    expect(read.ok && read.value.certificate).toEqual({
      subject: 'O="Shop, Ltd", CN=shop.example.com',
      notBefore: Date.UTC(2024, 0, 1),
      notAfter: Date.UTC(2074, 0, 1),
    })
  })

  it('says that there is no certificate, and never what there is', async () => {
    const key = `-----BEGIN ${'PRIVATE'} KEY-----\nc2VjcmV0\n-----END ${'PRIVATE'} KEY-----\n`
    for (const text of [
      '',
      'NAME READY\n',
      key,
      VALID.replace('MII', 'MIX'),
      VALID.replace(/-----END.*/, ''),
      '0abc',
    ])
      expect(await out(text, 'x509 -noout -text')).toBe('!openssl x509 finds no certificate in its input.')
    expect(await out(VALID, 'x509 -inform der -noout -text')).toMatch(/^!openssl x509 finds no certificate/)
    expect(await out(VALID.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'), 'x509 -noout -text')).toMatch(
      /^!openssl x509 would first read a TRUSTED CERTIFICATE/,
    )
  })

  it('takes no longer for text that is full of beginnings', async () => {
    const text = '-----BEGIN PUBLIC KEY-----\n'.repeat(200_000)
    expect(await out(text, 'x509 -noout -text')).toBe('!openssl x509 finds no certificate in its input.')
  })

  it.each([
    ['s_client -connect x:443', /openssl s_client does not run here/],
    ['verify', /openssl verify does not run here/],
    ['x509 -in tls.crt -noout', /would read a file/],
    ['x509 tls.crt', /options only/],
    ['x509 -noout -purpose', /-purpose is not understood/],
    ['x509 -outform der', /-outform der is not understood/],
    ['x509 -out x.pem', /-out is not understood/],
    ['x509 -req -signkey key.pem', /-req is not understood/],
    ['x509 -noout -ext tlsfeature', /-ext tlsfeature is not printed/],
    ['x509 -ext subjectAltName', /only with -noout/],
    ['x509 -noout -ext keyUsage -fingerprint', /-ext together with -fingerprint/],
    ['x509 -noout -nameopt ca_default', /-nameopt ca_default is not understood/],
    ['x509 -noout -nameopt oneline,multiline', /is not understood/],
    ['x509 -noout -checkend soon', /-checkend soon is not understood/],
    ['x509 -noout -checkhost', /-checkhost lacks its value/],
    ['x509 -noout=yes', /-noout=yes is not understood/],
  ])('%s is not understood', (words, reason) => {
    expect(whyNot(filter(words))).toMatch(reason)
  })
})
