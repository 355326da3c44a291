import { ownWords, verbAt } from './kubectl-words'
import type { Placeholders } from './placeholders'

/** `POD_NAME`, `pod/YOUR_POD`, `NAMESPACE OF YOURS`: no name in a cluster has capitals, underscores or blanks. */
const CAPITALS = /^((?:[a-z][a-z0-9.-]*\/)?)([A-Z][A-Z0-9]*(?:[_ -][A-Z0-9]+)+)$/
/** `NAME`, `pod/NAME`: one word in capitals may also be a type (`get CSR`), so that it counts where a name stands. */
const CAPITAL = /^((?:[a-z][a-z0-9.-]*\/)?)([A-Z]{2,}[A-Z0-9]*)$/
/** `web-xxxxx`, `pod/team-XX`: a name that is not written to its end. Whoever runs the line writes all of it. */
const CUT_SHORT =
  /^((?:[a-z][a-z0-9.-]*\/)?)((?:[A-Za-z0-9.]+-){0,20}(?:x{3,}|X{2,})(?:-[A-Za-z0-9.]+){0,20})$/
/** The same, and `...`, `db-…`: a name left open. */
export const OPEN_ENDED = /(^|[-./])(x{3,}|X{2,})($|[-./])|\.{3}|…/
/** `job-name=JOB_NAME` in a selector. A label's value may be in capitals (`env=PROD_EU`), so that it has to say so. */
const OPEN_VALUE =
  /(?<==)(?:(?:YOUR|MY)_[A-Z0-9_]+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:NAME|ID|NAMESPACE|VALUE|HERE))(?=,|$)/g
const SELECTING_FLAG = /^(-l|--selector|--field-selector)$/
const SELECTING_FLAG_WITH_VALUE = /^(-l=?|--selector=|--field-selector=)\S/
const NAMING_FLAG = /^(-n|-c|--namespace|--container)$/
const NAMING_FLAG_WITH_VALUE = /^(--(?:namespace|container)=|-n=)(.+)$/
/** Words that stand for a type, which is in capitals by itself in none of them. */
const TYPE_WORD = /^(TYPE|KIND|RESOURCE)$/
/** Short flags without a value after which a name may follow. */
const SWITCH =
  /^(-[AiItTwRqph]+|--(all-namespaces|stdin|tty|previous|watch|follow|force|no-headers|timestamps|ignore-daemonsets|overwrite|all-containers|show-labels))$/

/** How many words stand between the verb and the first name; of any other verb the type alone. */
const BEFORE_NAME: Record<string, number> = {
  logs: 0,
  exec: 0,
  cordon: 0,
  uncordon: 0,
  drain: 0,
  rollout: 2,
  set: 2,
  auth: Number.POSITIVE_INFINITY,
  explain: Number.POSITIVE_INFINITY,
}

/**
 * kubectl's own words with names in capitals and names cut short as placeholders. What is left open without any name
 * (`...`) stays as it is and is added to `unbound`: nobody can fill it in, so nothing is sent.
 */
export function nameWords(words: readonly string[], placeholders: Placeholders, unbound: string[]): string[] {
  const own = ownWords(words)
  const verb = verbAt(own)
  if (verb < 0 || !own.some(mayBeOpen)) return [...words]
  const before = BEFORE_NAME[own[verb] ?? ''] ?? 1
  let seen = 0
  const name = (word: string, isName: boolean): string => {
    const match =
      CAPITALS.exec(word) ??
      CUT_SHORT.exec(word) ??
      (isName || word.includes('/') ? CAPITAL.exec(word) : null)
    if (!match && OPEN_ENDED.test(word)) unbound.push(word)
    return match ? (match[1] ?? '') + (placeholders.add(match[2] ?? '', match[2] ?? '') ?? match[2]) : word
  }
  return words.map((word, index) => {
    if (index >= own.length) return word
    if (SELECTING_FLAG.test(own[index - 1] ?? '') || SELECTING_FLAG_WITH_VALUE.test(word))
      return word.replace(OPEN_VALUE, (value) => placeholders.add(value, value) ?? value)
    const flag = NAMING_FLAG_WITH_VALUE.exec(word)
    if (flag) return `${flag[1]}${name(flag[2] ?? '', true)}`
    const last = own[index - 1] ?? ''
    if (NAMING_FLAG.test(last)) return name(word, true)
    const follows = index > verb && (!last.startsWith('-') || last.includes('=') || SWITCH.test(last))
    const isFollow = index > verb && last === '-f' && own[verb] === 'logs'
    if (!(follows || isFollow) || word.startsWith('-') || word.includes('=')) return word
    return name(word, seen++ >= before || TYPE_WORD.test(word))
  })
}

function mayBeOpen(word: string): boolean {
  return CAPITALS.test(word) || CAPITAL.test(word) || OPEN_ENDED.test(word) || word.includes('=')
}
