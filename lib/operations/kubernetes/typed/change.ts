import 'server-only'
import { stringify } from 'yaml'
import { fail, ok, type Result } from '@/lib/core/result'
import { bind } from '@/lib/operations/kubernetes/fixes/bind'
import { managedBy, pause, watchRollout } from '@/lib/operations/kubernetes/fixes/rollout'
import {
  type Applied,
  type Fix,
  type Plan,
  type PlanContext,
  type Progress,
  type ReadContext,
  type Risk,
  RUN_ANNOTATION,
  type WriteContext,
} from '@/lib/operations/types'
import { type Command, type KubectlCommand, placeholdersIn } from '@/lib/runbooks/command'
import { manifestsOf } from '@/lib/runbooks/requests/creates'
import { listsOnly } from '@/lib/runbooks/requests/templates'
import type { KubeObject, ResourceType } from '@/lib/targets/types'
import { troubleOf } from '@/lib/verdicts/conditions'
import { commandOf, type Line, line, lineOf, startsOf, typedLine } from './line'
import { shown } from './read'
import { RESTARTED_AT, type Removal, type Write, writesOf } from './writes'

const WATCH_MS = 120_000
const STEP_MS = 1_000

interface Sent extends Removal {
  type: ResourceType
  name: string
  namespace?: string
  does: Write['does']
  kind?: string
  body?: unknown
  uid?: string
  resourceVersion?: string
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

/** Watches what the writes of a plan of `planWrites` are about. */
export function watchWrites(context: ReadContext, plan: Plan): AsyncIterable<Progress> {
  return watch(context, (plan.payload as unknown as { writes: Sent[] }).writes)
}

/** Whether workloads are scaled to nothing. */
function stops(commands: readonly Command[]): boolean {
  return commands.some(
    (command) =>
      command.program === 'kubectl' && command.verb === 'scale' && Number(command.flags.replicas) === 0,
  )
}

/** A change of every namespace at once is more than anybody can look through. */
export function everywhere(commands: readonly Command[]): boolean {
  return commands.some((command) => command.program === 'kubectl' && command.allNamespaces)
}

/** Values of secrets are in no plan and no journal; a line that writes them is for a person. */
export function aboutSecret(commands: readonly Command[]): boolean {
  return commands.some(
    (command) =>
      command.program === 'kubectl' &&
      ((command.verb !== 'delete' && command.resources.some((one) => one.kind === 'Secret')) ||
        (command.verb === 'create' && /^(secret|token)$/.test(command.subverb ?? '')) ||
        (command.stdin !== undefined && holdsSecret(command))),
  )
}

/** Whether a manifest holds a Secret, or a kind that somebody fills in; one that cannot be read is taken for the worst. */
function holdsSecret(command: KubectlCommand): boolean {
  const objects = manifestsOf({ ...command, flags: { ...command.flags, filename: '-' } })
  if ('manual' in objects) return /secret/i.test(command.stdin ?? '')
  return objects.some(({ body }) => {
    const { kind } = body as { kind?: unknown }
    return kind === 'Secret' || placeholdersIn(String(kind)).length > 0
  })
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

/**
 * The preview of writes: each tried on the server as a dry run. Errors: what a dry run refused; precondition_failed when
 * nothing would change.
 */
export async function planWrites(context: PlanContext, writes: Write[], act: string): Promise<Result<Plan>> {
  if (writes.some((write) => write.type.kind === 'Secret' && write.does !== 'delete'))
    return fail('forbidden', 'Values of secrets stand in no plan and no journal; a person writes them.')
  const changes: Plan['changes'] = []
  let differs = false
  for (const write of writes) {
    const after = await tried(context, write)
    if (!after.ok) return after
    const before = 'before' in write ? text(write.before) : ''
    const then = after.value ? text(after.value) : ''
    differs ||= before !== then
    changes.push({ type: 'diff', title: nameOf(write), before, after: then })
  }
  if (!differs) return fail('precondition_failed', 'It is so already; nothing would change.')
  const [first] = writes
  if (!first) return fail('invalid_input', 'The line changes nothing.')
  const names = writes.map(nameOf)
  return ok({
    act: `${act} ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`,
    target: {
      kind: first.type.kind,
      ...(first.namespace ? { namespace: first.namespace } : {}),
      name: first.name,
    },
    changes,
    touches: names,
    warnings: [
      ...writes.flatMap((write) => ('before' in write ? managedBy(write.before) : [])),
      ...removalWarnings(writes),
    ],
    undo: { possible: false, text: 'What it was before stands in the journal, under what changes.' },
    confirmName: first.name,
    bindings: writes.flatMap((write) =>
      'before' in write
        ? [bind(write.before, { spec: write.before.spec, metadata: fieldsOf(write.before) })]
        : [],
    ),
    payload: JSON.parse(JSON.stringify({ writes: writes.map(sentOf) })),
  })
}

/** What a removal in another way than the usual one leaves behind. */
function removalWarnings(writes: readonly Write[]): Plan['warnings'] {
  const removals = writes.filter((write) => write.does === 'delete')
  const said: Plan['warnings'] = []
  if (removals.some((one) => one.graceSeconds === 0))
    said.push({
      level: 'danger',
      text: 'It is taken off the API server at once; its containers may still be running.',
    })
  if (removals.some((one) => one.propagationPolicy === 'Orphan'))
    said.push({ level: 'warn', text: 'What it owns stays, and belongs to nobody.' })
  return said
}

function fieldsOf({ metadata }: KubeObject) {
  return { labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} }
}

function nameOf({ type, name, namespace }: Write): string {
  return `${type.kind} ${name}${namespace ? ` in ${namespace}` : ''}`
}

/** An object for comparing: without what the server counts up by itself. */
function text(object: KubeObject): string {
  const { status: _status, ...rest } = shown(object) as KubeObject
  const {
    resourceVersion: _version,
    generation: _generation,
    uid: _uid,
    creationTimestamp: _at,
    ...metadata
  } = rest.metadata
  return stringify({ ...rest, metadata })
}

async function tried(context: PlanContext, write: Write): Promise<Result<KubeObject | undefined>> {
  if (write.does === 'delete') return ok(undefined)
  if (write.does === 'create') return context.dryRun.dryCreate(write.type, write.namespace, write.body)
  return context.dryRun.dryPatch(write.type, write.name, write.namespace, write.kind, write.body)
}

function sentOf(write: Write): Sent {
  const { type, name, namespace, does } = write
  const plain: ResourceType = {
    group: type.group,
    version: type.version,
    plural: type.plural,
    kind: type.kind,
    namespaced: type.namespaced,
  }
  return {
    type: plain,
    name,
    ...(namespace ? { namespace } : {}),
    does,
    ...(write.does === 'patch' ? { kind: write.kind } : {}),
    ...('body' in write ? { body: write.body } : {}),
    ...('before' in write && write.before.metadata.uid ? { uid: write.before.metadata.uid } : {}),
    ...(write.does === 'delete' ? removalOf(write) : {}),
  }
}

function removalOf({ graceSeconds, propagationPolicy }: Removal): Removal {
  return {
    ...(graceSeconds === undefined ? {} : { graceSeconds }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
  }
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
  const marked = write.kind === 'json' ? body : withMark(body, context.runId)
  return context.cluster.patch(write.type, write.name, write.namespace, write.kind as 'merge', marked)
}

function withMark(body: KubeObject, runId: string): unknown {
  const metadata: Partial<KubeObject['metadata']> = body.metadata ?? {}
  return {
    ...body,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [RUN_ANNOTATION]: runId } },
  }
}

