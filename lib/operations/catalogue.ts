import { OPERATIONS as HTTP } from './http'
import { OPERATIONS as KAFKA } from './kafka'
import { OPERATIONS as KONG } from './kong'
import { OPERATIONS as KUBERNETES_CHECKS } from './kubernetes/checks'
import { OPERATIONS as KUBERNETES_FIXES } from './kubernetes/fixes'
import { OPERATIONS as KUBERNETES_TYPED } from './kubernetes/typed'
import { OPERATIONS as POSTGRES } from './postgres'
import { OPERATIONS as PROMETHEUS } from './prometheus'
import { OPERATIONS as REDIS } from './redis'
import type { Operation } from './types'

/** Everything Crashcart can do. The first operation that recognises a command gets it. */
export const CATALOGUE: readonly Operation[] = [
  ...POSTGRES,
  ...REDIS,
  ...KAFKA,
  ...KONG,
  ...PROMETHEUS,
  ...HTTP,
  ...KUBERNETES_FIXES,
  ...KUBERNETES_CHECKS,
  ...KUBERNETES_TYPED,
]

const BY_ID = new Map(CATALOGUE.map((operation) => [operation.id, operation]))

/** The operation of that id, or undefined. */
export function operationById(id: string): Operation | undefined {
  return BY_ID.get(id)
}
