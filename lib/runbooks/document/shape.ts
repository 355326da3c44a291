import type { Meaning } from './vocabulary'

export interface Heading {
  depth: number
  meaning: Meaning | undefined
}

/** So many headings decide; the rest of a longer document follows them. */
const MAX_HEADINGS = 5_000

/**
 * At which depth the headings are the names of cards: 3 for a document with groups (H2) of cards (H3); 2 when
 * each H2 is an alert; 1 when the file, or each H1 of it, is one; 0 when the file is one without an H1.
 *
 * It is the depth above the one where the vocabulary of alerts (Meaning, Diagnosis, Mitigation, …) stands. For
 * each depth from H1 to H4 the different parts are counted that a heading of it opens; the depth with most wins,
 * the outer one of equals. Two different parts are enough. A single one counts only as H2, and only when
 * at least half of the H2 belong to the vocabulary (an article with nothing but "Diagnosis" and "References"). Without any such depth the document has groups and cards.
 */
export function cardDepth(all: readonly Heading[]): number {
  const headings = all.slice(0, MAX_HEADINGS)
  let best = { depth: 4, parts: 0 }
  for (const depth of [1, 2, 3, 4]) {
    const here = headings.filter((one) => one.depth === depth)
    const parts = new Set(here.flatMap(({ meaning }) => (meaning?.tells ? [meaning.section] : []))).size
    const known = here.filter((one) => one.meaning !== undefined).length
    const enough = parts > 1 || (parts === 1 && depth === 2 && known * 2 >= here.length)
    if (enough && parts > best.parts) best = { depth, parts }
  }
  return best.depth - 1
}
