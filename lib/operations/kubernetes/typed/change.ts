import 'server-only'
import { fail, type Result } from '@/lib/core/result'
import type { Fix, Plan, PlanContext, Risk } from '@/lib/operations/types'
import type { Command } from '@/lib/runbooks/command'
import { listsOnly } from '@/lib/runbooks/requests/templates'
import { isOpenProgram } from './exec'
import { commandOf, type Line, line, lineOf, startsOf, typedLine } from './line'
import { planWrites } from './plan-writes'
import { aboutSecret, everywhere, stops } from './refusals'
import { sendWrites } from './send-writes'
import { watchWrites } from './watch-writes'
import { undoOf } from './way-back'
import { writesOf } from './writes'

/** What a line runs by its own words, as `create deployment NAME -- COMMAND`. */
function programsOf(commands: readonly Command[]): (readonly string[])[] {
  return commands.flatMap((one) => (one.program === 'kubectl' && one.inner ? [one.inner.argv] : []))
}

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
    toldByStep: true,
    params: line,
    starts: startsOf(verbs),
    recognise: (commands) =>
      aboutSecret(commands) || everywhere(commands) || !mine(commands) ? undefined : lineOf(commands, known),
    kubectl: typedLine,
    plan: (context, given) => planOf(context, given, act, mine),
    apply: sendWrites,
    verify: watchWrites,
    undo: undoOf(risk),
  }
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
/** Whoever holds the key of an approved request is let in: a second person agrees. */
export const decideCertificate = changing(
  'kubernetes.decide-certificate',
  'Approve or deny a certificate request',
  'high',
  ['certificate approve', 'certificate deny'],
  'Decide on',
)
/** As `kubernetes.stop` of one workload: an outage that is wanted, so a second person agrees. */
export const stopObjects = changing(
  'kubernetes.stop-objects',
  'Stop workloads',
  'high',
  ['scale', 'patch'],
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
  (commands) => programsOf(commands).length === 0,
)
/** Also creates what runs a program of the line: a second person sees its words, as of one in a pod that is there. */
export const applyManifest = changing(
  'kubernetes.apply-manifest',
  'Apply a manifest',
  'high',
  ['apply', 'create'],
  'Apply',
  (commands) => !programsOf(commands).some(isOpenProgram),
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
