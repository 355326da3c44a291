import type { Operation } from '@/lib/operations/types'
import { autoscaler, daemonSet, memory, rolloutStatus, usage } from './capacity'
import { logs } from './logs'
import { configMap, endpoints, secret, service } from './objects'
import { describePod, pods } from './pods'

/** The operations of this folder, in the order in which they are asked to recognise a command. */
export const OPERATIONS: readonly Operation[] = [
  pods,
  endpoints,
  service,
  describePod,
  usage,
  secret,
  configMap,
  autoscaler,
  logs,
  rolloutStatus,
  daemonSet,
  memory,
]
