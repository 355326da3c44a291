import 'server-only'
import type { Certificate } from './x509-certificate'
import { type Der, hexLines, integer, isUniversal, odd, oidText, TAG } from './x509-der'
import { type Extension, extensionsText } from './x509-extensions'
import { keyText } from './x509-keys'
import { type NameOptions, nameText } from './x509-names'
import { SIGNATURES } from './x509-oids'
import { timeText } from './x509-times'

/** Octets in a line of a signature. */
const WIDTH = 18

/** What `openssl x509 -text` prints, as octets, with these of its extensions. */
export function certificateText(
  certificate: Certificate,
  extensions: readonly Extension[],
  names: NameOptions,
): string {
  const gap = names.separator === '\n' ? '\n' : ' '
  const name = (one: Der) => `${gap}${nameText(one, names, gap === '\n' ? 12 : 0)}`
  const signature = certificate.signature.contents
  if (signature[0] !== 0) odd('the signature')
  return [
    'Certificate:\n    Data:\n',
    `        Version: ${version(certificate.version)}\n`,
    `        Serial Number:${serialText(certificate.serial)}`,
    `        Signature Algorithm: ${algorithm(certificate.signedWith)}\n`,
    `        Issuer:${name(certificate.issuer)}\n`,
    '        Validity\n',
    `            Not Before: ${timeText(certificate.notBefore)}\n`,
    `            Not After : ${timeText(certificate.notAfter)}\n`,
    `        Subject:${name(certificate.subject)}\n`,
    '        Subject Public Key Info:\n',
    keyText(certificate.key),
    ...(extensions.length > 0 ? ['        X509v3 extensions:\n', extensionsText(extensions, 12)] : []),
    `    Signature Algorithm: ${algorithm(certificate.algorithm)}\n`,
    `    Signature Value:\n${hexLines(signature.subarray(1), WIDTH, '        ')}\n`,
  ].join('')
}

function version(given: Der | undefined): string {
  const number = given ? integer(given) : 0n
  if (number < 0n || number > 2n) odd('the version')
  return `${number + 1n} (0x${number})`
}

/** After `Serial Number:`, with its newline: in figures where it fits 64 bits with a sign. */
function serialText(serial: Der): string {
  const number = integer(serial)
  const [sign, size] = number < 0n ? ['-', -number] : ['', number]
  const octets = hexOctets(size)
  // The tool takes -1 for "does not fit".
  if (octets.length <= 8 && size < 1n << 63n && number !== -1n)
    return ` ${sign}${size} (${sign}0x${size.toString(16)})\n`
  return `\n            ${sign ? ' (Negative)' : ''}${hexLines(octets, octets.length, '')}\n`
}

function hexOctets(size: bigint): Buffer {
  const hex = size.toString(16)
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
}

/** After `serial=`. */
export function serialHex(serial: Der): string {
  const number = integer(serial)
  const size = number < 0n ? -number : number
  return `${number < 0n ? '-' : ''}${hexOctets(size).toString('hex').toUpperCase()}`
}

function algorithm(identifier: Der): string {
  const [oid] = identifier.inside
  const figures = isUniversal(oid, TAG.oid) ? oidText(oid.contents) : ''
  return Object.hasOwn(SIGNATURES, figures)
    ? (SIGNATURES[figures] as string)
    : odd(`a signature of this kind (${figures})`)
}
