import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Manager } from '../controllers/manager'
import type { KubeObject } from '../types'
import { applyPatch } from './patch'
import { type ResourcePath, sendJson } from './paths'
import { bodyOf } from './pods'
import { invalidBy, notFound } from './status'

/** The scale subresource of a workload. */
export async function scale(
  manager: Manager,
  target: ResourcePath,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { info, namespace, name = '' } = target
  const stored = manager.store.get(info.kind, namespace, name)
  if (!stored) throw notFound(info, name)
  const asScale = (object: KubeObject) => ({
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      namespace,
      uid: object.metadata.uid,
      resourceVersion: object.metadata.resourceVersion,
      creationTimestamp: object.metadata.creationTimestamp,
    },
    spec: { replicas: object.spec.replicas ?? 0 },
    status: {
      replicas: object.status?.replicas ?? 0,
      selector: Object.entries(object.spec.selector?.matchLabels ?? {})
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
    },
  })
  if (request.method === 'GET') return sendJson(response, 200, asScale(stored))
  const body = await bodyOf(request)
  const wanted =
    request.method === 'PATCH'
      ? applyPatch(String(request.headers['content-type']), asScale(stored) as KubeObject, body)
      : JSON.parse(body)
  const replicas = wanted.spec?.replicas
  if (!Number.isInteger(replicas) || replicas < 0)
    throw invalidBy({ kind: 'Scale', group: 'autoscaling' }, name, [
      {
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
        field: 'spec.replicas',
      },
    ])
  const next = structuredClone(stored)
  next.spec.replicas = replicas
  const version = wanted.metadata?.resourceVersion
  if (version && version !== stored.metadata.resourceVersion) next.metadata.resourceVersion = version
  else delete next.metadata.resourceVersion
  const manager_ = query.get('fieldManager') ?? 'kubectl'
  sendJson(
    response,
    200,
    asScale(manager.store.update(info, next, { dryRun: query.get('dryRun') === 'All', manager: manager_ })),
  )
}
