import 'server-only'
import { type Der, hexLines, integer, isUniversal, odd, oidText, readDer, TAG } from './x509-der'
import { CURVES } from './x509-oids'

const MARGIN = ' '.repeat(16)
const HEX = ' '.repeat(20)
/** Octets in a line of a key. */
const WIDTH = 15
const ONLY_LOOKS = new Map([
  ['1.3.101.112', 'ED25519'],
  ['1.3.101.113', 'ED448'],
])

/** The modulus of an RSA key; undefined for a key of another kind. */
export function modulusOf(key: Der): Der | undefined {
  return rsa(key)?.modulus
}

function rsa(key: Der): { modulus: Der; exponent: Der } | undefined {
  const { oid, bits } = partsOf(key)
  if (oid !== '1.2.840.113549.1.1.1') return undefined
  const [modulus, exponent] = readDer(bits, 'the key').inside
  return isUniversal(modulus, TAG.integer) && isUniversal(exponent, TAG.integer)
    ? { modulus, exponent }
    : odd('the key')
}

/** Algorithm, parameters and the octets of a SubjectPublicKeyInfo (RFC 5280 section 4.1). */
export function partsOf(key: Der): { oid: string; parameters: Der | undefined; bits: Buffer } {
  const [algorithm, bits] = key.inside
  const [oid, parameters] = algorithm?.inside ?? []
  if (!isUniversal(oid, TAG.oid) || !isUniversal(bits, TAG.bitString) || bits.contents[0] !== 0)
    odd('the key')
  return { oid: oidText(oid.contents), parameters, bits: bits.contents.subarray(1) }
}

/** `Public Key Algorithm:` and what follows, each line with its newline. RSA, the curves of x509-oids, Ed25519, Ed448. */
export function keyText(key: Der): string {
  const { oid, parameters, bits } = partsOf(key)
  const head = (name: string) => `            Public Key Algorithm: ${name}\n`
  const own = rsa(key)
  if (own) {
    const [n, e] = [integer(own.modulus), integer(own.exponent)]
    if (n <= 0n || e <= 0n || e >= 1n << 64n || n < 1n << 64n) odd('the key')
    return (
      `${head('rsaEncryption')}${MARGIN}Public-Key: (${n.toString(2).length} bit)\n` +
      `${MARGIN}Modulus:\n${hexLines(own.modulus.contents, WIDTH, HEX)}\n` +
      `${MARGIN}Exponent: ${e} (0x${e.toString(16)})\n`
    )
  }
  if (oid === '1.2.840.10045.2.1') {
    const name = isUniversal(parameters, TAG.oid) ? oidText(parameters.contents) : ''
    const curve = Object.hasOwn(CURVES, name) ? CURVES[name] : undefined
    // A point may be written shorter, and curves may be written out.
    if (!curve || bits[0] !== 4 || bits.length !== 1 + 2 * Math.ceil(curve[0] / 8)) odd('the key')
    const [size, curveName, nist] = curve
    return (
      `${head('id-ecPublicKey')}${MARGIN}Public-Key: (${size} bit)\n` +
      `${MARGIN}pub:\n${hexLines(bits, WIDTH, HEX)}\n${MARGIN}ASN1 OID: ${curveName}\n` +
      (nist ? `${MARGIN}NIST CURVE: ${nist}\n` : '')
    )
  }
  const looks = ONLY_LOOKS.get(oid)
  if (!looks) odd(`a key of this kind (${oid})`)
  return `${head(looks)}${MARGIN}${looks} Public-Key:\n${MARGIN}pub:\n${hexLines(bits, WIDTH, HEX)}\n`
}
