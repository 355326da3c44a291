import 'server-only'
import { createHash } from 'node:crypto'
import type { Stage } from './lines'
import { CouldNotFinish, NotUnderstood } from './options'
import { type Certificate, firstCertificate } from './x509-certificate'
import { isContext, isUniversal, odd, oidText, readDer, TAG } from './x509-der'
import { type Extension, extensionsOf, extensionsText } from './x509-extensions'
import { printable } from './x509-general-names'
import { modulusOf, partsOf } from './x509-keys'
import {
  attributesOf,
  type NameOptions,
  nameHash,
  nameText,
  oldNameHash,
  readNameOptions,
} from './x509-names'
import { EXTENSIONS } from './x509-oids'
import { certificateText, serialHex } from './x509-text'
import { timeOf, timeText } from './x509-times'

const PRINTS = new Set(
  'text subject issuer serial startdate enddate fingerprint pubkey modulus subject_hash issuer_hash subject_hash_old issuer_hash_old email ocsp_uri ext'.split(
    ' ',
  ),
)
const SAME: Record<string, readonly string[]> = { dates: ['startdate', 'enddate'], hash: ['subject_hash'] }
const VALUES = new Set(
  'in inform outform ext checkend checkhost checkip checkemail nameopt dateopt'.split(' '),
)
const DIGESTS = new Set('md5 sha1 sha224 sha256 sha384 sha512'.split(' '))
const SHORT_NAMES = new Set(Object.values(EXTENSIONS).map(([short]) => short))
/** With -ext the tool works on a certificate without the other extensions, whose octets are another's. */
const NOT_WITH_EXT = ['fingerprint', 'email', 'ocsp_uri']

interface Asked {
  /** In order of printing. */
  prints: string[]
  noout: boolean
  format: 'pem' | 'der' | undefined
  values: Map<string, string>
  names: NameOptions
  digest: string
  iso: boolean
}

/**
 * `openssl x509` on a certificate in the pipe, PEM or DER, as OpenSSL 3.0 and 3.1 print it (from 3.2 on names are
 * `CN=x, O=y`, without blanks). What it would print is never approximated: an extension, a key or a name that is not
 * printed exactly makes the stage throw CouldNotFinish with a sentence. `argv` begins with the program. `-in -` is
 * the pipe, as it is for other versions. Other commands of openssl throw NotUnderstood.
 */
export function readOpenssl(argv: readonly string[]): Stage {
  const [, command, ...words] = argv
  if (command !== 'x509')
    throw new NotUnderstood(
      `openssl ${(command ?? '').slice(0, 40)} does not run here; of openssl only x509 does.`,
    )
  const asked = read(words)
  return (octets) => {
    const certificate = firstCertificate(octets, asked.format)
    const text = asked.prints.map((what) => print(what, certificate, asked)).join('')
    const end = asked.values.get('checkend')
    // The tool ends with that answer, and leaves out what would come after it.
    if (end !== undefined) {
      const over = timeOf(certificate.notAfter) <= Date.now() + Number(end) * 1000
      return `${text}Certificate will ${over ? '' : 'not '}expire\n`
    }
    return text + checks(certificate, asked) + (asked.noout ? '' : certificate.parsed.toString())
  }
}

/** In which form a stage of openssl x509 reads its certificate, and how many seconds ahead -checkend looks. */
export function asksOfCertificate(argv: readonly string[]): {
  format: 'pem' | 'der' | undefined
  checkend: number
} {
  const { format, values } = read(argv.slice(2))
  return { format, checkend: Number(values.get('checkend') ?? 0) }
}

