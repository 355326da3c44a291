import 'server-only'
import { X509Certificate } from 'node:crypto'

const MAX_BASE64 = 1 << 20
const BASE64_LINE = /^[A-Za-z0-9+/]{1,200}={0,2}$/

/**
 * Whether a value of a Secret, in base64, is certificates and nothing else: whoever connects is shown those, so they
 * are no secret. PEM with blank lines at most around its blocks, or DER of one certificate. A key, a comment or an
 * octet more, and it is not.
 */
export function isCertificatesOnly(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > MAX_BASE64) return false
  const octets = Buffer.from(value, 'base64')
  if (octets.length === 0 || octets.toString('base64') !== value) return false
  return octets[0] === 0x30 ? isCertificate(octets) : isPem(octets.toString('latin1'))
}

function isPem(text: string): boolean {
  let body: string[] | undefined
  let certificates = 0
  for (const written of text.split('\n')) {
    const line = written.replace(/\r$/, '')
    if (line === '-----BEGIN CERTIFICATE-----' && body === undefined) body = []
    else if (line === '-----END CERTIFICATE-----' && body !== undefined) {
      const base64 = body.join('')
      const der = Buffer.from(base64, 'base64')
      if (der.toString('base64') !== base64 || !isCertificate(der)) return false
      certificates++
      body = undefined
    } else if (body !== undefined && BASE64_LINE.test(line)) body.push(line)
    else if (body !== undefined || line !== '') return false
  }
  return body === undefined && certificates > 0
}

function isCertificate(der: Buffer): boolean {
  try {
    return new X509Certificate(der).raw.equals(der)
  } catch {
    // OpenSSL reads no certificate in it.
    return false
  }
}
