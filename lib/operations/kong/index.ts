import type { Operation } from '@/lib/operations/types'
import { reload } from './reload'
import { services } from './services'
import { status } from './status'
import { upstream } from './upstream'

/** The operations of this folder, in the order in which they are asked to recognise a command. */
export const OPERATIONS: readonly Operation[] = [status, services, upstream, reload]
