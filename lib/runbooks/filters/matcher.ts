import 'server-only'
import { NotUnderstood } from './options'
import type { Assertion, Pattern } from './pattern'

/** Most states of one expression; a repetition of repetitions can ask for far more. */
const MAX_STATES = 20_000
/** Most remembered sets of states before they are forgotten and built anew. */
const MAX_REMEMBERED = 2_000

type Node =
  | { op: 'set'; set: Uint8Array; to: number }
  | { op: 'split'; to: number[] }
  | { op: 'assert'; what: Assertion; to: number }
  | { op: 'accept' }

/** What stands before a place: nothing, an octet that is no part of a word, or one that is. */
export type Before = 0 | 1 | 2
export const END = 256

/** States reached before an octet is read, and what each octet (or the end) makes of them. */
interface Reached {
  nodes: number[]
  before: Before
  next: (Reached | undefined)[]
  /** 1 + whether a match ends here when that octet follows; 0 while unknown. */
  accepts: Uint8Array
}

/** Whether an octet is a letter, a digit or an underscore. */
export const isWord = (code: number) =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95

/**
 * Matches lines in time linear in their length, whatever the expression: all ways to match are followed at once, so
 * nothing is ever tried twice. The longest of the leftmost matches is found, as POSIX wants it.
 */
export class Matcher {
  private readonly nodes: Node[] = []
  private readonly start: number
  private remembered = new Map<string, Reached>()

  /** Throws NotUnderstood when the expression needs too many states. */
  constructor(pattern: Pattern) {
    this.start = this.build(pattern, this.add({ op: 'accept' }))
  }

  /** Whether the line (octets, no newline) holds a match. */
  test(line: string): boolean {
    let reached = this.reach([this.start], 0)
    for (let at = 0; at <= line.length; at++) {
      const code = at < line.length ? line.charCodeAt(at) : END
      if (this.accepts(reached, code, true)) return true
      reached = reached.next[code] as Reached
    }
    return false
  }

  /** The leftmost and then longest match that begins at `from` or later: [start, end). */
  find(line: string, from = 0): [number, number] | undefined {
    for (let start = from; start <= line.length; start++) {
      const before: Before = start === 0 ? 0 : isWord(line.charCodeAt(start - 1)) ? 2 : 1
      let reached: Reached | undefined = this.reach([this.start], before, 'a')
      let end = -1
      for (let at = start; at <= line.length && reached.nodes.length > 0; at++) {
        const code = at < line.length ? line.charCodeAt(at) : END
        if (this.accepts(reached, code, false)) end = at
        reached = reached.next[code] as Reached
      }
      if (end >= 0) return [start, end]
    }
    return undefined
  }

  private add(node: Node): number {
    if (this.nodes.length >= MAX_STATES) throw new NotUnderstood('The pattern is too large.')
    return this.nodes.push(node) - 1
  }

  /** Adds the nodes of a pattern that go on to `to`, and returns where they begin. */
  private build(pattern: Pattern, to: number): number {
    switch (pattern.kind) {
      case 'empty':
        return to
      case 'set':
        return this.add({ op: 'set', set: pattern.set, to })
      case 'group':
        return this.build(pattern.part, to)
      case 'assert':
        return this.add({ op: 'assert', what: pattern.what, to })
      case 'cat':
        return pattern.parts.reduceRight((next, part) => this.build(part, next), to)
      case 'or':
        return this.add({ op: 'split', to: pattern.parts.map((part) => this.build(part, to)) })
      case 'repeat': {
        const { part, min, max } = pattern
        let next = to
        if (max === Number.POSITIVE_INFINITY) {
          const loop: Node = { op: 'split', to: [to] }
          next = this.add(loop)
          loop.to.push(this.build(part, next))
        } else
          for (let n = min; n < max; n++) next = this.add({ op: 'split', to: [to, this.build(part, next)] })
        for (let n = 0; n < min; n++) next = this.build(part, next)
        return next
      }
    }
  }

  private reach(nodes: number[], before: Before, mode = 's'): Reached {
    const key = `${mode}${before}${nodes.join()}`
    const known = this.remembered.get(key)
    if (known) return known
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered = new Map()
    const reached: Reached = { nodes, before, next: [], accepts: new Uint8Array(END + 1) }
    this.remembered.set(key, reached)
    return reached
  }

  private accepts(reached: Reached, code: number, anywhere: boolean): boolean {
    if (reached.accepts[code] === 0) this.step(reached, code, anywhere)
    return reached.accepts[code] === 2
  }

  private step(reached: Reached, code: number, anywhere: boolean): void {
    const seen = new Set<number>()
    const pending = [...reached.nodes]
    const after = new Set<number>(anywhere ? [this.start] : [])
    let accepted = false
    while (pending.length > 0) {
      const index = pending.pop() as number
      if (seen.has(index)) continue
      seen.add(index)
      const node = this.nodes[index] as Node
      if (node.op === 'accept') accepted = true
      else if (node.op === 'split') pending.push(...node.to)
      else if (node.op === 'assert') {
        if (holds(node.what, reached.before, code)) pending.push(node.to)
      } else if (code !== END && node.set[code]) after.add(node.to)
    }
    reached.accepts[code] = accepted ? 2 : 1
    const before: Before = code !== END && isWord(code) ? 2 : 1
    reached.next[code] = this.reach(
      [...after].sort((a, b) => a - b),
      before,
      anywhere ? 's' : 'a',
    )
  }
}

/** Whether an assertion holds between what stands before a place and the octet (or END) after it. */
export function holds(what: Assertion, before: Before, code: number): boolean {
  const wordBefore = before === 2
  const wordAfter = code !== END && isWord(code)
  switch (what) {
    case '^':
      return before === 0
    case '$':
      return code === END
    case 'b':
      return wordBefore !== wordAfter
    case 'B':
      return wordBefore === wordAfter
    case '<':
      return !wordBefore && wordAfter
    case '>':
      return wordBefore && !wordAfter
    case 'not-word-before':
      return !wordBefore
    case 'not-word-after':
      return !wordAfter
  }
}
