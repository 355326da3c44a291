import 'server-only'
import { inOrder as goOrder, goText, isMap, type Json, keysOf } from '../go-values'
import { writeEvents } from './events'
import type { Describer } from './types'
import type { Writer } from './writer'

/** Said in the first lines already. */
const SAID = new Set(['.metadata.managedFields', '.metadata.name', '.metadata.namespace'])
const SAID_TOO = new Set(['.metadata.labels', '.metadata.annotations'])
const ACRONYMS = new Set(['API', 'URL', 'UID', 'OSB', 'GUID'])

/** Whatever kubectl knows no describer for: all fields with their keys as words. */
export const describeAny: Describer = (w, object, beside) => {
  w.row(0, 'Name:', object.metadata.name ?? '')
  w.row(0, 'Namespace:', object.metadata.namespace ?? '')
  w.labels('Labels', object.metadata.labels)
  w.annotations('Annotations', object.metadata.annotations)
  const content = goOrder(object)
  if (isMap(content)) writeFields(w, 0, content, '')
  writeEvents(w, beside.events, beside.now)
}

function writeFields(w: Writer, level: number, content: { [key: string]: Json }, path: string): void {
  for (const key of keysOf(content)) {
    const at = `${path}.${key}`
    if (SAID.has(at) || SAID_TOO.has(at)) continue
    const value = content[key]
    if (isMap(value)) {
      w.row(level, `${labelOf(key)}:`)
      writeFields(w, level + 1, value as { [key: string]: Json }, at)
    } else if (Array.isArray(value)) {
      w.row(level, `${labelOf(key)}:`)
      for (const one of value)
        if (isMap(one)) writeFields(w, level + 1, one, at)
        else w.row(level + 1, goText(one))
    } else w.row(level, `${labelOf(key)}:`, goText(value))
  }
}

/** A key as words: `podCIDRs` → `Pod CID Rs`, `lastTransitionTime` → `Last Transition Time`. */
export function labelOf(key: string): string {
  if (!/^[\p{L}-]*$/u.test(key)) return key
  return wordsIn(key)
    .map((word) => (ACRONYMS.has(word.toUpperCase()) ? word.toUpperCase() : capitalised(word)))
    .join(' ')
}

/** Runs of small letters, of capitals and of others; the last capital before small letters begins their word. */
function wordsIn(key: string): string[] {
  const runs = key.match(/\p{Ll}+|\p{Lu}+|[^\p{Ll}\p{Lu}]+/gu) ?? []
  for (let at = 0; at < runs.length - 1; at++) {
    const [run = '', next = ''] = [runs[at], runs[at + 1]]
    if (!/^\p{Lu}/u.test(run) || !/^\p{Ll}/u.test(next)) continue
    const last = Array.from(run).at(-1) ?? ''
    runs[at] = run.slice(0, run.length - last.length)
    runs[at + 1] = last + next
  }
  return runs.filter(Boolean)
}

function capitalised(word: string): string {
  const [first = '', ...rest] = Array.from(word)
  return first.toUpperCase() + rest.join('')
}
