import 'server-only'
import { X509Certificate } from 'node:crypto'
import type { CertificateFacts } from '../../verdicts/certificate'
import { CouldNotFinish } from './options'
import { type Der, isContext, isUniversal, odd, readDer, TAG } from './x509-der'
import { nameText, ONELINE } from './x509-names'
import { timeOf } from './x509-times'

/** A certificate: what OpenSSL made of it, and its parts (RFC 5280 section 4.1). */
export interface Certificate {
  parsed: X509Certificate
  version: Der | undefined
  serial: Der
  signedWith: Der
  issuer: Der
  notBefore: Der
  notAfter: Der
  subject: Der
  key: Der
  extensions: Der | undefined
  algorithm: Der
  signature: Der
}

const NONE = 'openssl x509 finds no certificate in its input.'
/** The tool skips these on its way to a certificate. */
const SKIPPED = new Set(['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'PUBLIC KEY', 'EC PARAMETERS'])

/**
 * The first certificate in what openssl x509 reads: PEM, with any lines around it, or DER; `format` takes only one of
 * them. Throws CouldNotFinish for input without one, and never says what the input is.
 */
export function firstCertificate(octets: string, format: 'pem' | 'der' | undefined): Certificate {
  const der = octets.startsWith('\x30') ? Buffer.from(octets, 'latin1') : undefined
  if (der) {
    if (format === 'pem') throw new CouldNotFinish(NONE)
    return partsOf(parsed(der))
  }
  if (format === 'der') throw new CouldNotFinish(NONE)
  return partsOf(parsed(firstBlock(octets)))
}

/** The octets of the first block that is a certificate. Looks at each octet once, however many blocks begin. */
function firstBlock(octets: string): Buffer {
  const begin = /^-----BEGIN ([A-Z0-9 ]{1,40})-----[ \t\r]*\n/gm
  for (let head = begin.exec(octets); head; head = begin.exec(octets)) {
    const [, label = ''] = head
    const end = octets.indexOf(`\n-----END ${label}-----`, begin.lastIndex - 1)
    if (end < 0) break
    const body = octets.slice(begin.lastIndex, end + 1)
    if (label === 'CERTIFICATE' || label === 'X509 CERTIFICATE') {
      const text = body
        .split('\n')
        .map((line) => line.trimEnd())
        .join('\n')
      if (!/^(?:[A-Za-z0-9+/]+\n)*[A-Za-z0-9+/]+={0,2}\n$/.test(text)) break
      return Buffer.from(text, 'base64')
    }
    if (!SKIPPED.has(label) || body.includes(':'))
      throw new CouldNotFinish(`openssl x509 would first read a ${label}, which is not done here.`)
    begin.lastIndex = end + 1
  }
  throw new CouldNotFinish(NONE)
}

function parsed(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der)
  } catch {
    // The error of OpenSSL tells no more than that.
    throw new CouldNotFinish(NONE)
  }
}

function partsOf(certificate: X509Certificate): Certificate {
  const [body, algorithm, signature] = readDer(certificate.raw, 'the form').inside
  const fields = [...(body?.inside ?? [])]
  const version = isContext(fields[0], 0) ? fields.shift() : undefined
  const [serial, signedWith, issuer, validity, subject, key, ...more] = fields
  const [notBefore, notAfter] = validity?.inside ?? []
  if (!isUniversal(serial, TAG.integer) || !signedWith || !issuer || !notBefore || !notAfter) odd('the form')
  if (!subject || !key || !algorithm || !isUniversal(signature, TAG.bitString)) odd('the form')
  const extensions = more.find((one) => isContext(one, 3))
  // Unique identifiers, which RFC 5280 forbids.
  if (more.some((one) => one !== extensions)) odd('an identifier')
  return {
    parsed: certificate,
    version: version?.inside[0],
    serial,
    signedWith,
    issuer,
    notBefore,
    notAfter,
    subject,
    key,
    extensions,
    algorithm,
    signature,
  }
}

/** The facts of the first certificate in a text; undefined where there is none, or none that is understood. */
export function certificateFacts(
  octets: string,
  format: 'pem' | 'der' | undefined,
): CertificateFacts | undefined {
  try {
    const { subject, notBefore, notAfter } = firstCertificate(octets, format)
    return {
      subject: Buffer.from(
        nameText(subject, { ...ONELINE, escapeMsb: false, spaces: false }),
        'latin1',
      ).toString(),
      notBefore: timeOf(notBefore),
      notAfter: timeOf(notAfter),
    }
  } catch (cause) {
    if (cause instanceof CouldNotFinish) return undefined
    throw cause
  }
}
