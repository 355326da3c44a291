import { createWorld } from '@/sandbox/world/world'
import { printJson } from './files'

/** Prints every fault with the cards it belongs to. */
export function faults(): number {
  printJson({ faults: createWorld().faults.map(({ name, title, cards }) => ({ name, title, cards })) })
  return 0
}
