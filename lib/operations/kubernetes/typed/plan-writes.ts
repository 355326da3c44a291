import 'server-only'
import { stringify } from 'yaml'
import { fail, ok, type Result } from '@/lib/core/result'
import { bind } from '@/lib/operations/kubernetes/fixes/bind'
import { managedBy } from '@/lib/operations/kubernetes/fixes/rollout'
import { type Plan, type PlanContext, RUN_ANNOTATION } from '@/lib/operations/types'
import { subjectOfRequest } from '@/lib/runbooks/filters/x509-request'
import type { KubeObject, ResourceType, Subresource } from '@/lib/targets/types'
import { shown } from './read'
import { canPutBack, told, wayBack } from './way-back'
import type { Removal, Write } from './writes'

/** One write as a plan keeps it until it is sent. */
export interface Sent extends Removal {
  type: ResourceType
  name: string
  namespace?: string
  does: Write['does']
  kind?: string
  subresource?: Subresource
  body?: unknown
  uid?: string
  resourceVersion?: string
  /** Merge patch from what it was to what the change makes of it, and the way back. */
  made?: unknown
  back?: unknown
}

/**
 * The preview of writes: each tried on the server as a dry run. Errors: what a dry run refused; precondition_failed when
 * nothing would change.
 */
export async function planWrites(context: PlanContext, writes: Write[], act: string): Promise<Result<Plan>> {
  if (writes.some((write) => write.type.kind === 'Secret' && write.does !== 'delete'))
    return fail('forbidden', 'Values of secrets stand in no plan and no journal; a person writes them.')
  const changes: Plan['changes'] = []
  const sent: Sent[] = []
  let differs = false
  for (const write of writes) {
    const after = await tried(context, write)
    if (!after.ok) return after
    const status = ofStatus(write)
    const before = 'before' in write ? text(write.before, status) : ''
    const then = after.value ? text(after.value, status) : ''
    differs ||= before !== then
    changes.push({ type: 'diff', title: nameOf(write), before, after: then })
    const back = write.does === 'patch' && !status && after.value && wayBack(write.before, after.value)
    sent.push({ ...sentOf(write), ...(back || {}) })
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
      ...statusWarnings(writes),
      ...certificateWarnings(writes),
    ],
    undo: canPutBack(sent)
      ? { possible: true, text: 'It can be put back as it was until somebody else changes the same.' }
      : { possible: false, text: 'What it was before stands in the journal, under what changes.' },
    confirmName: first.name,
    bindings: writes.flatMap((write) =>
      'before' in write ? [bind(write.before, touched(write, write.before))] : [],
    ),
    payload: JSON.parse(JSON.stringify({ writes: sent })),
  })
}

/** What of an object must still be so when it is written: all that was shown. */
function touched(write: Write, object: KubeObject) {
  return { ...told(object), ...(ofStatus(write) ? { status: object.status } : {}) }
}

/** Whether a write is about the status, all of it or what stands there of a decision. */
function ofStatus(write: Write): boolean {
  return write.does === 'patch' && write.subresource !== undefined
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

/** A status is a controller's record; it writes the next one itself. */
function statusWarnings(writes: readonly Write[]): Plan['warnings'] {
  return writes.some((write) => write.does === 'patch' && write.subresource === 'status')
    ? [
        {
          level: 'danger',
          text: 'It writes the status by hand: the controller believes it, and may write over it at once.',
        },
      ]
    : []
}

/** Who gets a certificate for what. */
function certificateWarnings(writes: readonly Write[]): Plan['warnings'] {
  return writes.flatMap((write): Plan['warnings'] => {
    if (write.does !== 'patch' || write.subresource !== 'approval') return []
    const { username = 'somebody', signerName = 'a signer', usages = [], request } = write.before.spec ?? {}
    const subject = subjectOfRequest(request)
    const whom = subject === undefined ? 'a name that cannot be read' : `“${subject}”`
    const asked = `${username} asked for a certificate of ${whom}`
    const { conditions } = (write.body as { status: { conditions: { type: string }[] } }).status
    return conditions.some(({ type }) => type === 'Denied')
      ? [{ level: 'warn', text: `${asked}: it is refused, and has to be asked for anew.` }]
      : [
          {
            level: 'danger',
            text: `${asked}: ${signerName} signs it${usages.length > 0 ? ` for ${usages.join(', ')}` : ''}. Nobody can take that back.`,
          },
        ]
  })
}

function nameOf({ type, name, namespace }: Write): string {
  return `${type.kind} ${name}${namespace ? ` in ${namespace}` : ''}`
}

/** An object for comparing: without what the server counts up by itself. */
function text(object: KubeObject, withStatus: boolean): string {
  const { status, ...rest } = shown(object) as KubeObject
  const {
    resourceVersion: _version,
    generation: _generation,
    uid: _uid,
    creationTimestamp: _at,
    annotations: { [RUN_ANNOTATION]: _mark, ...annotations } = {},
    ...metadata
  } = rest.metadata
  const noted = Object.keys(annotations).length > 0 ? { annotations } : {}
  return stringify({ ...rest, metadata: { ...metadata, ...noted }, ...(withStatus ? { status } : {}) })
}

async function tried(context: PlanContext, write: Write): Promise<Result<KubeObject | undefined>> {
  if (write.does === 'delete') return ok(undefined)
  if (write.does === 'create') return context.dryRun.dryCreate(write.type, write.namespace, write.body)
  const { type, name, namespace, kind, body, subresource } = write
  return context.dryRun.dryPatch(type, name, namespace, kind, body, subresource)
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
    ...(write.does === 'patch' && write.subresource ? { subresource: write.subresource } : {}),
    ...('body' in write ? { body: write.body } : {}),
    ...('before' in write && write.before.metadata.uid ? { uid: write.before.metadata.uid } : {}),
    ...(write.does === 'delete' ? removalOf(write) : {}),
  }
}

/** The ways of a removal that were written, and no others. */
export function removalOf({ graceSeconds, propagationPolicy }: Removal): Removal {
  return {
    ...(graceSeconds === undefined ? {} : { graceSeconds }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
  }
}
