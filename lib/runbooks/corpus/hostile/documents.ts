import { seeded } from '../random'
import { MAKERS } from './makers'
import { MUTATIONS } from './mutations'
import { SMALL } from './small'

/** A document that wishes its reader ill. */
export interface HostileDocument {
  seed: number
  /** What is wrong with it. */
  what: string
  text: string
}

const KINDS = [...Object.keys(MUTATIONS), ...Object.keys(MAKERS), 'several mutations'] as const

/** The document of a seed. Each way of making one comes up equally often, whatever stretch of seeds is taken. */
export function hostileDocument(seed: number, bases: readonly string[]): HostileDocument {
  const random = seeded(seed)
  const what = KINDS[seed % KINDS.length] ?? 'several mutations'
  const make = MAKERS[what]
  if (make) return { seed, what, text: make(random) }
  const base = random.pick([...bases, SMALL])
  const mutate = MUTATIONS[what]
  if (mutate) return { seed, what, text: mutate(base, random) }
  const names = Array.from({ length: 2 + random.below(4) }, () => random.pick(Object.keys(MUTATIONS)))
  return {
    seed,
    what: names.join(', '),
    text: names.reduce((text, name) => MUTATIONS[name]?.(text, random) ?? text, base),
  }
}
