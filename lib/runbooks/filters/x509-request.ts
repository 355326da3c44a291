import 'server-only'
import { readDer } from './x509-der'
import { nameText, ONELINE } from './x509-names'

const PEM = /^-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----\r?\n([A-Za-z0-9+/=\s]{1,20000})-----END /m

/**
 * The subject that a certificate request (PKCS #10, RFC 2986) asks for, as openssl prints it on one line; `request` is
 * base64 of its PEM, as a CertificateSigningRequest holds it. Undefined for anything that is none.
 */
export function subjectOfRequest(request: unknown): string | undefined {
  if (typeof request !== 'string' || request.length > 40_000) return undefined
  const [, body] = PEM.exec(Buffer.from(request, 'base64').toString('latin1')) ?? []
  if (body === undefined) return undefined
  try {
    const [info] = readDer(Buffer.from(body, 'base64'), 'the request').inside
    const subject = info?.inside[1]
    return subject && nameText(subject, ONELINE)
  } catch {
    // What cannot be read has no subject that could be shown; whoever asks for one says so.
    return undefined
  }
}
