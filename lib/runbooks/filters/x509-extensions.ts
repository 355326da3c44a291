import 'server-only'
import {
  type Der,
  hexCapitals,
  integer,
  isContext,
  isUniversal,
  odd,
  oidText,
  readDer,
  TAG,
} from './x509-der'
import { generalNames, printable } from './x509-general-names'
import { ACCESS_METHODS, EXTENSIONS, KEY_PURPOSES, policyName } from './x509-oids'
import { timestampsText } from './x509-timestamps'

export interface Extension {
  oid: string
  /** Name for -ext; undefined where the extension is not printed here. */
  short: string | undefined
  critical: boolean
  value: Buffer
}

/** The extensions of a certificate in order (RFC 5280 section 4.2). */
export function extensionsOf(list: Der | undefined): Extension[] {
  return (list?.inside[0]?.inside ?? []).map(({ inside }) => {
    const [oid, second, third] = inside
    const critical = isUniversal(second, TAG.boolean) && second.contents[0] !== 0
    const value = isUniversal(second, TAG.boolean) ? third : second
    if (!isUniversal(oid, TAG.oid) || !isUniversal(value, TAG.octetString)) odd('an extension')
    const figures = oidText(oid.contents)
    const short = Object.hasOwn(EXTENSIONS, figures) ? EXTENSIONS[figures]?.[0] : undefined
    return { oid: figures, short, critical, value: value.contents }
  })
}

/** Extensions with their names, each line after `indent` blanks. Throws CouldNotFinish for one that is not in x509-oids. */
export function extensionsText(extensions: readonly Extension[], indent: number): string {
  return extensions
    .map((one) => {
      if (one.short === undefined) odd(`the extension ${one.oid}`)
      const [, name] = EXTENSIONS[one.oid] as readonly [string, string]
      const text = (PRINTERS[one.short] as Printer)(
        readDer(one.value, `the extension ${name}`),
        ' '.repeat(indent + 4),
      )
      return `${' '.repeat(indent)}${name}: ${one.critical ? 'critical' : ''}\n${text}\n`
    })
    .join('')
}

/** Gives the lines without the last newline. */
type Printer = (value: Der, margin: string) => string

const PRINTERS: Record<string, Printer> = {
  basicConstraints: (value, margin) => {
    const [first, second] = value.inside
    const ca = isUniversal(first, TAG.boolean) && first.contents[0] !== 0
    const length = isUniversal(first, TAG.boolean) ? second : first
    if (length && (!isUniversal(length, TAG.integer) || integer(length) < 0n)) odd('Basic Constraints')
    return `${margin}CA:${ca ? 'TRUE' : 'FALSE'}${length ? `, pathlen:${integer(length)}` : ''}`
  },
  keyUsage: (value, margin) => margin + bitNames(value, KEY_USAGES, 'Key Usage'),
  nsCertType: (value, margin) => margin + bitNames(value, CERT_TYPES, 'Netscape Cert Type'),
  nsComment: (value, margin) => {
    if (!isUniversal(value, TAG.ia5)) odd('Netscape Comment')
    return margin + printable(value.contents, 'Netscape Comment')
  },
  extendedKeyUsage: (value, margin) => margin + atLeastOne(value.inside.map(purpose), 'Key Usage').join(', '),
  subjectAltName: (value, margin) => margin + names(value).join(', '),
  issuerAltName: (value, margin) => margin + names(value).join(', '),
  subjectKeyIdentifier: (value, margin) => {
    if (!isUniversal(value, TAG.octetString) || value.contents.length === 0) odd('Subject Key Identifier')
    return margin + hexCapitals(value.contents)
  },
  authorityKeyIdentifier: (value, margin) => {
    const part = (tag: number) => value.inside.find((one) => isContext(one, tag))
    const [id, issuer, serial] = [part(0), part(1), part(2)]
    if ((serial && (serial.contents[0] ?? 0x80) >= 0x80) || id?.contents.length === 0)
      odd('Authority Key Identifier')
    const lines = [
      ...(id ? [`${issuer || serial ? 'keyid:' : ''}${hexCapitals(id.contents)}`] : []),
      ...(issuer ? names(issuer) : []),
      ...(serial ? [`serial:${hexCapitals(withoutZero(serial.contents))}`] : []),
    ]
    return atLeastOne(lines, 'Authority Key Identifier')
      .map((line) => margin + line)
      .join('\n')
  },
  crlDistributionPoints: (value, margin) =>
    atLeastOne(value.inside, 'CRL Distribution Points')
      .map(({ inside }) => {
        const [point, ...more] = inside
        const full = point?.inside[0]
        // Reasons and issuers of lists are set in ways of their own.
        if (more.length > 0 || !isContext(point, 0) || !isContext(full, 0)) odd('CRL Distribution Points')
        return [`${margin}Full Name:`, ...places(full).map((place) => `${margin}  ${place}`)].join('\n')
      })
      .join('\n'),
  authorityInfoAccess: (value, margin) =>
    atLeastOne(value.inside, 'Authority Information Access')
      .map(({ inside }) => {
        const [method, place] = inside
        const oid = isUniversal(method, TAG.oid) ? oidText(method.contents) : ''
        const name = Object.hasOwn(ACCESS_METHODS, oid) ? ACCESS_METHODS[oid] : undefined
        if (!name || !place) odd('Authority Information Access')
        return `${margin}${name} - ${generalNames([place])[0]}`
      })
      .join('\n'),
  certificatePolicies: (value, margin) =>
    atLeastOne(value.inside, 'Certificate Policies')
      .flatMap((one) => policyLines(one).map((line) => margin + line))
      .join('\n'),
  nameConstraints: (value, margin) => {
    const lines = value.inside.flatMap((part) => [
      isContext(part, 0) ? 'Permitted:' : 'Excluded:',
      ...part.inside.map(({ inside }) => {
        const [base, ...more] = inside
        if (!base || more.length > 0 || isContext(base, 7)) odd('Name Constraints')
        return `  ${generalNames([base])[0]}`
      }),
    ])
    return atLeastOne(lines, 'Name Constraints')
      .map((line) => margin + line)
      .join('\n')
  },
  ct_precert_scts: timestampsText,
}