function read(words: readonly string[]): Asked {
  const prints = new Set<string>()
  const values = new Map<string, string>()
  const nameOptions: string[] = []
  let noout = false
  let digest = 'SHA1'
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string
    const [, name = '', attached] = /^--?([A-Za-z0-9_]+)(?:=([\s\S]*))?$/.exec(word) ?? []
    if (name === '') throw new NotUnderstood('openssl x509 takes options only, and would read no file here.')
    if (VALUES.has(name)) {
      const value = attached ?? words[++at]
      if (value === undefined) throw new NotUnderstood(`openssl x509 -${name} lacks its value.`)
      if (name === 'nameopt') nameOptions.push(value)
      else values.set(name, value)
      if (name !== 'ext') continue
    } else if (attached !== undefined) throw unknown(word)
    const does = SAME[name] ?? (PRINTS.has(name) ? [name] : undefined)
    if (does)
      for (const one of does) {
        // The place of the last counts.
        prints.delete(one)
        prints.add(one)
      }
    else if (name === 'noout' || name === 'nocert') noout = true
    else if (DIGESTS.has(name.toLowerCase())) digest = name
    else throw unknown(word)
  }
  refuse(values, [...prints], noout)
  const format = values.get('inform')?.toLowerCase()
  return {
    prints: [...prints],
    noout,
    format: format === 'pem' || format === 'der' ? format : undefined,
    values,
    names: readNameOptions(nameOptions),
    digest,
    iso: values.get('dateopt') === 'iso_8601',
  }
}

function unknown(word: string): NotUnderstood {
  return new NotUnderstood(`openssl x509 ${word.slice(0, 40)} is not understood here.`)
}

function refuse(values: ReadonlyMap<string, string>, prints: readonly string[], noout: boolean): void {
  const allowed = (name: string, pattern: RegExp) => {
    const value = values.get(name)
    if (value !== undefined && !pattern.test(value))
      throw new NotUnderstood(`openssl x509 -${name} ${value.slice(0, 40)} is not understood here.`)
  }
  if (!/^(?:-|\/dev\/stdin)$/.test(values.get('in') ?? '-'))
    throw new NotUnderstood('openssl would read a file instead of the pipe.')
  allowed('inform', /^(?:pem|der)$/i)
  allowed('outform', /^pem$/i)
  allowed('dateopt', /^(?:rfc_822|iso_8601)$/)
  allowed('checkend', /^-?\d{1,10}$/)
  allowed('checkhost', /^[\w.*-]{1,253}$/)
  allowed('checkip', /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:]*)$/)
  allowed('checkemail', /^[\x21-\x7e]{1,254}$/)
  const names = values.get('ext')?.split(',') ?? []
  const strange = names.find((one) => !SHORT_NAMES.has(one))
  if (strange !== undefined)
    throw new NotUnderstood(`openssl x509 -ext ${strange.slice(0, 40)} is not printed here.`)
  const together = [
    ...prints.filter((one) => NOT_WITH_EXT.includes(one)),
    ...['checkhost', 'checkip', 'checkemail'].filter((one) => values.has(one)),
  ]
  if (names.length > 0 && (!noout || together.length > 0))
    throw new NotUnderstood(
      noout
        ? `openssl x509 -ext together with -${together[0]} is not understood here.`
        : 'openssl x509 -ext is understood only with -noout: the certificate would lose its other extensions.',
    )
}

