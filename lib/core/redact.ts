/**
 * The one exit for text. Everything that leaves the server or goes into the database passes here.
 * Secrets are recognised by their shape or by the name before them; prose about secrets
 * ("token expired", "password authentication failed") stays as it is.
 */

export const REDACTED = '[redacted]'

/** A name that ends in one of these holds a secret: `DB_PASSWORD`, `client-key-data`, `apiKey`. */
const SECRET_NAME =
  '(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|credentials?|requirepass|masterauth|bearer|' +
  '(?:api|access|secret|private|signing|encryption|session|master|shared|account|license)[-_]?key|' +
  '(?:client|tls)[-_.]key(?:-data)?|authorization|set-cookie|cookie|dsn)'
const NAME = `[A-Za-z0-9_.-]{0,60}?${SECRET_NAME}`
const secretName = new RegExp(`^${NAME}$`, 'i')

/** Words that follow "token:" in messages about tokens. */
const PROSE =
  /^(?:a|an|the|is|was|has|had|are|not|no|none|null|nil|true|false|yes|to|for|of|in|from|and|or|set|unset|empty|missing|required|optional|invalid|valid|expired|revoked|denied|wrong|incorrect|bad|malformed|unknown|unauthorized|forbidden|failed|failure|error|rejected|mismatch|found|changed|rotated|updated|undefined|string|authentication|signature|could|cannot|must|should|does|may|will|too|length)$/i

