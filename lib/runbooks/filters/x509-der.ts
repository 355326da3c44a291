import 'server-only'
import { type AsnType, fromBER } from 'asn1js'
import { CouldNotFinish } from './options'

/** One value of DER as it stands in the octets: what is in it, and where a value is made of others, those. */
export interface Der {
  /** 0 universal, 2 of its context. */
  tagClass: 0 | 1 | 2 | 3
  tag: number
  /** Tag, length and contents. */
  whole: Buffer
  contents: Buffer
  /** The values inside; [] for a primitive one. */
  inside: Der[]
}

export const TAG = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  oid: 6,
  utf8: 12,
  printable: 19,
  teletex: 20,
  ia5: 22,
  utcTime: 23,
  generalizedTime: 24,
  visible: 26,
  universal: 28,
  bmp: 30,
} as const

/** Throws CouldNotFinish: a structure is not as RFC 5280 has it, so that what a tool prints of it is not known. */
export function odd(what: string): never {
  throw new CouldNotFinish(`openssl: ${what} of this certificate is not printed here as the tool prints it.`)
}

/** The one value that these octets are; throws CouldNotFinish for anything else. `what` names it in the sentence. */
export function readDer(octets: Buffer, what: string): Der {
  const { offset, result } = fromBER(octets)
  if (offset !== octets.length || result.error !== '') odd(what)
  return derOf(result, octets, what)
}

function derOf(value: AsnType, octets: Buffer, what: string): Der {
  const { idBlock, lenBlock } = value
  const head = idBlock.blockLength + lenBlock.blockLength
  // DER has one way to say how long a value is; of the others the places inside could not be told.
  if (lenBlock.isIndefiniteForm || head + lenBlock.length !== octets.length) odd(what)
  const contents = octets.subarray(head)
  const inside: Der[] = []
  if (idBlock.isConstructed) {
    let at = 0
    for (const one of (value.valueBlock as unknown as { value: AsnType[] }).value) {
      const end = at + one.idBlock.blockLength + one.lenBlock.blockLength + one.lenBlock.length
      inside.push(derOf(one, contents.subarray(at, end), what))
      at = end
    }
    if (at !== contents.length) odd(what)
  }
  const tagClass = (idBlock.tagClass - 1) as Der['tagClass']
  return { tagClass, tag: idBlock.tagNumber, whole: octets, contents, inside }
}

/** Whether a value has this tag of its context: `[0]` of a structure. */
export function isContext(der: Der | undefined, tag: number): der is Der {
  return der?.tagClass === 2 && der.tag === tag
}

export function isUniversal(der: Der | undefined, tag: number): der is Der {
  return der?.tagClass === 0 && der.tag === tag
}

/** Octets of an object identifier; the longest in use have some twenty. */
const OID_AT_MOST = 64

/** An object identifier in figures: `2.5.4.3`. Throws CouldNotFinish for one beyond all bounds. */
export function oidText(contents: Buffer): string {
  if (contents.length > OID_AT_MOST)
    throw new CouldNotFinish('openssl x509: an object identifier is longer than is read here.')
  const arcs: bigint[] = []
  let arc = 0n
  for (const octet of contents) {
    arc = (arc << 7n) | BigInt(octet & 0x7f)
    if (octet < 0x80) {
      arcs.push(arc)
      arc = 0n
    }
  }
  const [first = 0n, ...rest] = arcs
  const root = first < 80n ? first / 40n : 2n
  return [root, first - root * 40n, ...rest].join('.')
}

/** The value of an integer. */
export function integer(der: Der): bigint {
  return der.contents.length === 0
    ? 0n
    : BigInt.asIntN(der.contents.length * 8, BigInt(`0x${der.contents.toString('hex')}`))
}

/** Octets as `ab:cd`, in lines of `width`; each line after `indent`. */
export function hexLines(octets: Buffer, width: number, indent: string): string {
  const pairs = Array.from(octets, (one) => one.toString(16).padStart(2, '0'))
  const lines: string[] = []
  for (let at = 0; at < pairs.length; at += width)
    lines.push(`${indent}${pairs.slice(at, at + width).join(':')}`)
  return lines.join(':\n')
}

/** Octets as `AB:CD`. */
export function hexCapitals(octets: Buffer): string {
  return Array.from(octets, (one) => one.toString(16).padStart(2, '0').toUpperCase()).join(':')
}
