import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Manager } from '../controllers/manager'
import type { KubeObject } from '../types'
import { setPodDefaults } from './defaults'
import { discovery } from './discovery'
import { apiVersionOf, type KindInfo, kindAt, kindInfo } from './kinds'
import { metrics } from './metrics'
import { serveOpenApi } from './openapi'
import { pageOf } from './paging'
import { applyPatch } from './patch'
import { bodyOf, bytesOf, podOf, serveLog, serveProxy } from './pods'
import { decodeProtobuf } from './protobuf'
import { fieldMatcher, labelMatcher } from './selectors'
import { ApiError, badRequest, invalid, notFound } from './status'
import { tableOf } from './tables'
import { validate } from './validate'
import { serveWatch } from './watch'

export interface ResourcePath {
  info: KindInfo
  namespace: string | undefined
  name: string | undefined
  subresource: string | undefined
  rest: string
}

/** Splits `/apis/apps/v1/namespaces/x/deployments/y/scale`; undefined for what is not a resource path. */
export function resourcePath(path: string): ResourcePath | undefined {
  const match = /^\/(?:api\/(v1)|apis\/([^/]+)\/([^/]+))\/(.*)$/.exec(path)
  if (!match) return undefined
  const [, core, group = '', version = core ?? '', tail = ''] = match
  const parts = tail.split('/')
  let namespace: string | undefined
  if (parts[0] === 'namespaces' && parts.length > 2) {
    namespace = decodeURIComponent(parts[1] ?? '')
    parts.splice(0, 2)
  }
  const info = kindAt(core ? '' : group, version, parts[0] ?? '')
  if (!info) return undefined
  const [, name, subresource, ...rest] = parts
  return {
    info,
    namespace,
    name: name ? decodeURIComponent(name) : undefined,
    subresource,
    rest: rest.join('/'),
  }
}

