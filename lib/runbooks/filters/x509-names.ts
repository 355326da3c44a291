import 'server-only'
import { createHash } from 'node:crypto'
import { NotUnderstood } from './options'
import { type Der, isUniversal, odd, oidText, TAG } from './x509-der'
import { NAME_ATTRIBUTES } from './x509-oids'

/** How names are printed: the flags of `openssl x509 -nameopt`. */
export interface NameOptions {
  /** `/C=DE/CN=x`, as OpenSSL printed names once. */
  compat: boolean
  escape2253: boolean
  escapeControl: boolean
  escapeMsb: boolean
  quote: boolean
  utf8: boolean
  separator: ', ' | ',' | '; ' | '\n'
  reverse: boolean
  field: 'short' | 'long' | 'oid' | 'none'
  align: boolean
  spaces: boolean
}

const NOTHING: NameOptions = {
  compat: false,
  escape2253: false,
  escapeControl: false,
  escapeMsb: false,
  quote: false,
  utf8: false,
  separator: ', ',
  reverse: false,
  field: 'short',
  align: false,
  spaces: false,
}

const SETS: Record<string, Partial<NameOptions>> = {
  esc_2253: { escape2253: true },
  esc_ctrl: { escapeControl: true },
  esc_msb: { escapeMsb: true },
  use_quote: { quote: true },
  utf8: { utf8: true },
  sep_comma_plus: { separator: ',' },
  sep_comma_plus_space: { separator: ', ' },
  sep_semi_plus_space: { separator: '; ' },
  sep_multiline: { separator: '\n' },
  dn_rev: { reverse: true },
  nofname: { field: 'none' },
  sname: { field: 'short' },
  lname: { field: 'long' },
  oid: { field: 'oid' },
  align: { align: true },
  space_eq: { spaces: true },
  // What they dump is not printed here at all.
  dump_unknown: {},
  dump_der: {},
  rfc2253: {
    escape2253: true,
    escapeControl: true,
    escapeMsb: true,
    utf8: true,
    separator: ',',
    reverse: true,
  },
  oneline: {
    escape2253: true,
    escapeControl: true,
    escapeMsb: true,
    utf8: true,
    quote: true,
    spaces: true,
  },
  multiline: {
    escapeControl: true,
    escapeMsb: true,
    separator: '\n',
    spaces: true,
    field: 'long',
    align: true,
  },
}

/** Only flags that are switched on by themselves may be taken away. */
const SWITCHES = new Set('esc_2253 esc_ctrl esc_msb use_quote utf8 dn_rev align space_eq'.split(' '))

/** What OpenSSL 3.0 and 3.1 do without -nameopt: `CN = x, O = y`. */
export const ONELINE: NameOptions = { ...NOTHING, ...SETS.oneline }

/** The words of all -nameopt in order. Throws NotUnderstood for one that is not known here. */
export function readNameOptions(given: readonly string[]): NameOptions {
  if (given.length === 0) return ONELINE
  const words = given.flatMap((one) => one.toLowerCase().split(','))
  if (words.length === 1 && words[0] === 'compat') return { ...NOTHING, compat: true }
  let options = NOTHING
  for (const word of words) {
    const name = word.replace(/^[-+]/, '')
    const set = Object.hasOwn(SETS, name) ? SETS[name] : undefined
    if (!set || (word.startsWith('-') && !SWITCHES.has(name)))
      throw new NotUnderstood(`openssl x509 -nameopt ${word.slice(0, 40)} is not understood here.`)
    const away = Object.fromEntries(Object.keys(set).map((key) => [key, false]))
    options = { ...options, ...(word.startsWith('-') ? away : set) }
  }
  // Two sets in one have flags that stand for neither.
  const sets = words.filter((word) => /^\+?(?:rfc2253|oneline|multiline)$/.test(word))
  const parts = words.filter((word) => /^\+?(?:sep_|[a-z]*name$|oid$)/.test(word))
  if (
    sets.length > 1 ||
    (sets.length === 1 && parts.length > 0 && !/^\+?(?:rfc|one|multi)/.test(words[0] ?? ''))
  )
    throw new NotUnderstood(`openssl x509 -nameopt ${given.join(',').slice(0, 60)} is not understood here.`)
  return options
}

/** One attribute of a name; `set` counts the RDN that it is part of. */
export interface Attribute {
  oid: string
  value: Der
  set: number
}

/** The attributes of a Name (RFC 5280 section 4.1.2.4) in order. */
export function attributesOf(name: Der): Attribute[] {
  return name.inside.flatMap((rdn, set) =>
    rdn.inside.map((one) => {
      const [oid, value] = one.inside
      if (!isUniversal(oid, TAG.oid) || !value) odd('a name')
      return { oid: oidText(oid.contents), value, set }
    }),
  )
}

/** A name as -subject, -issuer and -text print it, as octets; of several lines each is indented by `indent`. */
export function nameText(name: Der, options: NameOptions, indent = 0): string {
  const attributes = attributesOf(name)
  if (options.compat) return slashed(attributes)
  const margin = ' '.repeat(indent)
  const ordered = options.reverse ? [...attributes].reverse() : attributes
  const plus = options.separator === ',' ? '+' : ' + '
  let text = margin
  let previous: Attribute | undefined
  for (const one of ordered) {
    if (previous) text += previous.set === one.set ? plus : `${options.separator}${margin}`
    text += fieldOf(one, options) + valueText(one.value, options)
    previous = one
  }
  return text
}