/** Already hidden, a reference to a value instead of one, or a switch: `ALLOW_CREDENTIALS: "true"`. */
const HIDDEN =
  /^(?:\*+|x{4,}|•+|\[.*\]?|<[^>]*>?|\$\(.*|\$\{.*|\$[A-Z_]+|\{\{.*|-+|true|false|yes|no|on|off|)$/i

/** Whether a bare word looks like a value made by a machine, not a word of a sentence. */
function looksRandom(word: string): boolean {
  return /\d/.test(word) || /[a-z][A-Z]/.test(word) || word.length >= 24
}

// Repetitions have upper bounds wherever a match may begin at many places: hostile text is read in linear time.
const WHOLE: readonly [RegExp, string][] = [
  // Ends at the END line, or, in a line cut off by a limit, with the last base64.
  [
    /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----(?:[\s\S]{0,8000}?-----END \1-----|(?:\s|\\n)*(?:[A-Za-z0-9+/=]+(?:\s|\\n)*)*)/g,
    '[redacted private key]',
  ],
  [/\beyJ[A-Za-z0-9_-]{6,1000}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?/g, '[redacted token]'],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, '[redacted AWS key]'],
  [
    /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|xox[abeprs]-[\w-]{10,}|sk[-_](?:live|test|ant|proj)[-_][\w-]{10,}|hv[sb]\.[\w-]{20,}|AIza[\w-]{35}|npm_[A-Za-z0-9]{36})/g,
    '[redacted token]',
  ],
]

/** `scheme://user:password@host`; a slash may stand in the password unless digits before it are a port. */
const URL_PASSWORD =
  /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'`<>]{0,128}):(?!\d{1,5}(?:[/?#\s"']|$))([^\s"'`<>@]{0,256}(?:@[^\s"'`<>/@]{1,256}){0,8})@(?=[\w[])/gi
const URL_TOKEN = /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[A-Za-z0-9_.~%+=-]{20,}@(?=[\w[])/gi

const HEADER =
  /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:(basic|bearer|digest|negotiate|token|aws4-hmac-sha256)\s+)?([^\s"',;]+)(?:[^\r\n"']*)/gi
const COOKIE = /\b((?:set-)?cookie["']?\s{0,20}:\s{0,20}["']?)([^\r\n"'=]{1,256}=[^\r\n"']+)/gi
const BEARER = /\b(bearer\s+)([A-Za-z0-9._~+/=-]{8,})/gi
const BASIC = /\b(basic\s+)([A-Za-z0-9+/]{6,}={0,2})(?![A-Za-z0-9+/=])/gi
/** `ALTER ROLE app PASSWORD 'x'`, `--password x`, `requirepass x`, `-a x` of redis-cli. */
const SQL_PASSWORD = /\b((?:password|identified\s+by)\s+)('(?:[^']|'')*'|"[^"]*")/gi
const FLAG = new RegExp(`(--?${NAME})(\\s+)("[^"]*"|'[^']*'|[^\\s"'-][^\\s"']*)`, 'gi')
const DIRECTIVE = /\b(requirepass|masterauth)(\s+)("[^"]*"|'[^']*'|[^\s"']+)/gi
const REDIS_CLI = /\b(redis-cli\b[^\r\n|;]{0,200}?\s-a\s+)("[^"]*"|'[^']*'|\S+)/g
const ASSIGNED = new RegExp(
  `(?<![A-Za-z0-9_.-])(["']?)(${NAME})\\1(\\\\?["']?\\s*(?:=>?|:=?)\\s*)(\\\\?"(?:[^"\\\\\\r\\n]|\\\\[^"\\r\\n])*\\\\?"|'[^'\\r\\n]*'|[^\\s"',;&}\\])]+)`,
  'gi',
)

function isBasicPair(text: string): boolean {
  const decoded = decodeBase64(text)
  return decoded !== undefined && /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(decoded)
}

function decodeBase64(text: string): string | undefined {
  try {
    return atob(text)
  } catch {
    return undefined
  }
}

/** Hides the value of `name=value` or `name: value`, unless it is a word of a sentence. */
function hideAssigned(text: string): string {
  return text.replace(
    ASSIGNED,
    (whole: string, quote: string, name: string, between: string, value: string, offset: number) => {
      const bare = value.replace(/^\\?["']|\\?["']$/g, '')
      if (HIDDEN.test(bare)) return whole
      const quoted = bare !== value
      const equals = between.includes('=')
      if (!quoted && !equals) {
        if (PROSE.test(bare)) return whole
        // "refers to secret: backend" in a sentence, against "password: hunter2" on a line of its own.
        const after = text.slice(offset + whole.length)
        const endsLine = /^\s*(?:$|[\r\n,}\])])/.test(after)
        if (!endsLine && !looksRandom(bare)) return whole
      }
      const opened = quoted ? (/^\\?["']/.exec(value)?.[0] ?? '') : ''
      const closed = quoted ? (/\\?["']$/.exec(value)?.[0] ?? '') : ''
      return `${quote}${name}${quote}${between}${opened}${REDACTED}${closed}`
    },
  )
}

/**
 * Takes secrets out of a text: bearer and basic credentials, JSON web tokens, passwords in URLs, PEM
 * private keys, well-known token formats, and values behind secret-looking names.
 * @example redact('DB_PASSWORD=hunter2') // 'DB_PASSWORD=[redacted]'
 */
export function redact(text: string): string {
  if (text.length < 4 || clean.has(text)) return text
  const out = hidden(text)
  if (out === text && text.length <= CLEAN_LENGTH) {
    if (clean.size >= CLEAN_AT_MOST) clean.clear()
    clean.add(text)
  }
  return out
}

/** Short texts in which there was nothing to hide: results are looked through on each way out, and say much the same. */
const clean = new Set<string>()
const CLEAN_AT_MOST = 20_000
const CLEAN_LENGTH = 200

function hidden(text: string): string {
  let out = text
  for (const [pattern, word] of WHOLE) out = out.replace(pattern, word)
  out = out
    .replace(URL_PASSWORD, `$1:${REDACTED}@`)
    .replace(URL_TOKEN, `$1${REDACTED}@`)
    .replace(HEADER, (whole, name: string, scheme: string | undefined, value: string) =>
      HIDDEN.test(value) || (!scheme && PROSE.test(value))
        ? whole
        : `${name}${scheme ? `${scheme} ` : ''}${REDACTED}`,
    )
    .replace(COOKIE, `$1${REDACTED}`)
    .replace(BEARER, (whole, word: string, value: string) =>
      looksRandom(value) ? `${word}${REDACTED}` : whole,
    )
    .replace(BASIC, (whole, word: string, value: string) =>
      isBasicPair(value) ? `${word}${REDACTED}` : whole,
    )
    .replace(SQL_PASSWORD, `$1'${REDACTED}'`)
    .replace(FLAG, (whole, name: string, gap: string, value: string) =>
      HIDDEN.test(value) || PROSE.test(value) ? whole : `${name}${gap}${REDACTED}`,
    )
    .replace(DIRECTIVE, (whole, name: string, gap: string, value: string) =>
      PROSE.test(value) || HIDDEN.test(value) ? whole : `${name}${gap}${REDACTED}`,
    )
    .replace(REDIS_CLI, `$1${REDACTED}`)
  return hideAssigned(out)
}

type Plain = { [key: string]: unknown }

/** Names of the value in `{name: 'DB_PASSWORD', value: '…'}`, as environment variables are written. */
const NAMING = ['name', 'key', 'label'] as const

function redactObject(value: Plain): Plain {
  const named = NAMING.some((key) => typeof value[key] === 'string' && secretName.test(value[key]))
  const isSecret = value.kind === 'Secret'
  const out: Plain = {}
  for (const [key, entry] of Object.entries(value)) {
    if (isSecret && (key === 'data' || key === 'stringData') && entry && typeof entry === 'object') {
      out[key] = Object.fromEntries(Object.keys(entry).map((name) => [name, REDACTED]))
    } else if (named && key === 'value') {
      out[key] = redactValue(entry)
    } else if (secretName.test(key) && !isReference(key, value)) {
      out[key] = redactValue(entry)
    } else {
      out[key] = redactDeep(entry)
    }
  }
  return out
}

/** `{namespace, secret: 'backend-secrets'}` names a Secret; it does not hold one. */
function isReference(key: string, among: Plain): boolean {
  return /^(?:secret|credentials?|token)$/i.test(key) && 'namespace' in among
}

/** Hides a text or number; looks inside anything else, since `secret: {secretName}` is no secret. */
function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return HIDDEN.test(value) || /\s\w+\s/.test(value) ? redact(value) : REDACTED
  if (typeof value === 'number' || typeof value === 'bigint') return REDACTED
  if (Array.isArray(value)) return value.map(redactValue)
  return redactDeep(value)
}

/**
 * `redact` for every text in a value, and whole values behind secret-looking keys. Takes and gives plain
 * data (a Date stays one); cycles are not allowed.
 */
export function redactDeep<T>(value: T): T
export function redactDeep(value: unknown): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((entry) => redactDeep(entry))
  if (value && typeof value === 'object' && !(value instanceof Date)) return redactObject(value as Plain)
  return value
}

/** A text without these very values, plain or in base64: whoever answers may repeat what it was sent. */
export function withoutValues(text: string, values: readonly string[]): string {
  return values
    .filter((value) => value !== '')
    .flatMap((value) => [value, Buffer.from(value, 'utf8').toString('base64')])
    .sort((a, b) => b.length - a.length)
    .reduce((left, value) => left.replaceAll(value, REDACTED), text)
}