export function sendJson(response: ServerResponse, code: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

/** Serves one API request; throws ApiError for what the API server would refuse. */
export async function serve(
  manager: Manager,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://practice')
  const path = url.pathname.replace(/\/$/, '') || '/'
  const method = request.method ?? 'GET'
  if (['/healthz', '/livez', '/readyz'].includes(path)) {
    response.writeHead(200, { 'content-type': 'text/plain' })
    response.end('ok')
    return
  }
  const found = discovery(path)
  if (found) return sendJson(response, 200, found)
  if (path.startsWith('/openapi/v3') && serveOpenApi(path, request, response)) return
  const measured = metrics(manager, path, url.searchParams, wantsTable(request))
  if (measured) return sendJson(response, 200, measured)
  if (
    /^\/apis\/authorization\.k8s\.io\/v1\/selfsubject(access|rules)reviews$/.test(path) &&
    method === 'POST'
  ) {
    // kubectl sends this review as protobuf; the answer is the same for every question, so it is not decoded.
    const text = await bodyOf(request)
    const body = text.startsWith('{')
      ? JSON.parse(text)
      : { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec: {} }
    const status = path.endsWith('accessreviews')
      ? { allowed: true }
      : {
          resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
          nonResourceRules: [],
          incomplete: false,
        }
    return sendJson(response, 201, { ...body, status })
  }
  const target = resourcePath(path)
  if (!target) throw new ApiError(404, 'NotFound', 'the server could not find the requested resource')
  await resource(manager, target, url, request, response)
}

function wantsTable(request: IncomingMessage): boolean {
  return String(request.headers.accept ?? '').includes('as=Table')
}

async function resource(
  manager: Manager,
  target: ResourcePath,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { info, namespace, name, subresource } = target
  const { store } = manager
  const query = url.searchParams
  const method = request.method ?? 'GET'
  if (
    subresource === 'proxy' &&
    name &&
    namespace &&
    (info.plural === 'pods' || info.plural === 'services')
  ) {
    const path = `/${target.rest}${url.search}`
    return serveProxy(
      store,
      manager.kubelet,
      { plural: info.plural, namespace, name, path },
      request,
      response,
    )
  }
  if (info.kind === 'Pod' && subresource === 'log' && name && namespace)
    return serveLog(manager.kubelet, podOf(store, namespace, name), query, response)
  if (info.kind === 'Pod' && subresource === 'eviction' && name && namespace && method === 'POST')
    return evict(manager, namespace, name, query, response)
  if (subresource === 'scale' && name) return scale(manager, target, query, request, response)
  if (subresource && subresource !== 'status')
    throw new ApiError(404, 'NotFound', 'the server could not find the requested resource')

  const dryRun = query.get('dryRun') === 'All'
  const fieldManager =
    query.get('fieldManager') ?? String(request.headers['user-agent'] ?? 'unknown').split('/')[0] ?? 'unknown'
  const options = { dryRun, manager: fieldManager, status: subresource === 'status' }
  if (!name) {
    if (method === 'GET') return list(manager, target, query, request, response)
    if (method === 'POST') {
      const object = parse(await bytesOf(request), info)
      if (info.namespaced) {
        object.metadata.namespace ??= namespace
        if (namespace && !store.get('Namespace', undefined, namespace))
          throw notFound(kindInfo('Namespace'), namespace)
      }
      prepare(info, object)
      validate(info, object)
      return sendJson(response, 201, store.create(info, object, options))
    }
    if (method === 'DELETE') return deleteMany(manager, target, query, dryRun, response)
    throw new ApiError(
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
    )
  }
  const stored = store.get(info.kind, info.namespaced ? namespace : undefined, name)
  switch (method) {
    case 'GET': {
      if (!stored) throw notFound(info, name)
      return sendJson(
        response,
        200,
        wantsTable(request)
          ? tableOf(info.kind, [stored], stored.metadata.resourceVersion, manager.now())
          : served(info, stored),
      )
    }
    case 'PUT': {
      const object = parse(await bytesOf(request), info)
      if (object.metadata.name !== name)
        throw badRequest(
          `the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`,
        )
      object.metadata.namespace ??= namespace
      prepare(info, object)
      validate(info, object, stored)
      return sendJson(response, 200, store.update(info, object, options))
    }
    case 'PATCH': {
      const body = await bodyOf(request)
      const type = String(request.headers['content-type'] ?? '')
      if (type.startsWith('application/apply-patch'))
        throw new ApiError(
          415,
          'UnsupportedMediaType',
          'the practice cluster does not serve server-side apply; use client-side apply',
        )
      if (!stored) throw notFound(info, name)
      const object = applyPatch(type, stored, body)
      // Without a resourceVersion in the patch there is no precondition.
      if (object.metadata.resourceVersion === stored.metadata.resourceVersion)
        delete object.metadata.resourceVersion
      prepare(info, object)
      validate(info, object, stored)
      return sendJson(response, 200, store.update(info, object, options))
    }
    case 'DELETE': {
      if (!stored) throw notFound(info, name)
      const body = await bodyOf(request)
      const wish = body ? JSON.parse(body) : {}
      const uid = wish.preconditions?.uid
      if (uid && uid !== stored.metadata.uid) {
        throw new ApiError(
          409,
          'Conflict',
          `Operation cannot be fulfilled on ${info.plural} "${name}": Precondition failed: UID in precondition: ${uid}, UID in object meta: ${stored.metadata.uid}`,
        )
      }
      if (!dryRun && wish.dryRun?.[0] !== 'All')
        removeOne(
          manager,
          info,
          stored,
          wish.gracePeriodSeconds === 0 || query.get('gracePeriodSeconds') === '0',
        )
      if (info.kind === 'Pod') return sendJson(response, 200, store.get('Pod', namespace, name) ?? stored)
      return sendJson(response, 200, {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name, kind: info.plural, uid: stored.metadata.uid },
      })
    }
    default:
      throw new ApiError(
        405,
        'MethodNotAllowed',
        'the server does not allow this method on the requested resource',
      )
  }
}

function parse(body: Buffer, info: KindInfo): KubeObject {
  try {
    const object = decodeProtobuf(body) ?? JSON.parse(body.toString('utf8'))
    if (typeof object !== 'object' || object === null || typeof object.metadata !== 'object')
      throw new Error('no object')
    if (object.kind && object.kind !== info.kind)
      throw badRequest(`${object.kind} in version "${object.apiVersion}" cannot be handled as a ${info.kind}`)
    return object
  } catch (cause) {
    if (cause instanceof ApiError) throw cause
    throw badRequest(
      'the object provided is unrecognized (must be of type ' +
        info.kind +
        '): the body is not a JSON object',
    )
  }
}

