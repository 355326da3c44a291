import 'server-only'
import {
  HOST_TEXT,
  KEY_FILE,
  PRIVATE_ADDRESS_TEXT,
  type Rule,
  readWords,
  SMALL_NUMBER,
  SURE_HOST_TEXT,
} from './words'

/** Letters of a path that neither curl nor wget reads more into: no `@`, and no `{}[]`, which curl writes out. */
const PATH_TEXT = '(?:/[!-?A-Z^-z|~]*)?'
/** With curl's -g braces and brackets are letters like others, as PromQL has them. */
const PATH_WITH_BRACES_TEXT = '(?:/[!-?A-Z[\\]^-~]*)?'
/** Names from which curl takes another protocol than HTTP when the address says none (man curl, "PROTOCOLS"). */
const OTHER_PROTOCOL =
  /^(?:(?:ftp|dict|ldap|imap|smtp|pop3)\.|(?:file|ftps?|dict|ldaps?|gopher|telnet|tftp|scp|sftp|smb|rtsp|mqtt|imap|smtp|pop3)[:/])/

const address = (path: string) => new RegExp(`^https?://${HOST_TEXT}(?::\\d{1,5})?${path}$`)
const IN_CLUSTER_URL = address(PATH_TEXT)
const IN_CLUSTER_URL_WITH_BRACES = address(PATH_WITH_BRACES_TEXT)
/** As people write it for curl: `localhost:8080/health`. A bare word is no address, since it might stand for any. */
const WITHOUT_SCHEME = new RegExp(`^${HOST_TEXT}(?::\\d{1,5}${PATH_TEXT}|/[!-?A-Z^-z|~]*)$`)
const LOCAL_URL = /^https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/|$)/

const PAGE =
  '(?:metrics(?:/[a-z]+)*|healthz?|health/(?:live|ready)|readyz?|livez?|ready|live|ping|version|-/(?:healthy|ready))'
/**
 * What anybody may see of a server, whoever asks. A client certificate opens more than that, and an address may be any
 * server's: with those only such pages are asked for.
 */
const SAFE_PAGE = new RegExp(
  `^(?:https?://)?(?:${HOST_TEXT}(?::\\d{1,5})?(?:/${PAGE}?)?|${PRIVATE_ADDRESS_TEXT}(?::\\d{1,5})?/${PAGE})$`,
)

const SECONDS = /^\d{1,2}(\.\d{1,3})?$/
/** Variables and plain letters; `%output{…}` of curl 8.3 would write a file, `@…` read one. */
const CURL_FORMAT = /^(?!@)(?:%\{[a-z_]{1,40}\}|\\[nrt]|[\w .,:;=/()|-]|\n)*$/
const SHORT = '[sSkvifIgN46]'
const CURL = {
  switches: new RegExp(
    `^(?:-${SHORT}+|-X(?:GET|HEAD)|--(?:silent|show-error|insecure|verbose|include|fail|head|globoff|no-buffer|ipv4|ipv6|compressed|no-progress-meter|http1\\.1|http2))$`,
  ),
  values: [
    [new RegExp(`^(?:-${SHORT}*m|--max-time|--connect-timeout)$`), SECONDS],
    [new RegExp(`^(?:-${SHORT}*o|--output)$`), /^\/dev\/null$/],
    [new RegExp(`^(?:-${SHORT}*w|--write-out)$`), CURL_FORMAT],
    [/^(?:-H|--header)$/, /^Accept: [\w/+.;=*, -]+$/],
    [/^(?:-X|--request)$/, /^(GET|HEAD)$/],
    [/^--cacert$/, KEY_FILE],
    [/^(?:-E|--cert|--key)$/, KEY_FILE],
  ],
} as const

const curl: Rule = (args) => {
  const words = readWords(args, CURL)
  const [url = '', ...more] = words?.plain ?? []
  if (!words || url === '' || more.length > 0 || OTHER_PROTOCOL.test(url)) return false
  if (words.given.some((name) => ['-E', '--cert', '--key'].includes(name))) return SAFE_PAGE.test(url)
  const braces = words.given.some((name) => name === '--globoff' || /^-[A-Za-z46]*g/.test(name))
  return (
    (braces ? IN_CLUSTER_URL_WITH_BRACES : IN_CLUSTER_URL).test(url) ||
    WITHOUT_SCHEME.test(url) ||
    // A bare word stands for a whole address that is filled in.
    (url.includes('/') && SAFE_PAGE.test(url))
  )
}

const WGET = {
  switches:
    /^(?:-q|-S|-qS|-nv|-O-|-qO-|-qSO-|--(?:quiet|spider|server-response|no-verbose|no-check-certificate))$/,
  values: [
    [/^(?:-q?O|--output-document)$/, /^(-|\/dev\/null)$/],
    [/^(?:-T|--timeout)$/, SMALL_NUMBER],
    [/^(?:-t|--tries)$/, /^[1-3]$/],
  ],
} as const

/** No query and nothing that an open redirect could be made of: wget follows where it is sent, so it is sent to the cluster's own only. */
const WGET_PAGE = new RegExp(`^(?:http://|https://)?${SURE_HOST_TEXT}(?::\\d{1,5})?(?:/[\\w.~-]+)*/?$`)

/** Without -O it would write a file, unless it only knocks. */
const wget: Rule = (args) => {
  const words = readWords(args, WGET)
  const [url = '', ...more] = words?.plain ?? []
  return (
    words !== undefined &&
    more.length === 0 &&
    /[:/]/.test(url) &&
    WGET_PAGE.test(url) &&
    !/\/\.\.?(\/|$)/.test(url) &&
    words.given.some((name) => name === '--spider' || /^-(?:q|qS)?O-?$|^--output-document$/.test(name))
  )
}

export const HTTP_READS: Record<string, Rule> = { curl, wget }

export const HTTP_CHANGES: Record<string, Rule> = {
  curl(args) {
    const urls = args.filter((word) => IN_CLUSTER_URL.test(word))
    return (
      urls.length === 1 &&
      LOCAL_URL.test(urls[0] ?? '') &&
      args.includes('-X') &&
      args.every(
        (word) => urls.includes(word) || ['-s', '-S', '-sS', '-X', 'POST', '-m', '5', '-i'].includes(word),
      )
    )
  },
}
