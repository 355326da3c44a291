import 'server-only'
import { createHash, randomBytes } from 'node:crypto'

/** Crockford's base 32: no letter that is mistaken for a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

let lastTime = 0

/** Base-32 digits of a number, most significant first. */
function digits(value: number, length: number): string {
  let text = ''
  let rest = value
  for (let i = 0; i < length; i++) {
    text = ALPHABET[rest % 32] + text
    rest = Math.floor(rest / 32)
  }
  return text
}

/**
 * A new identifier: `run_01m2…`. Sorts by the time it was made (within a process strictly), and carries
 * 80 random bits. It names something; it is not a secret.
 * @param prefix short word for the kind of thing
 */
export function newId(prefix: string): string {
  lastTime = Math.max(Date.now(), lastTime + 1)
  const random = Array.from(randomBytes(16), (byte) => ALPHABET[byte % 32]).join('')
  return `${prefix}_${digits(lastTime, 10)}${random}`
}

/** A secret for a link: 32 random bytes, base64url, 43 characters. */
export function shareToken(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256 in hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
