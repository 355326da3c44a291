import type { IncomingMessage, ServerResponse } from 'node:http'
import { type KindInfo, kindAt } from './kinds'

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

/** Whether the client asks for rows and columns, as kubectl does. */
export function wantsTable(request: IncomingMessage): boolean {
  return String(request.headers.accept ?? '').includes('as=Table')
}
