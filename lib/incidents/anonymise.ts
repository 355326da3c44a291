import 'server-only'

const WORDS: Readonly<Record<string, string>> = {
  viewer: 'Viewer',
  responder: 'Responder',
  approver: 'Approver',
  admin: 'Admin',
  system: 'Crashcart',
}

/** What stands in for a person on a share page: "Responder". */
export function roleWord(role: string): string {
  return WORDS[role] ?? 'Somebody'
}

const EMAIL = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g

/**
 * A function that takes people out of a text: full names it was told become the role's word, e-mail
 * addresses go. A first name alone is not recognised.
 * @param people names and roles; the first role of a name counts
 */
export function anonymiser(people: readonly { name: string; role: string }[]): (text: string) => string {
  const words = new Map<string, string>()
  for (const { name, role } of people) {
    const key = name.trim().toLowerCase()
    // Our own name is no person's, and two letters would hit half the words.
    if (key.length > 2 && role !== 'system' && !words.has(key)) words.set(key, roleWord(role))
  }
  // Longest first: "Ana Maria" before "Ana".
  const names = [...words.keys()].sort((a, b) => b.length - a.length)
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pattern =
    names.length > 0 ? new RegExp(`(?<![\\p{L}\\d])(?:${escaped.join('|')})(?![\\p{L}\\d])`, 'giu') : null
  return (text) => {
    const withoutEmails = text.replace(EMAIL, '[e-mail address]')
    return pattern
      ? withoutEmails.replace(pattern, (name) => words.get(name.toLowerCase()) ?? 'Somebody')
      : withoutEmails
  }
}