const KEY_USAGES = [
  'Digital Signature',
  'Non Repudiation',
  'Key Encipherment',
  'Data Encipherment',
  'Key Agreement',
  'Certificate Sign',
  'CRL Sign',
  'Encipher Only',
  'Decipher Only',
]
const CERT_TYPES = [
  'SSL Client',
  'SSL Server',
  'S/MIME',
  'Object Signing',
  'Unused',
  'SSL CA',
  'S/MIME CA',
  'Object Signing CA',
]

function bitNames(value: Der, bits: readonly string[], what: string): string {
  if (!isUniversal(value, TAG.bitString)) odd(what)
  const octets = value.contents.subarray(1)
  const set = bits.filter((_, at) => ((octets[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0)
  return atLeastOne(set, what).join(', ')
}

/** What the tool prints of an empty list differs from extension to extension, and none should be empty. */
function atLeastOne<T>(list: T[], what: string): T[] {
  return list.length > 0 ? list : odd(what)
}

function purpose(one: Der): string {
  const oid = isUniversal(one, TAG.oid) ? oidText(one.contents) : ''
  return Object.hasOwn(KEY_PURPOSES, oid) ? (KEY_PURPOSES[oid] as string) : odd(`a key usage (${oid})`)
}

function names(value: Der): string[] {
  return generalNames(atLeastOne(value.inside, 'a list of names'))
}

/** Names of places: a directory's name would be printed another way here. */
function places(list: Der): string[] {
  if (list.inside.some((one) => !isContext(one, 6))) odd('CRL Distribution Points')
  return names(list)
}

function withoutZero(octets: Buffer): Buffer {
  return octets.length > 1 && octets[0] === 0 ? octets.subarray(1) : octets
}

function policyLines({ inside }: Der): string[] {
  const [oid, qualifiers] = inside
  const figures = isUniversal(oid, TAG.oid) ? oidText(oid.contents) : ''
  const name = policyName(figures) ?? odd(`the policy ${figures}`)
  const more = (qualifiers?.inside ?? []).flatMap(({ inside: [kind, value] }) => {
    const which = isUniversal(kind, TAG.oid) ? oidText(kind.contents) : ''
    if (which === '1.3.6.1.5.5.7.2.1' && isUniversal(value, TAG.ia5))
      return [`  CPS: ${printable(value.contents, 'Certificate Policies')}`]
    const [text, ...others] = value?.inside ?? []
    if (which !== '1.3.6.1.5.5.7.2.2' || others.length > 0 || !text) odd('Certificate Policies')
    if (!isUniversal(text, TAG.utf8) && !isUniversal(text, TAG.visible) && !isUniversal(text, TAG.ia5))
      odd('Certificate Policies')
    return ['  User Notice:', `    Explicit Text: ${printable(text.contents, 'Certificate Policies')}`]
  })
  return [`Policy: ${name}`, ...more]
}
