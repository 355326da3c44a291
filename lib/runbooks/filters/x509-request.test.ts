import { expect, it } from 'vitest'
import { subjectOfRequest } from './x509-request'

/** `openssl req -new -subj /O=system:masters/CN=jane`; `openssl req -noout -subject -nameopt oneline` prints its name. */
const REQUEST = `-----BEGIN CERTIFICATE REQUEST-----
MIHiMIGKAgEAMCgxFzAVBgNVBAoMDnN5c3RlbTptYXN0ZXJzMQ0wCwYDVQQDDARq
YW5lMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEFJQn49zrthYTf2mUnzfzPDET
ZAnscxvbFrV6PNERf02hPA5glCBnEAnWxBcgIW8MSnwcygh9NA9QpqbZu8kjo6AA
MAoGCCqGSM49BAMCA0cAMEQCIDzupEYwt/dSr3Df0BEifQGiOs3/OKoQiO3wI4SU
WeZAAiBgVOCnMvAcLqAU5jD4GwZG8woC8eshxYqddqu72dB+Zg==
-----END CERTIFICATE REQUEST-----
`

const base64 = (text: string) => Buffer.from(text).toString('base64')

it('says whom a request is for', () => {
  expect(subjectOfRequest(base64(REQUEST))).toBe('O = system:masters, CN = jane')
  expect(subjectOfRequest(base64(REQUEST.replaceAll('CERTIFICATE', 'NEW CERTIFICATE')))).toBe(
    'O = system:masters, CN = jane',
  )
})

it('says nothing of what is none', () => {
  for (const odd of [
    undefined,
    7,
    '',
    'LS0tLS1CRUdJTg==',
    base64('-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n'),
    base64(REQUEST).slice(0, 200),
    'A'.repeat(100_000),
  ])
    expect(subjectOfRequest(odd)).toBeUndefined()
})
