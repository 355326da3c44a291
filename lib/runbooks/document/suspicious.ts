const BIDIRECTIONAL = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/u
const UNSEEN = /[\u200B-\u200D\u2060\uFEFF\u00AD]/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that are looked for.
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFFFD]/u

/** Why a command may not be what it looks like, in a sentence; undefined for an ordinary one. */
export function whySuspicious(text: string): string | undefined {
  const code = (char: string) => `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  const direction = BIDIRECTIONAL.exec(text)?.[0]
  if (direction) return `It holds ${code(direction)}, which shows text in another order than it is written.`
  const unseen = UNSEEN.exec(text)?.[0]
  if (unseen) return `It holds ${code(unseen)}, which is not seen.`
  const control = CONTROL.exec(text)?.[0]
  return control ? `It holds ${code(control)}, which is no character of a command.` : undefined
}
