import { expect, it } from 'vitest'
import { OVER, VALID } from '@/lib/runbooks/filters/x509-testing'
import { isCertificatesOnly } from './certificates-only'

const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64')
const der = Buffer.from(VALID.replace(/-----.*-----|\n/g, ''), 'base64').toString('latin1')
const key = `-----BEGIN ${'PRIVATE'} KEY-----\nAAAA\n-----END ${'PRIVATE'} KEY-----\n`

it.each([
  ['one', VALID],
  ['a chain with blank lines', `\n${VALID}\n\n${OVER}`],
  ['other line ends', VALID.replaceAll('\n', '\r\n')],
  ['no last newline', VALID.trimEnd()],
  ['DER', der],
])('%s is certificates only', (_, text) => {
  expect(isCertificatesOnly(base64(text))).toBe(true)
})

it.each([
  ['nothing', ''],
  ['a password', 'hunter2'],
  ['a key', key],
  ['a key behind it', VALID + key],
  ['a key before it', key + VALID],
  ['a comment', `# hunter2\n${VALID}`],
  ['a word after a mark', VALID.replace('-----\n', '----- hunter2\n')],
  ['a word inside', VALID.replace('\nMII', '\nhunter2: x\nMII')],
  ['a block in its block', VALID.replace('\nMII', '\n-----BEGIN CERTIFICATE-----\nMII')],
  ['a block that does not end', VALID.replace(/-----END[\s\S]*/, '')],
  ['no certificate in its block', VALID.replace('MII', 'MIX')],
  ['octets behind DER', `${der}hunter2`],
  ['letters behind the certificate in its block', VALID.replace('Vk=\n', 'VkAAAA\n')],
])('%s is not', (_, text) => {
  expect(isCertificatesOnly(base64(text))).toBe(false)
})

it('takes base64 as Kubernetes writes it only', () => {
  expect(isCertificatesOnly(`${base64(VALID)}\n`)).toBe(false)
  expect(isCertificatesOnly(undefined)).toBe(false)
})
