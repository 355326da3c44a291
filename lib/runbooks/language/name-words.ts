import { ownWords, verbAt } from './kubectl-words'
import type { Placeholders } from './placeholders'

/** `POD_NAME`, `pod/YOUR_POD`: no name in a cluster has capitals or underscores. */
const CAPITALS = /^((?:[a-z][a-z0-9.-]*\/)?)([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)$/
/** `web-xxxxx`, `...`, `db-…`, `NAMESPACE OF YOURS`: a name left open without saying what it stands for. */
export const OPEN_ENDED = /(^|[-./])(x{3,}|X{2,})($|[-./])|\.{3}|…|^[A-Z]+( [A-Z]+)+$/
const NAMING_FLAG = /^(-n|-c|--namespace|--container)$/
const NAMING_FLAG_WITH_VALUE = /^(--(?:namespace|container)=|-n=)(.+)$/
/** Short flags without a value after which a name may follow. */
const SWITCH =
  /^(-[AiItTwRqph]+|--(all-namespaces|stdin|tty|previous|watch|follow|force|no-headers|timestamps|ignore-daemonsets|overwrite|all-containers|show-labels))$/

/**
 * kubectl's own words with names in capitals as placeholders. Names left open (`web-xxxxx`) stay as they are and are
 * added to `unbound`: nobody can fill them in, so nothing is sent.
 */
export function nameWords(words: readonly string[], placeholders: Placeholders, unbound: string[]): string[] {
  const own = ownWords(words)
  const verb = verbAt(own)
  if (verb < 0 || !own.some((word) => CAPITALS.test(word) || OPEN_ENDED.test(word) || word.includes('=')))
    return [...words]
  const name = (word: string): string => {
    if (OPEN_ENDED.test(word)) unbound.push(word)
    const match = CAPITALS.exec(word)
    return match ? (match[1] ?? '') + (placeholders.add(match[2] ?? '', match[2] ?? '') ?? match[2]) : word
  }
  return words.map((word, index) => {
    if (index >= own.length) return word
    const flag = NAMING_FLAG_WITH_VALUE.exec(word)
    if (flag) return `${flag[1]}${name(flag[2] ?? '')}`
    const before = own[index - 1] ?? ''
    if (NAMING_FLAG.test(before)) return name(word)
    const follows = index > verb && (!before.startsWith('-') || before.includes('=') || SWITCH.test(before))
    const isFollow = index > verb && before === '-f' && own[verb] === 'logs'
    return (follows || isFollow) && !word.startsWith('-') && !word.includes('=') ? name(word) : word
  })
}
