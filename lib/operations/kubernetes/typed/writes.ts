import 'server-only'
import { fail, ok, type Result } from '@/lib/core/result'
import type { ReadContext } from '@/lib/operations/types'
import type { KubectlCommand, ResourceArgument } from '@/lib/runbooks/command'
import { type NamedType, typeOf, typeOfManifest } from '@/lib/runbooks/kubectl-resources'
import { REMOVED_TAINT } from '@/lib/runbooks/requests/changes'
import { createRequests, exposeRequests, manifestsOf } from '@/lib/runbooks/requests/creates'
import { flag, pairsOf } from '@/lib/runbooks/requests/place'
import { setRequests } from '@/lib/runbooks/requests/templates'
import { yamlValue } from '@/lib/runbooks/requests/yaml'
import type { KubeObject, PatchKind, ResourceType } from '@/lib/targets/types'
import { typesOn } from './line'

/** One write to the API server, before it is sent. */
export type Write = { type: ResourceType; name: string; namespace?: string } & (
  | { does: 'patch'; kind: PatchKind; body: unknown; before: KubeObject }
  | { does: 'create'; body: KubeObject }
  | ({ does: 'delete'; before: KubeObject } & Removal)
)

/** How an object goes, where the line says so (DeleteOptions of the API). */
export interface Removal {
  graceSeconds?: number
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
}

const SELECTED_AT_MOST = 50

interface Named {
  type: ResourceType
  name: string
  namespace?: string
  object: KubeObject
}

/** The objects a command names, as they are. Errors: not_found for one that is not there; what reading returned. */
async function named(
  context: Pick<ReadContext, 'cluster'>,
  command: KubectlCommand,
): Promise<Result<Named[]>> {
  const all: Named[] = []
  // cordon and uncordon are about nodes without saying so.
  const nodes: ResourceArgument = { kind: 'Node', group: '', type: typeOf('nodes') as NamedType }
  const bare = command.resources.length === 0 && /^(un)?cordon$/.test(command.verb)
  for (const argument of bare ? [nodes] : command.resources) {
    if (argument.kind === 'Pair') continue
    const types = await typesOn(context, argument)
    if (!types.ok) return types
    const [type] = types.value
    if (!type) return fail('not_found', `this cluster serves no resource "${argument.kind}"`)
    const namespace = type.namespaced ? (command.namespace ?? 'default') : undefined
    if (argument.name === undefined) {
      const found = await selected(context, command, type, namespace)
      if (!found.ok) return found
      all.push(...found.value)
      continue
    }
    const object = await context.cluster.get(type, argument.name, namespace)
    if (!object.ok) return object
    all.push({
      type,
      name: argument.name,
      ...(namespace ? { namespace } : {}),
      object: { ...object.value, kind: object.value.kind ?? type.kind },
    })
  }
  return all.length > 0 ? ok(all) : fail('invalid_input', 'The line names no object.')
}

/** What a selector or --all means now. More than a person can look through is refused. */
async function selected(
  context: Pick<ReadContext, 'cluster'>,
  command: KubectlCommand,
  type: ResourceType,
  namespace: string | undefined,
): Promise<Result<Named[]>> {
  if (command.allNamespaces) return fail('invalid_input', 'It would change objects of every namespace.')
  const fields = flag(command, 'field-selector')
  const listed = await context.cluster.list(type, {
    ...(namespace ? { namespace } : {}),
    ...(command.selector ? { labelSelector: command.selector } : {}),
    ...(fields ? { fieldSelector: fields } : {}),
  })
  if (!listed.ok) return listed
  if (listed.value.length === 0) return fail('precondition_failed', `There is no such ${type.kind} now.`)
  if (listed.value.length > SELECTED_AT_MOST)
    return fail(
      'precondition_failed',
      `That are ${listed.value.length} objects, more than the ${SELECTED_AT_MOST} that one fix may touch. Narrow the selector.`,
    )
  return ok(
    listed.value.map((object) => ({
      type,
      name: object.metadata.name,
      ...(object.metadata.namespace ? { namespace: object.metadata.namespace } : {}),
      object,
    })),
  )
}

