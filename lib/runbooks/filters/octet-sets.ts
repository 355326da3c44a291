import 'server-only'

const CLASSES: Record<string, RegExp> = {
  alpha: /[A-Za-z]/,
  digit: /[0-9]/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /[ \t-\r]/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
  print: /[ -~]/,
  graph: /[!-~]/,
  cntrl: /\p{Cc}/u,
  xdigit: /[0-9A-Fa-f]/,
}

/** The octets of a class such as `digit` in the C locale, or undefined for an unknown name. */
export function octetsOfClass(name: string): number[] | undefined {
  const test = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined
  if (!test) return undefined
  return Array.from({ length: 128 }, (_, code) => code).filter((code) => test.test(String.fromCharCode(code)))
}

/** Letters, digits and the underscore. */
export const WORD = setOf(/[A-Za-z0-9_]/)
export const DIGIT = setOf(/[0-9]/)
/** White space of every kind. */
export const SPACE = setOf(/[ \t-\r]/)

/** The octets that a test holds for, as 256 entries of 0 or 1; the others when `negated`. */
export function setOf(test: RegExp, negated = false): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) =>
    test.test(String.fromCharCode(code)) !== negated ? 1 : 0,
  )
}

/** The set with both cases of every letter in it; it is changed in place. */
export function foldCase(set: Uint8Array): Uint8Array {
  for (let code = 65; code <= 90; code++) {
    const either = set[code] || set[code + 32] ? 1 : 0
    set[code] = either
    set[code + 32] = either
  }
  return set
}
