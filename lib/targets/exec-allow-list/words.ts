import 'server-only'

/** The options of a program that are known to be harmless. */
export interface Options {
  /** Those without a value, each as a whole word: `/^-[hs]+$/`. */
  switches?: RegExp
  /** Those with a value: what they are called, and what the value may be. `--name=value` is read, too. */
  values?: readonly (readonly [name: RegExp, value: RegExp])[]
}

export interface Words {
  /** What is no option, in order. */
  plain: string[]
  /** The options by their names, in order. */
  given: string[]
}

/** An argv without its program, told apart; undefined as soon as one word is no known option or value of one. */
export function readWords(args: readonly string[], { switches, values = [] }: Options): Words | undefined {
  const words: Words = { plain: [], given: [] }
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (!word.startsWith('-')) {
      words.plain.push(word)
      continue
    }
    if (switches?.test(word)) {
      words.given.push(word)
      continue
    }
    const equals = word.startsWith('--') ? word.indexOf('=') : -1
    const name = equals < 0 ? word : word.slice(0, equals)
    const [, form] = values.find(([names]) => names.test(name)) ?? []
    if (!form) return undefined
    if (equals < 0) i += 1
    if (!form.test(equals < 0 ? (args[i] ?? '') : word.slice(equals + 1)) || i >= args.length)
      return undefined
    words.given.push(name)
  }
  return words
}

/** A rule for one program: whether these words, which stand behind it, only read. */
export type Rule = (args: readonly string[]) => boolean

/** A rule for options and exactly one of these phrases: `osd tree`. */
export function phrases(list: string, options: Options = {}): Rule {
  const known = new Set(list.split(',').map((one) => one.trim()))
  return (args) => {
    const words = readWords(args, options)
    return words !== undefined && known.has(words.plain.join(' '))
  }
}

/** A rule for options and plain words that all look like this, so many of them. */
export function plainWords(
  form: RegExp,
  [least, most]: readonly [number, number],
  options: Options = {},
): Rule {
  return (args) => {
    const words = readWords(args, options)
    return (
      words !== undefined &&
      words.plain.length >= least &&
      words.plain.length <= most &&
      words.plain.every((word) => form.test(word))
    )
  }
}

export const NAME = /^[A-Za-z0-9_][\w.-]*$/
export const SMALL_NUMBER = /^\d{1,2}$/
export const COUNT = /^\d{1,5}$/
/** A port by its number or as /etc/services calls it; no range, which would be a scan. */
export const PORT = /^(\d{1,5}|[a-z][a-z-]{0,30})$/

const INTERNET = 'com|org|net|edu|gov|mil|int|io|goog|internal|local|arpa'
const LABEL = '[a-z][a-z0-9-]{0,62}'
/**
 * The pod itself, or a name that the cluster resolves; no address, and none of the names under which a cloud's metadata
 * is found from inside of a pod. `a.b` is a service and its namespace, unless `b` is where the names of the Internet end.
 */
export const HOST_TEXT =
  `(?!(?:instance-data|metadata)(?:[.:/]|$))(?:localhost|127\\.0\\.0\\.1|${LABEL}(?:\\.(?!(?:${INTERNET})(?![a-z0-9-]))${LABEL})?|` +
  `${LABEL}(?:\\.${LABEL}){1,3}\\.svc(?:\\.cluster\\.local)?)`
const BYTE = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'
/** RFC 1918. Clouds keep their metadata elsewhere: 169.254.0.0/16, 100.100.100.200, 192.0.0.192. */
export const PRIVATE_ADDRESS_TEXT = `(?:10\\.${BYTE}|172\\.(?:1[6-9]|2\\d|3[01])|192\\.168)\\.${BYTE}\\.${BYTE}`
/** Of those, the ones that no name of the Internet looks like: for programs that show a password to whom they ask. */
export const SURE_HOST_TEXT =
  `(?!(?:instance-data|metadata)(?:[.:/]|$))(?:localhost|127\\.0\\.0\\.1|${LABEL}(?![.a-z0-9-])|` +
  `${LABEL}(?:\\.${LABEL}){1,3}\\.svc(?:\\.cluster\\.local)?(?![.a-z0-9-]))`
export const SURE_HOST = new RegExp(`^${SURE_HOST_TEXT}$`)
export const HOST_OR_ADDRESS = new RegExp(`^(?:${HOST_TEXT}|${PRIVATE_ADDRESS_TEXT})$`)

/** Folders of data and logs, of which names may be shown; what else is in a container is nobody's business. */
export const PLAIN_FOLDER = /^\/(backup|data|tmp|mnt|export|var\/(log|lib))(?!.*\.\.)(\/[\w.-]+)*\/?$/
/** Where a container keeps keys and certificates that a program reads, and never prints. */
export const KEY_FILE = /^\/(etc|var\/run\/secrets|run\/secrets)(?!.*\.\.)(\/[\w.-]+)+$/
