import 'server-only'
import { type Der, odd } from './x509-der'
import { attributesOf, slashed } from './x509-names'

/** GeneralName (RFC 5280 section 4.2.1.6) as lists of them are printed; other kinds of names throw CouldNotFinish. */
export function generalNames(list: readonly Der[]): string[] {
  return list.map((one) => {
    if (one.tagClass !== 2) odd('a name')
    switch (one.tag) {
      case 1:
        return `email:${printable(one.contents, 'an e-mail address')}`
      case 2:
        return `DNS:${printable(one.contents, 'a DNS name')}`
      case 4:
        return one.inside[0] ? `DirName:${slashed(attributesOf(one.inside[0]))}` : odd('a directory name')
      case 6:
        return `URI:${printable(one.contents, 'a URI')}`
      case 7:
        return `IP Address:${address(one.contents)}`
      default:
        return odd(one.tag === 0 ? 'another name (otherName)' : `a name of kind ${one.tag}`)
    }
  })
}

function address(octets: Buffer): string {
  if (octets.length === 4) return octets.join('.')
  if (octets.length !== 16) odd('an IP address')
  return Array.from({ length: 8 }, (_, at) =>
    octets
      .readUInt16BE(at * 2)
      .toString(16)
      .toUpperCase(),
  ).join(':')
}

/** Text of printing ASCII only: what the tool makes of other octets differs from place to place. */
export function printable(octets: Buffer, what: string): string {
  const text = octets.toString('latin1')
  return /^[\x20-\x7e]+$/.test(text) ? text : odd(what)
}