function fieldOf({ oid }: Attribute, options: NameOptions): string {
  const names = namesOf(oid)
  if (options.field === 'none') return ''
  const name = options.field === 'oid' ? oid : names[options.field === 'long' ? 1 : 0]
  const width = options.align ? (options.field === 'long' ? 25 : options.field === 'short' ? 10 : 0) : 0
  return name.padEnd(width) + (options.spaces ? ' = ' : '=')
}

function namesOf(oid: string): readonly [string, string] {
  return Object.hasOwn(NAME_ATTRIBUTES, oid)
    ? (NAME_ATTRIBUTES[oid] as readonly [string, string])
    : odd(`an attribute of a name (${oid})`)
}

/** `/C=DE/O=x+OU=y`, as octets: how OpenSSL printed names once, and still does inside extensions. */
export function slashed(attributes: readonly Attribute[]): string {
  const parts = attributes.map(({ oid, value, set }, at) => {
    // Of wide characters the tool leaves out octets in ways of its own.
    if (value.tag === TAG.bmp || value.tag === TAG.universal) odd('a name')
    charactersOf(value)
    const octets = Array.from(value.contents, (one) => {
      const character = String.fromCharCode(one)
      if (one < 0x20 || one > 0x7e) return `\\x${one.toString(16).padStart(2, '0').toUpperCase()}`
      return character === '/' || character === '+' ? `\\${character}` : character
    })
    return `${attributes[at - 1]?.set === set ? '+' : '/'}${namesOf(oid)[0]}=${octets.join('')}`
  })
  return parts.join('')
}

/** The characters of a string of ASN.1; throws CouldNotFinish for other values and for text that is none. */
export function charactersOf(value: Der): number[] {
  const { contents, tag, tagClass } = value
  if (tagClass !== 0) odd('a name')
  switch (tag) {
    case TAG.utf8: {
      const text = contents.toString('utf8')
      if (!Buffer.from(text, 'utf8').equals(contents)) odd('a name')
      return Array.from(text, (one) => one.codePointAt(0) ?? 0)
    }
    case TAG.printable:
    case TAG.ia5:
    case TAG.visible:
    case TAG.teletex:
      return [...contents]
    case TAG.bmp:
      if (contents.length % 2 !== 0) odd('a name')
      return Array.from({ length: contents.length / 2 }, (_, at) => {
        const unit = contents.readUInt16BE(at * 2)
        return unit >= 0xd800 && unit < 0xe000 ? odd('a name') : unit
      })
    case TAG.universal: {
      if (contents.length % 4 !== 0) odd('a name')
      return Array.from({ length: contents.length / 4 }, (_, at) => {
        const point = contents.readUInt32BE(at * 4)
        return point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? odd('a name') : point
      })
    }
    default:
      return odd('a name')
  }
}

/** A value with what RFC 2253 and the flags have escaped. */
function valueText(value: Der, options: NameOptions): string {
  const characters = charactersOf(value)
  let quotes = false
  const escaping = options.escape2253 || options.escapeControl || options.escapeMsb || options.quote
  const one = (code: number, first: boolean, last: boolean): string => {
    if (code > 0xffff) return `\\W${code.toString(16).toUpperCase().padStart(8, '0')}`
    if (code > 0xff) return `\\U${code.toString(16).toUpperCase().padStart(4, '0')}`
    const character = String.fromCharCode(code)
    if (options.escape2253) {
      const quotable =
        ',+;<>'.includes(character) || (first && ' #'.includes(character)) || (last && character === ' ')
      if (quotable && options.quote) {
        quotes = true
        return character
      }
      if (quotable || '"\\'.includes(character)) return `\\${character}`
    }
    const hidden = code > 0x7f ? options.escapeMsb : (code < 0x20 || code === 0x7f) && options.escapeControl
    if (hidden) return `\\${code.toString(16).toUpperCase().padStart(2, '0')}`
    return character === '\\' && escaping ? '\\\\' : character
  }
  const text = characters
    .map((code, at) => {
      // A character that stands alone counts as the last.
      const last = at === characters.length - 1
      const first = at === 0 && !last
      if (!options.utf8) return one(code, first, last)
      return Array.from(Buffer.from(String.fromCodePoint(code), 'utf8'), (octet) =>
        one(octet, first, last),
      ).join('')
    })
    .join('')
  return quotes ? `"${text}"` : text
}

/** -subject_hash and -issuer_hash: of the name with its case and blanks evened out. */
export function nameHash(name: Der): string {
  const sets: Buffer[] = name.inside.map((rdn) => {
    const pairs = rdn.inside.map((pair) => {
      const [oid, value] = pair.inside
      if (!oid || !value) odd('a name')
      return tagged(0x30, Buffer.concat([oid.whole, evened(value)]))
    })
    return tagged(0x31, Buffer.concat(pairs.sort(Buffer.compare)))
  })
  return littleEndian(createHash('sha1').update(Buffer.concat(sets)).digest())
}

/** -subject_hash_old and -issuer_hash_old. */
export function oldNameHash(name: Der): string {
  return littleEndian(createHash('md5').update(name.whole).digest())
}

function littleEndian(digest: Buffer): string {
  return digest.readUInt32LE(0).toString(16).padStart(8, '0')
}

function evened(value: Der): Buffer {
  const text = charactersOf(value)
    .map((one) => String.fromCodePoint(one))
    .join('')
    .replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '')
    .replace(/[ \t\n\v\f\r]+/g, ' ')
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
  return tagged(0x0c, Buffer.from(text, 'utf8'))
}

function tagged(tag: number, contents: Buffer): Buffer {
  const { length } = contents
  if (length > 0xffff) odd('a name')
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), contents])
}
