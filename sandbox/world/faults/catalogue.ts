import type { LeakedSessions } from '../leaked-sessions'
import type { Scene } from '../scene'
import { dataFaults } from './data'
import { platformFaults } from './platform'
import type { FaultRecipe } from './recipe'
import { serviceFaults } from './service'

export type { FaultRecipe } from './recipe'

/** Every fault that can be practised. */
export function createFaults(scene: Scene, sessions: LeakedSessions): FaultRecipe[] {
  return [...serviceFaults(scene), ...dataFaults(scene, sessions), ...platformFaults(scene)]
}