const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet'])

/** Whether a write leads to a rollout that has an end. */
function rollsOut(write: Sent): boolean {
  const paused = (write.body as { spec?: { paused?: boolean | null } } | undefined)?.spec?.paused === true
  return WORKLOADS.has(write.type.kind) && write.does !== 'delete' && !paused
}

/** Until every object is as it should be: gone, rolled out, or without trouble of its own. */
async function* watch(context: ReadContext, writes: Sent[]): AsyncIterable<Progress> {
  for (const write of writes.filter(rollsOut)) {
    const workload = {
      namespace: write.namespace ?? 'default',
      ref: `${write.type.kind.toLowerCase()}/${write.name}`,
    }
    for await (const progress of watchRollout(context, workload)) {
      if (progress.state === 'done') break
      yield progress
      if (progress.state !== 'running') return
    }
  }
  yield* watchObjects(
    context,
    writes.filter((write) => !rollsOut(write)),
  )
}

async function* watchObjects(context: ReadContext, writes: Sent[]): AsyncIterable<Progress> {
  const end = Date.now() + WATCH_MS
  let open = writes
  while (!context.signal.aborted) {
    const left: string[] = []
    const still: Sent[] = []
    for (const write of open) {
      const now = await context.cluster.get(write.type, write.name, write.namespace)
      const gone = !now.ok && now.error.code === 'not_found'
      const name = `${write.type.kind} ${write.name}`
      if (write.does === 'delete') {
        if (gone || (now.ok && now.value.metadata.uid !== write.uid)) continue
        left.push(`${name} is still there`)
      } else if (!now.ok) left.push(now.error.message)
      else {
        const [trouble] = troubleOf({ ...now.value, kind: write.type.kind }).filter(
          // That a rollout stands still is what was asked for.
          (one) => one.code !== 'workload.paused',
        )
        if (!trouble) continue
        left.push(trouble.title)
      }
      still.push(write)
    }
    if (left.length === 0) {
      yield { state: 'done', message: 'Everything is as wanted' }
      return
    }
    if (Date.now() > end) {
      yield { state: 'failed', message: `After ${WATCH_MS / 60_000} min: ${left[0]}` }
      return
    }
    open = still
    yield {
      state: 'running',
      message: left[0] ?? '',
      done: writes.length - left.length,
      total: writes.length,
    }
    await pause(STEP_MS, context.signal)
  }
  yield { state: 'unknown', message: 'It was sent; nobody watched it to its end.' }
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
