/** One request to the API server. */
export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  /** Percent-encoded, keys in order of the alphabet, as client-go writes them. */
  query?: string
  contentType?: string
  body?: string
}

/** What kubectl would send, or why that cannot be said. */
export type Requests = { requests: ApiRequest[] } | { manual: string }

/**
 * What stands where a request depends on the answer to an earlier one: a list holds one object of this name and UID,
 * with one container and one label. Nothing else is known before a cluster is asked.
 */
export const STAND_IN = { name: 'item1', uid: 'u1', container: 'c', labels: { app: 'x' } } as const

const MERGE = 'application/merge-patch+json'
const STRATEGIC = 'application/strategic-merge-patch+json'
const JSON_PATCH = 'application/json-patch+json'

export const PATCH_TYPE: Record<string, string> = { strategic: STRATEGIC, merge: MERGE, json: JSON_PATCH }

/** A query as Go's url.Values.Encode writes it; undefined values are left out. */
export function queryOf(
  values: Record<string, string | readonly string[] | undefined>,
): { query: string } | undefined {
  const pairs: string[] = []
  for (const key of Object.keys(values).sort()) {
    const value = values[key]
    if (typeof value === 'string') pairs.push(`${encoded(key)}=${encoded(value)}`)
    else if (value) for (const one of value) pairs.push(`${encoded(key)}=${encoded(one)}`)
  }
  return pairs.length > 0 ? { query: pairs.join('&') } : undefined
}

/** Characters that stand for themselves in a query and in a path; most words have no others. */
const UNRESERVED = /^[\w.~-]*$/

function encoded(text: string): string {
  if (UNRESERVED.test(text)) return text
  return encodeURIComponent(wellFormed(text))
    .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

/** Path of a type, in a namespace where it lives in one; `name` and subresource where given. */
export function pathOf(
  type: { group: string; version: string; plural: string; namespaced: boolean },
  namespace: string | undefined,
  name?: string,
  subresource?: string,
): string {
  const root = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`
  const place = type.namespaced && namespace !== undefined ? `/namespaces/${segment(namespace)}` : ''
  let path = `${root}${place}/${segment(type.plural)}`
  if (name !== undefined) path += `/${segment(name)}`
  if (subresource !== undefined) path += `/${segment(subresource)}`
  return path
}

/** Half of a surrogate pair, which no name can hold, becomes the sign for what cannot be read. */
function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD')
}

/** Part of a path. */
function segment(part: string): string {
  return UNRESERVED.test(part) ? part : encodeURIComponent(wellFormed(part)).replaceAll('%3A', ':')
}

/** A GET. */
export function get(path: string, values: Parameters<typeof queryOf>[0] = {}): ApiRequest {
  return { method: 'GET', path, ...queryOf(values) }
}

/** A request with a JSON body. */
export function send(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body: unknown,
  contentType = 'application/json',
): ApiRequest {
  return { method, path, contentType, body: typeof body === 'string' ? body : JSON.stringify(body) }
}
