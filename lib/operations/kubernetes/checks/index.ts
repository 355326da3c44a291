import type { Operation } from '@/lib/operations/types'
import { autoscaler } from './autoscaler'
import { configmap } from './configmap'
import { describePod } from './describe-pod'
import { endpoints } from './endpoints'
import { logs } from './logs'
import { memory } from './memory'
import { pods } from './pods'
import { rolloutStatus } from './rollout-status'
import { secret } from './secret'
import { service } from './service'
import { usage } from './usage'

/** The operations of this folder, in the order in which they are asked to recognise a command. */
export const OPERATIONS: readonly Operation[] = [
  pods,
  endpoints,
  service,
  describePod,
  usage,
  secret,
  configmap,
  autoscaler,
  logs,
  rolloutStatus,
  memory,
]
