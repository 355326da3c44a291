import 'server-only'
import { type Before, END, holds, isWord } from './matcher'
import { CouldNotFinish, NotUnderstood } from './options'
import type { Assertion, Pattern } from './pattern'

/** What a group took of a line: [start, end). */
export type Span = [start: number, end: number]

/** Most states of one expression, and most places of a line times states: what is remembered of each is an octet. */
const MAX_STATES = 5_000
const MAX_REMEMBERED = 64 << 20

type Node =
  | { op: 'set'; set: Uint8Array; to: number }
  /** In the order in which the ways are tried. */
  | { op: 'split'; to: number[] }
  | { op: 'assert'; what: Assertion; to: number }
  | { op: 'mark'; mark: number; to: number }
  | { op: 'accept' }

/** A state to look at, or a mark to put back on the way out of one that led nowhere. */
type Step = { node: number; at: number } | { mark: number; before: number | undefined }

/**
 * Finds what each group of a pattern took. Ways through the pattern are tried in the order of a backtracking matcher
 * (more before less, left before right), which is also how glibc, and so GNU sed, fills \1. A state that led nowhere
 * from one place of the line is not tried there again, so the work is at most states times places.
 */
export class Captures {
  private readonly nodes: Node[] = []
  private readonly start: number

  /** Throws NotUnderstood when the expression needs too many states. */
  constructor(pattern: Pattern) {
    this.start = this.build({ kind: 'group', part: pattern, index: 0 }, this.add({ op: 'accept' }))
  }

  /**
   * The spans by the number of the group, 0 being all of it, for a match that begins at `start` and goes on to `end`;
   * with `exact` false the first way that succeeds up to there, as a backtracking matcher has it. undefined when there
   * is no such match. Throws CouldNotFinish for a line that is too long for this pattern.
   */
  of(line: string, start: number, end: number, exact = true): (Span | undefined)[] | undefined {
    const width = end - start + 1
    if (width * this.nodes.length > MAX_REMEMBERED)
      throw new CouldNotFinish('A line is too long for an expression with groups.')
    const tried = new Uint8Array(width * this.nodes.length)
    const marks: (number | undefined)[] = []
    const pending: Step[] = [{ node: this.start, at: start }]
    while (pending.length > 0) {
      const step = pending.pop() as Step
      if ('mark' in step) {
        marks[step.mark] = step.before
        continue
      }
      const { at } = step
      const key = step.node * width + at - start
      if (tried[key]) continue
      tried[key] = 1
      const node = this.nodes[step.node] as Node
      if (node.op === 'accept') {
        if (!exact || at === end) return spans(marks)
      } else if (node.op === 'split') {
        for (let n = node.to.length - 1; n >= 0; n--) pending.push({ node: node.to[n] as number, at })
      } else if (node.op === 'mark') {
        pending.push({ mark: node.mark, before: marks[node.mark] }, { node: node.to, at })
        marks[node.mark] = at
      } else if (node.op === 'assert') {
        const before: Before = at === 0 ? 0 : isWord(line.charCodeAt(at - 1)) ? 2 : 1
        if (holds(node.what, before, at < line.length ? line.charCodeAt(at) : END))
          pending.push({ node: node.to, at })
      } else if (at < end && node.set[line.charCodeAt(at)]) pending.push({ node: node.to, at: at + 1 })
    }
    return undefined
  }

  private add(node: Node): number {
    if (this.nodes.length >= MAX_STATES) throw new NotUnderstood('The pattern is too large.')
    return this.nodes.push(node) - 1
  }

  private build(pattern: Pattern, to: number): number {
    switch (pattern.kind) {
      case 'empty':
        return to
      case 'set':
        return this.add({ op: 'set', set: pattern.set, to })
      case 'assert':
        return this.add({ op: 'assert', what: pattern.what, to })
      case 'group': {
        const close = this.add({ op: 'mark', mark: pattern.index * 2 + 1, to })
        return this.add({ op: 'mark', mark: pattern.index * 2, to: this.build(pattern.part, close) })
      }
      case 'cat':
        return pattern.parts.reduceRight((next, part) => this.build(part, next), to)
      case 'or':
        return this.add({ op: 'split', to: pattern.parts.map((part) => this.build(part, to)) })
      case 'repeat': {
        const { part, min, max, lazy } = pattern
        const ways = (more: number) => (lazy ? [to, more] : [more, to])
        let next = to
        if (max === Number.POSITIVE_INFINITY) {
          const loop: Node = { op: 'split', to: [] }
          next = this.add(loop)
          loop.to = ways(this.build(part, next))
        } else
          for (let n = min; n < max; n++) next = this.add({ op: 'split', to: ways(this.build(part, next)) })
        for (let n = 0; n < min; n++) next = this.build(part, next)
        return next
      }
    }
  }
}

function spans(marks: readonly (number | undefined)[]): (Span | undefined)[] {
  return Array.from({ length: Math.ceil(marks.length / 2) }, (_, index) => {
    const [start, end] = [marks[index * 2], marks[index * 2 + 1]]
    return start === undefined || end === undefined ? undefined : [start, end]
  })
}
