import { PERMISSIONS, type Role } from '@/lib/access/roles'
import type { AppError } from '@/lib/core/errors'
import type { FixRun } from '@/lib/engine/types'
import type { BoundStep, Runbook } from '@/lib/runbooks/types'
import type { ObjectRef } from '@/lib/verdicts/types'

/** The fix step with this id, or undefined. */
export function findFixStep(runbook: Runbook, stepId: string): BoundStep | undefined {
  for (const card of runbook.cards)
    for (const step of card.steps) if (step.id === stepId && step.kind === 'fix') return step
  return undefined
}

const PLURAL: Record<Role, string> = {
  viewer: 'Everyone signed in',
  responder: 'Responders',
  approver: 'Approvers',
  admin: 'Admins',
}

/** "Responders and above may press it; you are a responder." */
export function whoMayPress(step: BoundStep | undefined, role: Role): string | undefined {
  if (!step?.needs) return undefined
  const least = PERMISSIONS[step.needs]
  const above = least === 'viewer' || least === 'admin' ? '' : ' and above'
  const article = role === 'approver' || role === 'admin' ? 'an' : 'a'
  return `${PLURAL[least]}${above} may press it; you are ${article} ${role}.`
}

/** "Deployment backend-api in backend-services". */
export function objectWords(ref: ObjectRef): string {
  return ref.namespace ? `${ref.kind} ${ref.name} in ${ref.namespace}` : `${ref.kind} ${ref.name}`
}

/** The run that holds a target, as far as this browser knows: by the id in the refusal, else by the target. */
export function holderOf(
  runs: FixRun[],
  refusal: AppError,
  target: ObjectRef | undefined,
): FixRun | undefined {
  return (
    runs.find((run) => refusal.hint?.includes(run.id)) ??
    runs.find(({ plan: { target: held } }) =>
      target
        ? held.kind === target.kind && held.name === target.name && held.namespace === target.namespace
        : refusal.message.includes(held.name),
    )
  )
}
