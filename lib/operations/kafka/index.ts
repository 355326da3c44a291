import type { Operation } from '@/lib/operations/types'
import { consumerLag } from './consumer-lag'
import { topics } from './topics'

/** The operations of this folder, in the order in which they are asked to recognise a command. */
export const OPERATIONS: readonly Operation[] = [topics, consumerLag]
