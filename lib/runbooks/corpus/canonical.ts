import { bindNames } from './placeholders'
import type { SentRequest } from './records'

/** A request in the form in which two are compared. */
export interface CanonicalRequest {
  method: string
  path: CanonicalPath
  /** Without what differs from call to call; ordered by name, repeated ones in their own order. */
  query: [name: string, value: string][]
  /** Of a PATCH only: it says what the body means. Of anything else it says only how it is written. */
  contentType?: string
  body?: unknown
}

export interface CanonicalPath {
  /** '' for the core group. Undefined when the path is none of an API group: then all of it is in `rest`. */
  group?: string
  version?: string
  namespace?: string
  resource?: string
  /** Name, subresource and whatever follows. */
  rest: string[]
}

/** Parameters that say who asks, how much at once and as of when, but not for what. */
const LEFT_OUT = new Set(['fieldManager', 'fieldValidation', 'limit', 'resourceVersion', 'timeoutSeconds'])
const BINARY = 'application/vnd.kubernetes.protobuf'

/** Whether a request only asks what the API server has: kubectl sends those or not depending on its cache. */
export function isDiscovery({ method, path }: SentRequest): boolean {
  return method === 'GET' && /^\/(api(\/[^/]+)?|apis(\/[^/]+){0,2}|openapi(\/.*)?)\/?$/.test(path)
}

/** Brings a request into the form in which it is compared. */
export function canonical(request: SentRequest): CanonicalRequest {
  const method = request.method.toUpperCase()
  const type = request.contentType?.split(';')[0]?.trim()
  const readable = request.body !== undefined && request.body !== '' && type !== BINARY
  return {
    method,
    path: canonicalPath(request.path),
    query: canonicalQuery(request.query ?? ''),
    ...(method === 'PATCH' && type ? { contentType: type } : {}),
    ...(readable ? { body: canonicalBody(request.body ?? '') } : {}),
  }
}

function canonicalPath(path: string): CanonicalPath {
  const words = path.split('/').filter(Boolean).map(decoded).map(bindNames)
  const [root, ...others] = words
  if (root !== 'api' && root !== 'apis') return { rest: words }
  const group = root === 'api' ? '' : (others.shift() ?? '')
  const version = others.shift() ?? ''
  // `/namespaces/x` is the namespace itself, `/namespaces/x/pods` something in it.
  const inside =
    others[0] === 'namespaces' && others.length > 2 && !['finalize', 'status'].includes(others[2] ?? '')
  const namespace = inside ? others.splice(0, 2)[1] : undefined
  const [resource, ...rest] = others
  return {
    group,
    version,
    ...(namespace === undefined ? {} : { namespace }),
    ...(resource === undefined ? {} : { resource }),
    rest,
  }
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word)
  } catch {
    return word
  }
}

function canonicalQuery(query: string): [string, string][] {
  const all = Array.from(new URLSearchParams(query), ([name, value]): [string, string] => [
    name,
    bindNames(value),
  ])
  // A watch is asked for with a random time-out, so that not all of them end at once.
  const watches = all.some(([name, value]) => name === 'watch' && value === 'true')
  return all
    .filter(([name]) => !LEFT_OUT.has(name) && !(watches && name === 'timeout'))
    .map(([name, value]): [string, string] =>
      name === 'fieldSelector' ? [name, value.split(',').sort().join(',')] : [name, value],
    )
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

function canonicalBody(body: string): unknown {
  try {
    return canonicalValue(JSON.parse(body))
  } catch {
    return bindNames(body)
  }
}

function canonicalValue(value: unknown): unknown {
  if (typeof value === 'string') return bindNames(value)
  if (Array.isArray(value)) return value.map(canonicalValue)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    if (key === 'resourceVersion' || (key === 'creationTimestamp' && inner === null)) return []
    return [[bindNames(key), /restartedAt$/i.test(key) ? 'a time' : canonicalValue(inner)]]
  })
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}
