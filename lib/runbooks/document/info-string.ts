/** What stands behind the marks of a fence. */
export interface Info {
  lang: string
  attributes: Record<string, string>
  /** It is MyST's way to write a box with text, not code. */
  box?: boolean
}

const BOXES =
  /^\{(?:note|warning|tip|important|caution|danger|error|hint|attention|seealso|admonition|dropdown|details|tab-set|tab-item|card)\}/

/** `rule=cors title="A b"` of a fence's info string. */
function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    Array.from(text.slice(0, 2_000).matchAll(/([a-z][\w-]*)=(?:"([^"]*)"|([^\s,}]+))/g), (match) => [
      match[1] as string,
      match[2] ?? match[3] ?? '',
    ]),
  )
}

/**
 * Language and attributes of a fence in the ways they are written: `bash`, `bash {hl_lines=[1]}`, `{.bash}`,
 * `{code-block} bash`, `language-bash`, `bash:file.sh`, `bash,ignore`.
 */
export function readInfo(info: string): Info {
  const text = info.slice(0, 4_000).trim()
  const attributes = attributesOf(text)
  if (BOXES.test(text)) return { lang: '', attributes, box: true }
  const word =
    /^\{(?:code|code-block|code-cell|sourcecode)\}\s*([\w+#-]*)/.exec(text)?.[1] ??
    /^\{(?:[^}]*?\s)??\.([\w+#-]+)/.exec(text)?.[1] ??
    /^(?:language-)?([\w+#-]+)/.exec(text)?.[1] ??
    ''
  return { lang: word.toLowerCase(), attributes }
}

const SHELLS = new Set(
  'bash sh shell zsh ksh fish dash ash console terminal shell-session shellsession sh-session bash-session command commandline cmd cli kubectl oc shellscript sh-console'.split(
    ' ',
  ),
)
/** These show a session, so `# ` before the name of a program is the prompt of root. */
const SESSIONS = new Set(
  'console terminal shell-session shellsession sh-session bash-session sh-console'.split(' '),
)
const UNNAMED = new Set([
  '',
  'text',
  'txt',
  'none',
  'plain',
  'plaintext',
  'plain-text',
  'nohighlight',
  'code',
])
const PRINTED = new Set(['output', 'log', 'logs', 'stdout', 'stderr', 'ansi'])

export type Language = 'shell' | 'session' | 'unnamed' | 'printed' | 'data'

/** What the lines of a block can be, by the name of its language. */
export function languageOf(lang: string): Language {
  if (SESSIONS.has(lang)) return 'session'
  if (SHELLS.has(lang)) return 'shell'
  if (UNNAMED.has(lang)) return 'unnamed'
  return PRINTED.has(lang) ? 'printed' : 'data'
}
