import type { Operation } from '@/lib/operations/types'
import { get } from './get'
import { post, rebuild, refresh } from './post'
import { token } from './token'

/** The operations of this folder, in the order in which they are asked to recognise a command. */
export const OPERATIONS: readonly Operation[] = [token, get, rebuild, refresh, post]