/** Conversions that storage does: stringData of a Secret becomes data. */
function prepare(info: KindInfo, object: KubeObject): void {
  if (info.kind === 'Secret' && object.stringData) {
    object.data = {
      ...object.data,
      ...Object.fromEntries(
        Object.entries(object.stringData as Record<string, string>).map(([key, value]) => [
          key,
          Buffer.from(value).toString('base64'),
        ]),
      ),
    }
    delete object.stringData
  }
  if (info.kind === 'Secret') object.type ??= 'Opaque'
  if (object.spec?.template?.spec) setPodDefaults(object.spec.template.spec)
  if (info.kind === 'Pod' && object.spec) setPodDefaults(object.spec)
}

function served(info: KindInfo, object: KubeObject): KubeObject {
  return { ...object, apiVersion: apiVersionOf(info), kind: info.kind }
}

function list(
  manager: Manager,
  target: ResourcePath,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { info, namespace } = target
  const labels = labelMatcher(query.get('labelSelector'))
  const fields = fieldMatcher(query.get('fieldSelector'))
  const matches = (object: KubeObject) =>
    (!namespace || object.metadata.namespace === namespace) &&
    labels(object.metadata.labels ?? {}) &&
    fields(object)
  if (query.get('watch') === 'true' || query.get('watch') === '1') {
    serveWatch(manager, info, matches, query, wantsTable(request), response)
    return
  }
  const matching = manager.store.list(info.kind, namespace).filter(matches)
  const { page, resourceVersion, next } = pageOf(manager.store, matching, query)
  if (wantsTable(request)) {
    const table = tableOf(info.kind, page, resourceVersion, manager.now())
    sendJson(response, 200, { ...table, metadata: { ...table.metadata, ...next } })
    return
  }
  sendJson(response, 200, {
    kind: `${info.kind}List`,
    apiVersion: apiVersionOf(info),
    metadata: { resourceVersion, ...next },
    items: page,
  })
}

function removeOne(manager: Manager, info: KindInfo, object: KubeObject, force: boolean): void {
  if (info.kind === 'Pod') manager.deletePod(object, { force })
  else {
    manager.store.remove(info, object.metadata.namespace, object.metadata.name)
    if (['StatefulSet', 'DaemonSet', 'Job', 'ReplicaSet'].includes(info.kind)) {
      for (const pod of manager.store.list('Pod', object.metadata.namespace)) {
        if (
          (pod.metadata.ownerReferences ?? []).some((one: { uid: string }) => one.uid === object.metadata.uid)
        )
          manager.deletePod(pod)
      }
    }
  }
}

function deleteMany(
  manager: Manager,
  target: ResourcePath,
  query: URLSearchParams,
  dryRun: boolean,
  response: ServerResponse,
): void {
  const labels = labelMatcher(query.get('labelSelector'))
  const fields = fieldMatcher(query.get('fieldSelector'))
  const items = manager.store
    .list(target.info.kind, target.namespace)
    .filter((one) => labels(one.metadata.labels ?? {}) && fields(one))
  if (!dryRun) for (const item of items) removeOne(manager, target.info, item, false)
  sendJson(response, 200, {
    kind: `${target.info.kind}List`,
    apiVersion: apiVersionOf(target.info),
    metadata: { resourceVersion: manager.store.resourceVersion },
    items,
  })
}

function evict(
  manager: Manager,
  namespace: string,
  name: string,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const pod = podOf(manager.store, namespace, name)
  for (const budget of manager.store.list('PodDisruptionBudget', namespace)) {
    const labels = budget.spec.selector?.matchLabels ?? {}
    const covered = Object.entries(labels).every(([key, value]) => pod.metadata.labels?.[key] === value)
    if (covered && (budget.status?.disruptionsAllowed ?? 0) < 1) {
      throw new ApiError(
        429,
        'TooManyRequests',
        "Cannot evict pod as it would violate the pod's disruption budget.",
        {
          causes: [
            {
              reason: 'DisruptionBudget',
              message: `The disruption budget ${budget.metadata.name} needs ${budget.status?.desiredHealthy} healthy pods and has ${budget.status?.currentHealthy} currently`,
            },
          ],
        },
      )
    }
  }
  if (query.get('dryRun') !== 'All') manager.deletePod(pod)
  sendJson(response, 201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 })
}

async function scale(
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
    throw invalid(info, name, `spec.replicas: Invalid value: ${replicas}: must be greater than or equal to 0`)
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
