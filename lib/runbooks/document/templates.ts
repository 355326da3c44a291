/** Tags of site generators: Liquid, ERB, and the shortcodes of Hugo. `{{ value }}` is none: it stands for text. */
const TAGS: readonly [string, string][] = [
  ['{%', '%}'],
  ['<%', '%>'],
  ['{{<', '>}}'],
  ['{{%', '%}}'],
  ['{{/*', '*/}}'],
  ['<!--', '-->'],
]

/** Text without the tags of a site generator and without comments. Takes time with the length of the text only. */
export function withoutTags(text: string): string {
  if (!/\{[%{]|<[%!]/.test(text)) return text
  let rest = text
  for (const [open, close] of TAGS) {
    let kept = ''
    let from = 0
    for (let at = rest.indexOf(open); at >= 0; at = rest.indexOf(open, from)) {
      const end = rest.indexOf(close, at + open.length)
      if (end < 0) break
      kept += rest.slice(from, at)
      from = end + close.length
    }
    rest = kept + rest.slice(from)
  }
  return rest
}

/** Whether a line holds nothing but tags (`{% endraw %}`, `{{< tabs >}}`, `{{ content }}` too). */
export function isOnlyTags(line: string): boolean {
  const text = line.trim()
  if (!/^(?:\{[%{]|<%)/.test(text) || !/[%}>]$/.test(text)) return false
  return withoutTags(text).trim() === '' || /^\{\{[^{}]*\}\}$/.test(text)
}

export interface TagFence {
  /** Name and options as they would stand behind a fence. */
  info: string
  /** Whether a line ends it. */
  ends: (line: string) => boolean
}

/** What `{{< highlight bash >}}`, `{{< text bash >}}`, `{% highlight bash %}` and `{% codeblock lang:bash %}` open. */
export function tagFence(line: string): TagFence | undefined {
  const found =
    /^\s*\{(?:%-?|\{[<%])\s*(highlight|code-?block|code|text)\b(.{0,200}?)\s*(?:-?%|[>%]\})\}\s*$/.exec(line)
  if (!found) return undefined
  const close = new RegExp(`\\{(?:%-?|\\{[<%])\\s*(?:/\\s*${found[1]}|end${found[1]})\\b`)
  const info = (found[2] ?? '')
    .trim()
    .replace(/^lang:/, '')
    .replace(/^["']([\w-]+)["']/, '$1')
  return { info, ends: (text) => text.length < 1_000 && close.test(text) }
}

/** What opens a passage that nobody sees, and how it ends. */
export function hiddenUntil(line: string): string | undefined {
  const text = line.trimStart()
  if (text.startsWith('<!--')) return text.includes('-->', 4) ? undefined : '-->'
  if (text.startsWith('<%') && !text.includes('%>')) return '%>'
  if (text.startsWith('{%') && /^\{%-?\s*comment\b/.test(text) && !/endcomment/.test(text))
    return 'endcomment'
  if (text.startsWith('{{/*') && !text.includes('*/}}')) return '*/}}'
  if (text.startsWith('{%') && !text.includes('%}')) return '%}'
  if (/^\{\{[<%]/.test(text) && !text.includes('}}')) return '}}'
  return undefined
}
