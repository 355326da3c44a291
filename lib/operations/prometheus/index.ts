import type { Operation } from '@/lib/operations/types'
import { query } from './query'
import { targets } from './targets'

/** The operations of this folder, in the order in which they are asked to recognise a command. */
export const OPERATIONS: readonly Operation[] = [targets, query]
