import 'server-only'
import { type Der, isUniversal, odd, TAG } from './x509-der'
import { millisecondsText } from './x509-times'

/** Octets in a line. */
const WIDTH = 16
/** The one algorithm that logs use in practice (RFC 6962 section 2.1.4): SHA-256 with ECDSA. */
const ECDSA_SHA256 = 0x0403
const RSA_SHA256 = 0x0401

/** The list of signed certificate timestamps (RFC 6962 section 3.3) that logs gave for a certificate. */
export function timestampsText(value: Der, margin: string): string {
  if (!isUniversal(value, TAG.octetString)) odd('a list of timestamps')
  const list = value.contents
  if (list.length < 2 || list.readUInt16BE(0) !== list.length - 2) odd('a list of timestamps')
  const parts: string[] = []
  for (let at = 2; at < list.length; ) {
    const one = field(list, at)
    parts.push(timestampText(one, margin))
    at += 2 + one.length
  }
  return parts.length > 0 ? parts.join('\n') : odd('a list of timestamps')
}

/** What stands after its length, of two octets. */
function field(octets: Buffer, at: number): Buffer {
  const end = at + 2 <= octets.length ? at + 2 + octets.readUInt16BE(at) : Number.POSITIVE_INFINITY
  return end <= octets.length ? octets.subarray(at + 2, end) : odd('a timestamp')
}

function timestampText(one: Buffer, margin: string): string {
  if (one.length < 47 || one[0] !== 0) odd('a timestamp')
  const extensions = field(one, 41)
  const algorithm = one.readUInt16BE(43)
  const signature = field(one, 45)
  if (extensions.length > 0 || signature.length === 0 || 47 + signature.length !== one.length)
    odd('a timestamp')
  if (algorithm !== ECDSA_SHA256 && algorithm !== RSA_SHA256) odd('a timestamp')
  const milliseconds = one.readBigUInt64BE(33)
  if (milliseconds > 253_402_300_799_999n) odd('a timestamp')
  const inner = `${margin}    `
  return [
    `${margin}Signed Certificate Timestamp:`,
    `${inner}Version   : v1 (0x0)`,
    `${inner}Log ID    : ${hex(one.subarray(1, 33), inner)}`,
    `${inner}Timestamp : ${millisecondsText(Number(milliseconds))}`,
    `${inner}Extensions: none`,
    `${inner}Signature : ${algorithm === ECDSA_SHA256 ? 'ecdsa-with-SHA256' : 'sha256WithRSAEncryption'}`,
    `${inner}            ${hex(signature, inner)}`,
  ].join('\n')
}

function hex(octets: Buffer, inner: string): string {
  const pairs = Array.from(octets, (one) => one.toString(16).padStart(2, '0').toUpperCase())
  const lines: string[] = []
  for (let at = 0; at < pairs.length; at += WIDTH) lines.push(pairs.slice(at, at + WIDTH).join(':'))
  return lines.join(`:\n${inner}            `)
}
