import type { Operation } from '@/lib/operations/types'
import { progress, rights, served } from './ask'
import {
  applyManifest,
  changeNode,
  changeObject,
  changeStatus,
  createObject,
  decideCertificate,
  deleteObject,
  stopObjects,
} from './change'
import { drain } from './drain'
import { changeEach, lookAtEach } from './each'
import { execAsTyped, execRead } from './exec'
import { typedLogs } from './logs'
import { putBack, putBackApproved } from './put-back'
import { askServer } from './raw'
import { read } from './read'
import { top } from './top'

/**
 * What stands for any kubectl line that no operation of the other folders understands better. Asked last: those know
 * what a line is about, these know only what it reads or sends.
 */
export const OPERATIONS: readonly Operation[] = [
  read,
  typedLogs,
  top,
  rights,
  served,
  progress,
  askServer,
  execRead,
  changeObject,
  changeStatus,
  decideCertificate,
  stopObjects,
  createObject,
  changeNode,
  drain,
  deleteObject,
  putBack,
  putBackApproved,
  changeEach,
  lookAtEach,
  applyManifest,
  execAsTyped,
]
