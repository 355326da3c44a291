import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Manager } from '../controllers/manager'
import type { KubeObject } from '../types'
import { checkFields, checkPatched, parse, prepare } from './bodies'
import { deleteMany, evict, preconditions, removeOne } from './deletion'
import { discovery } from './discovery'
import { apiVersionOf, KINDS, type KindInfo, kindInfo } from './kinds'
import { list } from './lists'
import { metrics } from './metrics'
import { serveOpenApi } from './openapi'
import { applyPatch } from './patch'
import { type ResourcePath, resourcePath, sendJson, wantsTable } from './paths'
import { bodyOf, bytesOf, podOf, serveLog, serveProxy } from './pods'
import { scale } from './scale'
import { ApiError, badRequest, notAllowed, notFound, unknownPath } from './status'
import { tableOf } from './tables'
import { validate } from './validate'

const GROUPS = new Set(KINDS.map((info) => info.group))

/** What `?verbose` adds to a health endpoint: each part of the server by name. */
function verboseHealth(endpoint: string): string {
  const parts = ['ping', 'log', 'etcd', ...(endpoint === 'readyz' ? ['informer-sync'] : [])]
  return `${parts.map((part) => `[+]${part} ok\n`).join('')}${endpoint} check passed\n`
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
    response.end(url.searchParams.has('verbose') ? verboseHealth(path.slice(1)) : 'ok')
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
    // Nobody but the account of the kubeconfig was ever given a right here.
    const as = request.headers['impersonate-user']
    const status = path.endsWith('accessreviews')
      ? as === undefined
        ? { allowed: true }
        : { allowed: false, reason: '' }
      : {
          resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
          nonResourceRules: [],
          incomplete: false,
        }
    return sendJson(response, 201, { ...body, metadata: body.metadata ?? {}, status })
  }
  const target = resourcePath(path)
  if (!target) {
    if (path.startsWith('/apis/') && !GROUPS.has(path.split('/')[2] ?? '')) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
      response.end('404 page not found\n')
      return
    }
    throw unknownPath()
  }
  await resource(manager, target, url, request, response)
}

async function resource(
  manager: Manager,
  target: ResourcePath,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { info, namespace, name, subresource } = target
  if (info.kind === 'Endpoints')
    response.setHeader(
      'warning',
      '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"',
    )
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
  const decides = subresource === 'approval' && info.kind === 'CertificateSigningRequest'
  if (subresource && subresource !== 'status' && !decides) throw unknownPath()

  const dryRun = query.get('dryRun') === 'All'
  const fieldManager =
    query.get('fieldManager') ?? String(request.headers['user-agent'] ?? 'unknown').split('/')[0] ?? 'unknown'
  const options = { dryRun, manager: fieldManager, status: subresource !== undefined }
  if (!name) {
    if (method === 'GET') return list(manager, target, query, request, response)
    if (method === 'POST') {
      const object = parse(await bytesOf(request), info)
      checkFields(info, object, query, response)
      if (info.namespaced) {
        if (object.metadata.namespace && namespace && object.metadata.namespace !== namespace)
          throw badRequest(
            'the namespace of the provided object does not match the namespace sent on the request',
          )
        object.metadata.namespace ??= namespace
        if (namespace && !store.get('Namespace', undefined, namespace))
          throw notFound(kindInfo('Namespace'), namespace)
      }
      prepare(info, object)
      validate(info, object)
      return sendJson(response, 201, store.create(info, object, options))
    }
    if (method === 'DELETE') return deleteMany(manager, target, query, dryRun, response)
    throw notAllowed()
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
      checkFields(info, object, query, response)
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
      checkFields(info, object, query, response)
      checkPatched(info, object)
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
      preconditions(info, stored, wish.preconditions)
      if (!dryRun && wish.dryRun?.[0] !== 'All')
        removeOne(manager, info, stored, {
          force: wish.gracePeriodSeconds === 0 || query.get('gracePeriodSeconds') === '0',
          policy: wish.propagationPolicy ?? query.get('propagationPolicy') ?? '',
        })
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
      throw notAllowed()
  }
}

function served(info: KindInfo, object: KubeObject): KubeObject {
  return { ...object, apiVersion: apiVersionOf(info), kind: info.kind }
}
