import type { Operation } from '@/lib/operations/types'
import { dump, dumps, restore } from './backups'
import { logStatement, terminateIdle, walReplayResume } from './changes'
import { ready } from './ready'
import { connections, eventOrder, indexUsage, replicaPosition, replication, slowQueries } from './statistics'

/** The operations of this folder, in the order in which they are asked to recognise a command. */
export const OPERATIONS: readonly Operation[] = [
  ready,
  terminateIdle,
  walReplayResume,
  logStatement,
  dump,
  restore,
  dumps,
  replication,
  replicaPosition,
  slowQueries,
  indexUsage,
  connections,
  eventOrder,
]
