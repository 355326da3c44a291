import 'server-only'

/**
 * A stage of a pipe that was understood. Text travels between stages as octets: one character (0–255) for each byte
 * of UTF-8, so that counting, cutting and sorting come out as in the C locale.
 */
export type Stage = (octets: string) => string | Promise<string>

/** Lines without their newline; a last line that lacks one counts too. */
export function linesOf(octets: string): string[] {
  if (octets === '') return []
  const lines = octets.split('\n')
  if (octets.endsWith('\n')) lines.pop()
  return lines
}

/** Lines as text, each with its newline. */
export function joinLines(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

/** Text as octets. */
export function toOctets(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** Octets as text; bytes that are not UTF-8 (a character that was cut through) become U+FFFD. */
export function fromOctets(octets: string): string {
  return Buffer.from(octets, 'latin1').toString('utf8')
}

/** ASCII letters in small: the C locale knows no others. */
export function lower(octets: string): string {
  return octets.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** ASCII letters in capitals. */
export function upper(octets: string): string {
  return octets.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
}
