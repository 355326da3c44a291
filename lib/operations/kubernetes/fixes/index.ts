import type { Operation } from '@/lib/operations/types'
import { bounce } from './bounce'
import { createAutoscaler } from './create-autoscaler'
import { createSecret } from './create-secret'
import { editConfigmap } from './edit-configmap'
import { recreatePods } from './recreate-pods'
import { rolloutRestart } from './rollout-restart'
import { rolloutUndo } from './rollout-undo'
import { restoreSecret, rotateSecret } from './rotate-secret'
import { scale, stop } from './scale'
import { setResources } from './set-resources'
import { setSelector } from './set-selector'

/** The operations of this folder, in the order in which they are asked to recognise a command. */
export const OPERATIONS: readonly Operation[] = [
  bounce,
  scale,
  stop,
  editConfigmap,
  rotateSecret,
  restoreSecret,
  createSecret,
  rolloutRestart,
  rolloutUndo,
  recreatePods,
  setResources,
  createAutoscaler,
  setSelector,
]
