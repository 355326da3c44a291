import type { Operation } from '@/lib/operations/types'
import { flush } from './flush'
import { info } from './info'
import { ping } from './ping'
import { unlinkPrefix } from './unlink-prefix'

/** The operations of this folder, in the order in which they are asked to recognise a command. */
export const OPERATIONS: readonly Operation[] = [ping, info, flush, unlinkPrefix]