function print(what: string, certificate: Certificate, asked: Asked): string {
  const { names, iso } = asked
  const named = (title: string, name: Certificate['subject']) =>
    `${title}=${names.separator === '\n' ? `\n${nameText(name, names, 4)}` : nameText(name, names)}\n`
  switch (what) {
    case 'text':
      if (names.compat)
        throw new CouldNotFinish('openssl x509 -text with -nameopt compat is not printed here.')
      return certificateText(certificate, chosen(certificate, asked), names)
    case 'subject':
      return named('subject', certificate.subject)
    case 'issuer':
      return named('issuer', certificate.issuer)
    case 'serial':
      return `serial=${serialHex(certificate.serial)}\n`
    case 'startdate':
      return `notBefore=${timeText(certificate.notBefore, iso)}\n`
    case 'enddate':
      return `notAfter=${timeText(certificate.notAfter, iso)}\n`
    case 'fingerprint':
      return `${asked.digest} Fingerprint=${fingerprint(certificate, asked.digest)}\n`
    case 'pubkey':
      return publicKey(certificate)
    case 'modulus': {
      publicKey(certificate)
      const modulus = modulusOf(certificate.key)
      // DSA keys have a number there too.
      if (!modulus && partsOf(certificate.key).oid === '1.2.840.10040.4.1') odd('a key of this kind')
      const hex = modulus?.contents.toString('hex').toUpperCase().replace(/^0+/, '')
      return `Modulus=${hex === undefined ? 'No modulus for this public key type' : even(hex)}\n`
    }
    case 'subject_hash':
      return `${nameHash(certificate.subject)}\n`
    case 'issuer_hash':
      return `${nameHash(certificate.issuer)}\n`
    case 'subject_hash_old':
      return `${oldNameHash(certificate.subject)}\n`
    case 'issuer_hash_old':
      return `${oldNameHash(certificate.issuer)}\n`
    case 'email':
      return lines(emailsOf(certificate))
    case 'ocsp_uri':
      return lines(respondersOf(certificate))
    default:
      return extensionsText(chosen(certificate, asked), 0)
  }
}

const even = (hex: string) => (hex.length % 2 === 0 ? hex : `0${hex}`)
const lines = (list: readonly string[]) => [...new Set(list)].map((one) => `${one}\n`).join('')

function fingerprint({ parsed }: Certificate, digest: string): string {
  const hex = createHash(digest.toLowerCase()).update(parsed.raw).digest('hex').toUpperCase()
  return hex.replace(/..(?=.)/g, '$&:')
}

function publicKey({ parsed }: Certificate): string {
  try {
    return parsed.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  } catch {
    // A key that OpenSSL cannot load; the tool says so in words of its library.
    return odd('the key')
  }
}

/** The extensions that -ext asks for, or all. */
function chosen({ extensions }: Certificate, { values }: Asked): Extension[] {
  const names = values.get('ext')?.split(',')
  return extensionsOf(extensions).filter(
    ({ short }) => !names || (short !== undefined && names.includes(short)),
  )
}

function emailsOf({ subject, extensions }: Certificate): string[] {
  const own = attributesOf(subject).filter((one) => one.oid === '1.2.840.113549.1.9.1')
  const names = insideOf(extensions, 'subjectAltName').filter((one) => isContext(one, 1))
  return [...own.map((one) => one.value).filter((one) => isUniversal(one, TAG.ia5)), ...names].map((one) =>
    printable(one.contents, 'an e-mail address'),
  )
}

function respondersOf({ extensions }: Certificate): string[] {
  return insideOf(extensions, 'authorityInfoAccess').flatMap(({ inside: [method, place] }) =>
    isUniversal(method, TAG.oid) && oidText(method.contents) === '1.3.6.1.5.5.7.48.1' && isContext(place, 6)
      ? [printable(place.contents, 'a URI')]
      : [],
  )
}

function insideOf(extensions: Certificate['extensions'], short: string) {
  const found = extensionsOf(extensions).find((one) => one.short === short)
  return found ? readDer(found.value, short).inside : []
}

function checks({ parsed }: Certificate, { values }: Asked): string {
  const said = (what: string, asked: string, matches: boolean) =>
    `${what} ${asked} does ${matches ? '' : 'NOT '}match certificate\n`
  const [host, email, ip] = [values.get('checkhost'), values.get('checkemail'), values.get('checkip')]
  return [
    host === undefined ? '' : said('Hostname', host, parsed.checkHost(host) !== undefined),
    email === undefined ? '' : said('Email', email, parsed.checkEmail(email) !== undefined),
    ip === undefined ? '' : said('IP', ip, parsed.checkIP(ip) !== undefined),
  ].join('')
}
