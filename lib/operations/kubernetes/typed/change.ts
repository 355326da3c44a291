import 'server-only'
import { fail, ok, type Result } from '@/lib/core/result'
import {
  type Applied,
  type Fix,
  type Plan,
  type PlanContext,
  type Risk,
  RUN_ANNOTATION,
  type WriteContext,
} from '@/lib/operations/types'
import type { Command } from '@/lib/runbooks/command'
import { listsOnly } from '@/lib/runbooks/requests/templates'
import type { KubeObject } from '@/lib/targets/types'
import { commandOf, type Line, line, lineOf, startsOf, typedLine } from './line'
import { RESTARTED_AT } from './patches'
import { planWrites, removalOf, type Sent } from './plan-writes'
import { aboutSecret, everywhere, stops } from './refusals'
import { watchWrites } from './watch-writes'
import { writesOf } from './writes'

/** A fix that stands for what some verbs change. */
function changing(
  id: string,
  title: string,
  risk: Risk,
  verbs: string[],
  act: string,
  mine: (commands: readonly Command[]) => boolean = () => true,
): Fix<Line> {
  const known = new Set(verbs)
  return {
    id,
    title,
    effect: 'write',
    needs: 'fix:run',
    risk,
    severalWrites: true,
    params: line,
    starts: startsOf(verbs),
    recognise: (commands) =>
      aboutSecret(commands) || everywhere(commands) || !mine(commands) ? undefined : lineOf(commands, known),
    kubectl: typedLine,
    plan: (context, given) => planOf(context, given, act, mine),
    apply: sendWrites,
    verify: watchWrites,
  }
}

/** Sends the writes of a plan of `planWrites` one by one. Error: that of the write that failed, and how many were made before it. */
export async function sendWrites(context: WriteContext, plan: Plan): Promise<Result<Applied>> {
  const at = context.now().toISOString()
  const { writes } = plan.payload as unknown as { writes: Sent[] }
  for (const [index, write] of writes.entries()) {
    const done = await sendOne(context, write)
    if (done.ok) continue
    if (index === 0) return done
    const made = `${index} of ${writes.length} writes were made, then: ${done.error.message}`
    return fail(done.error.code, made, { retryable: false })
  }
  return ok({ summary: `${plan.act}: sent`, at, payload: {} })
}

async function planOf(
  context: PlanContext,
  given: Line,
  act: string,
  mine: (commands: readonly Command[]) => boolean,
): Promise<Result<Plan>> {
  const command = commandOf(given)
  if (!command.ok) return command
  const whole: Command = { ...command.value, argv: ['kubectl', ...given.words], filters: [], text: '' }
  // What was filled in must not make it a change of another risk: a count of 0 is an outage.
  if (!mine([whole]) || aboutSecret([whole]) || everywhere([whole]))
    return fail(
      'forbidden',
      'With these values it is another kind of change, which this button does not make.',
    )
  const writes = await writesOf(context, command.value)
  return writes.ok ? planWrites(context, writes.value, act) : writes
}

async function sendOne(context: WriteContext, write: Sent): Promise<Result<unknown>> {
  if (write.does === 'delete')
    return context.cluster.remove(write.type, write.name, write.namespace, {
      ...(write.uid ? { uid: write.uid } : {}),
      ...removalOf(write),
    })
  if (write.does === 'create') {
    const body = write.body as KubeObject
    const annotations = { ...body.metadata.annotations, [RUN_ANNOTATION]: context.runId }
    return context.cluster.create(write.type, write.namespace, {
      ...body,
      metadata: { ...body.metadata, annotations },
    })
  }
  const now = context.now().toISOString()
  const body = JSON.parse(JSON.stringify(write.body).replaceAll(RESTARTED_AT, now))
  const { type, name, namespace, kind, subresource } = write
  // A patch of the status reaches nothing else, no annotation either.
  const marked = kind === 'json' || subresource ? body : withMark(body, context.runId)
  return context.cluster.patch(type, name, namespace, kind as 'merge', marked, subresource)
}

function withMark(body: KubeObject, runId: string): unknown {
  const metadata: Partial<KubeObject['metadata']> = body.metadata ?? {}
  return {
    ...body,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [RUN_ANNOTATION]: runId } },
  }
}

export const changeObject = changing(
  'kubernetes.change-object',
  'Change an object',
  'medium',
  ['patch', 'label', 'annotate', 'set', 'scale', 'rollout restart', 'rollout pause', 'rollout resume'],
  'Change',
  (commands) =>
    !stops(commands) &&
    !commands.some((one) => one.program === 'kubectl' && one.flags.subresource !== undefined) &&
    !commands.some((one) => one.program === 'kubectl' && listsOnly(one)),
)
/** What a controller has written down is not for people to change: a second person agrees. */
export const changeStatus = changing(
  'kubernetes.change-status',
  'Change a status',
  'high',
  ['patch'],
  'Change the status of',
  (commands) => commands.every((one) => one.program === 'kubectl' && one.flags.subresource === 'status'),
)
/** As `kubernetes.stop` of one workload: an outage that is wanted, so a second person agrees. */
export const stopObjects = changing(
  'kubernetes.stop-objects',
  'Stop workloads',
  'high',
  ['scale'],
  'Stop',
  stops,
)
export const createObject = changing(
  'kubernetes.create-object',
  'Create an object',
  'medium',
  [
    'create namespace',
    'create ns',
    'create serviceaccount',
    'create sa',
    'create configmap',
    'create cm',
    'create deployment',
    'create deploy',
    'expose',
  ],
  'Create',
)
export const applyManifest = changing(
  'kubernetes.apply-manifest',
  'Apply a manifest',
  'high',
  ['apply', 'create'],
  'Apply',
)
export const changeNode = changing(
  'kubernetes.change-node',
  'Change a node',
  'high',
  ['cordon', 'uncordon', 'taint'],
  'Change',
)
export const deleteObject = changing(
  'kubernetes.delete-object',
  'Delete an object',
  'high',
  ['delete'],
  'Delete',
)
