/**
 * How well an entry answers what was typed: every word has to occur in it. 1 when all do in its title
 * (the first keyword, or the value itself), 0.5 elsewhere, 0 not at all.
 */
export function matches(value: string, search: string, keywords: string[] = []): number {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const all = (text: string) => words.every((word) => text.includes(word))
  const title = (keywords[0] ?? value).toLowerCase()
  if (all(title)) return title.startsWith(words[0] ?? '') ? 1 : 0.9
  return all([value, ...keywords].join(' ').toLowerCase()) ? 0.5 : 0
}
