import type { KubeObject } from '../../../../targets/types'
import { oddRest } from './config'
import { oddEvents } from './events'
import { madeAt } from './made'
import { oddNetwork } from './network'
import { oddPods } from './pods'
import { oddRules } from './rules'
import { oddWorkloads } from './workloads'

/** Objects that hold what descriptions trip over, for tests. `now` is milliseconds since 1970. */
export function oddObjects(now: number): KubeObject[] {
  const made = madeAt(now)
  const makers = [oddPods, oddWorkloads, oddNetwork, oddRest, oddRules, oddEvents]
  return makers.flatMap((make) => make(made)) as KubeObject[]
}
