/** Numbers that look random and come out the same for the same seed, so that a document can be made again. */
export interface Random {
  /** From 0 up to, not including, the bound. */
  below(bound: number): number
  pick<T>(from: readonly T[]): T
  chance(of: number): boolean
}

/** mulberry32, by Tommy Ettinger, public domain: short, and good enough to mutate documents. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (bound: number) => Math.floor(next() * bound)
  return {
    below,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
    chance: (of) => next() < of,
  }
}
