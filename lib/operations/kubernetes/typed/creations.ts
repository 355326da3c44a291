import 'server-only'
import { fail, ok, type Result } from '@/lib/core/result'
import type { ReadContext } from '@/lib/operations/types'
import type { KubectlCommand } from '@/lib/runbooks/command'
import { typeOfManifest } from '@/lib/runbooks/kubectl-resources'
import { createRequests, exposeRequests, manifestsOf } from '@/lib/runbooks/requests/creates'
import { flag } from '@/lib/runbooks/requests/place'
import type { KubeObject, ResourceType } from '@/lib/targets/types'
import { named } from './named'
import type { Write } from './writes'

/**
 * What `create`, `apply` and `expose` would make, and for what is there already the patch that brings it to the manifest.
 * Errors: what kubectl would refuse; not_found for a kind that the cluster does not serve.
 */
export async function creations(
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