/**
 * What a changing command would send, from the objects as they are now. Errors (invalid_input, precondition_failed):
 * what kubectl would refuse, and what cannot be told from the line.
 */
export async function writesOf(
  context: Pick<ReadContext, 'cluster'>,
  command: KubectlCommand,
): Promise<Result<Write[]>> {
  if (['create', 'apply', 'expose'].includes(command.verb)) return creations(context, command)
  const targets = await named(context, command)
  if (!targets.ok) return targets
  const writes: Write[] = []
  for (const { object, ...target } of targets.value) {
    const made = command.verb === 'delete' ? removal(command) : patchFor(command, object)
    if (!made.ok) return made
    writes.push({ ...target, ...made.value, before: object } as Write)
  }
  return ok(writes)
}

const CASCADES: Record<string, Removal['propagationPolicy']> = {
  background: 'Background',
  foreground: 'Foreground',
  orphan: 'Orphan',
  true: 'Background',
  false: 'Orphan',
}

function removal(command: KubectlCommand): Result<{ does: 'delete' } & Removal> {
  const now = command.flags.now === true ? '1' : undefined
  const grace = now ?? flag(command, 'grace-period') ?? (command.flags.force === true ? '0' : undefined)
  const cascade = command.flags.cascade
  const propagationPolicy = cascade === undefined ? undefined : CASCADES[String(cascade)]
  return ok({
    does: 'delete',
    ...(grace === undefined || Number(grace) < 0 ? {} : { graceSeconds: Number(grace) }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
  })
}

type Patch = Result<{ does: 'patch'; kind: PatchKind; body: unknown }>

const patch = (kind: PatchKind, body: unknown): Patch => ok({ does: 'patch', kind, body })

function patchFor(command: KubectlCommand, object: KubeObject): Patch {
  switch (command.verb) {
    case 'patch': {
      const kind = (flag(command, 'type') ?? 'strategic') as PatchKind
      const body = yamlValue(flag(command, 'patch') ?? '')
      return typeof body === 'object' && body !== null
        ? patch(kind, body)
        : fail('invalid_input', 'The patch is neither JSON nor YAML.')
    }
    case 'scale':
      return patch('merge', { spec: { replicas: Number(flag(command, 'replicas')) } })
    case 'label':
    case 'annotate':
      return metadataPatch(command, object)
    case 'set':
      return templatePatch(command, object)
    case 'cordon':
      return patch('merge', { spec: { unschedulable: true } })
    case 'uncordon':
      return patch('merge', { spec: { unschedulable: null } })
    case 'taint':
      return taintPatch(command, object)
    case 'rollout':
      return command.subverb === 'restart'
        ? patch('strategic', {
            spec: {
              template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': RESTARTED_AT } } },
            },
          })
        : patch('merge', { spec: { paused: command.subverb === 'pause' ? true : null } })
    default:
      return fail('invalid_input', `kubectl ${command.verb} is not a change that Crashcart makes.`)
  }
}

/** Stands for the moment of sending: a plan is made twice, and must be the same both times. */
export const RESTARTED_AT = '<the moment it is sent>'

function metadataPatch(command: KubectlCommand, object: KubeObject): Patch {
  const field = command.verb === 'label' ? 'labels' : 'annotations'
  const present: Record<string, string> = object.metadata[field] ?? {}
  const values: Record<string, string | null> = {}
  for (const pair of pairsOf(command)) {
    const at = pair.indexOf('=')
    if (at < 0) {
      values[pair.slice(0, -1)] = null
      continue
    }
    const key = pair.slice(0, at)
    if (present[key] !== undefined && present[key] !== pair.slice(at + 1) && command.flags.overwrite !== true)
      return fail(
        'precondition_failed',
        `${key} is ${present[key]} already, and the line does not say --overwrite.`,
      )
    values[key] = pair.slice(at + 1)
  }
  return patch('merge', { metadata: { [field]: values } })
}

function templatePatch(command: KubectlCommand, object: KubeObject): Patch {
  const present: { name: string }[] = object.spec?.template?.spec?.containers ?? []
  const chosen = flag(command, 'containers') ?? command.container
  const names = chosen && chosen !== '*' ? chosen.split(',') : present.map((one) => one.name)
  const stranger = names.find((name) => !present.some((one) => one.name === name))
  if (stranger)
    return fail('precondition_failed', `There is no container ${stranger} in ${object.metadata.name}.`)
  const sent = setRequests({ ...command, container: names.join(',') })
  if ('manual' in sent) return fail('invalid_input', sent.manual)
  const body = JSON.parse(sent.requests[1]?.body ?? '{}')
  const made: { name: string; [field: string]: unknown }[] = body.spec.template.spec.containers
  const all = command.subverb === 'image' && made.some((one) => one.name === 'c' && !names.includes('c'))
  const containers = all ? names.map((name) => ({ ...made[0], name })) : made
  const missing = containers.find((one) => !present.some((own) => own.name === one.name))
  if (missing)
    return fail('precondition_failed', `There is no container ${missing.name} in ${object.metadata.name}.`)
  return patch('strategic', { spec: { template: { spec: { containers } } } })
}

function taintPatch(command: KubectlCommand, object: KubeObject): Patch {
  const taints: { key: string; value?: string; effect: string }[] = [...(object.spec?.taints ?? [])]
  for (const pair of pairsOf(command)) {
    const removed = REMOVED_TAINT.exec(pair)
    if (removed) {
      const [, key, effect] = removed
      const left = taints.filter((one) => one.key !== key || (effect !== undefined && one.effect !== effect))
      if (left.length === taints.length)
        return fail('precondition_failed', `The node has no taint ${pair.replace(/-$/, '')}.`)
      taints.splice(0, taints.length, ...left)
      continue
    }
    const read = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(pair)
    if (!read) return fail('invalid_input', `A taint is key=value:Effect, not ${pair}.`)
    const [, key = '', value, effect = ''] = read
    const at = taints.findIndex((one) => one.key === key && one.effect === effect)
    if (at >= 0 && command.flags.overwrite !== true)
      return fail('precondition_failed', `The node has the taint ${key}:${effect} already.`)
    if (at >= 0) taints.splice(at, 1)
    taints.push({ key, ...(value ? { value } : {}), effect })
  }
  return patch('merge', { spec: { taints } })
}

async function creations(
  context: Pick<ReadContext, 'cluster'>,
  command: KubectlCommand,
): Promise<Result<Write[]>> {
  const bodies = await (command.verb === 'expose'
    ? serviceOf(context, command)
    : command.subverb === 'job'
      ? jobOf(context, command)
      : bodiesOf(command))
  if (!bodies.ok) return bodies
  const writes: Write[] = []
  for (const body of bodies.value) {
    const guessed = typeOfManifest(body.apiVersion ?? 'v1', body.kind ?? '')
    const type = guessed.custom ? await servedType(context, body) : ok(guessed as ResourceType)
    if (!type.ok) return type
    const { name } = body.metadata
    const namespace = type.value.namespaced
      ? (body.metadata.namespace ?? command.namespace ?? 'default')
      : undefined
    const target = { type: type.value, name, ...(namespace ? { namespace } : {}) }
    const known =
      command.verb === 'apply' ? await context.cluster.get(type.value, name, namespace) : undefined
    if (known && !known.ok && known.error.code !== 'not_found') return known
    if (known?.ok) {
      // What the manifest does not speak of stays; what it once spoke of and no longer does is for `kubectl apply` itself.
      const { status: _status, ...wanted } = body
      writes.push({
        ...target,
        does: 'patch',
        kind: 'merge',
        body: wanted,
        before: { ...known.value, kind: type.value.kind },
      })
    } else writes.push({ ...target, does: 'create', body })
  }
  return ok(writes)
}

/** `expose KIND/NAME --port=N`: a Service with the labels of the object, for what that object selects. */
async function serviceOf(
  context: Pick<ReadContext, 'cluster'>,
  command: KubectlCommand,
): Promise<Result<KubeObject[]>> {
  const targets = await named(context, command)
  if (!targets.ok) return targets
  const [target] = targets.value
  const sent = exposeRequests(command)
  if ('manual' in sent) return fail('invalid_input', sent.manual)
  if (!target || targets.value.length > 1) return fail('invalid_input', 'It exposes one object at a time.')
  const { metadata, spec } = target.object
  const selects: Record<string, string> | undefined =
    target.type.kind === 'Pod'
      ? metadata.labels
      : target.type.kind === 'Service'
        ? spec?.selector
        : (spec?.selector?.matchLabels ?? spec?.selector)
  if (!selects || Object.keys(selects).length === 0)
    return fail('precondition_failed', `${target.name} selects no pods by labels.`)
  const { status: _status, ...made } = JSON.parse(sent.requests[1]?.body ?? '{}')
  const { labels: _standIn, ...own } = made.metadata
  return ok([
    {
      ...made,
      metadata: { ...own, ...(metadata.labels ? { labels: metadata.labels } : {}) },
      spec: { ...made.spec, selector: selects },
    },
  ])
}

/** `create job NAME --from=cronjob/X`: a Job from the CronJob's template, as its controller would make it. */
async function jobOf(
  context: Pick<ReadContext, 'cluster'>,
  command: KubectlCommand,
): Promise<Result<KubeObject[]>> {
  const source = flag(command, 'from')?.split('/')[1] ?? ''
  const type: ResourceType = {
    group: 'batch',
    version: 'v1',
    plural: 'cronjobs',
    kind: 'CronJob',
    namespaced: true,
  }
  const cron = await context.cluster.get(type, source, command.namespace ?? 'default')
  if (!cron.ok) return cron
  const { metadata = {}, spec } = cron.value.spec?.jobTemplate ?? {}
  return ok([
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: command.resources[0]?.name ?? '',
        ...(metadata.labels ? { labels: metadata.labels } : {}),
        annotations: { ...metadata.annotations, 'cronjob.kubernetes.io/instantiate': 'manual' },
        ownerReferences: [
          {
            apiVersion: 'batch/v1',
            kind: 'CronJob',
            name: source,
            uid: cron.value.metadata.uid ?? '',
            controller: true,
          },
        ],
      },
      spec,
    },
  ])
}

function bodiesOf(command: KubectlCommand): Result<KubeObject[]> {
  if (command.flags.filename !== undefined) {
    const manifests = manifestsOf(command)
    return 'manual' in manifests
      ? fail('invalid_input', manifests.manual)
      : ok(manifests.map(({ body }) => body as KubeObject))
  }
  const sent = createRequests(command)
  if ('manual' in sent) return fail('invalid_input', sent.manual)
  return ok(
    sent.requests.flatMap(({ body }) => {
      if (body === undefined) return []
      const { status: _status, ...object } = JSON.parse(body)
      return [object as KubeObject]
    }),
  )
}

async function servedType(
  context: Pick<ReadContext, 'cluster'>,
  body: KubeObject,
): Promise<Result<ResourceType>> {
  const served = await context.cluster.types()
  if (!served.ok) return served
  const apiVersion = body.apiVersion ?? ''
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.lastIndexOf('/')) : ''
  const found = served.value.find((one) => one.kind === body.kind && one.group === group)
  return found
    ? ok({ ...found, version: apiVersion.slice(apiVersion.lastIndexOf('/') + 1) })
    : fail('not_found', `this cluster serves no ${body.kind} of ${apiVersion}`)
}
