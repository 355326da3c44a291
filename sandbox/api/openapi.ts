import type { IncomingMessage, ServerResponse } from 'node:http'
import { apiVersionOf, KINDS, type KindInfo } from './kinds'
import { encodeField as f } from './protobuf'

/**
 * OpenAPI v3, just enough for kubectl to see that the server validates fields itself (parameter
 * `fieldValidation` of PATCH), in JSON or in gnostic's protobuf form (openapiv3/OpenAPIv3.proto).
 */
export function serveOpenApi(path: string, request: IncomingMessage, response: ServerResponse): boolean {
  if (path === '/openapi/v3') {
    const groups = [...new Set(KINDS.map((info) => (info.group ? `apis/${apiVersionOf(info)}` : 'api/v1')))]
    send(
      response,
      'application/json',
      JSON.stringify({
        paths: Object.fromEntries(
          groups.map((group) => [group, { serverRelativeURL: `/openapi/v3/${group}?hash=1` }]),
        ),
      }),
    )
    return true
  }
  const group = /^\/openapi\/v3\/(?:apis|api)\/(.+)$/.exec(path)?.[1]
  const infos = KINDS.filter((info) => apiVersionOf(info) === group)
  if (infos.length === 0) return false
  if (String(request.headers.accept).includes('protobuf'))
    send(response, 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf', protobuf(infos))
  else send(response, 'application/json', JSON.stringify(json(infos)))
  return true
}

function send(response: ServerResponse, type: string, body: string | Buffer): void {
  response.writeHead(200, { 'content-type': type })
  response.end(body)
}

function pathOf(info: KindInfo): string {
  const base = info.group ? `/apis/${apiVersionOf(info)}` : '/api/v1'
  return info.namespaced
    ? `${base}/namespaces/{namespace}/${info.plural}/{name}`
    : `${base}/${info.plural}/{name}`
}

function json(infos: KindInfo[]) {
  const paths = Object.fromEntries(
    infos.map((info) => [
      pathOf(info),
      {
        patch: {
          parameters: [{ name: 'fieldValidation', in: 'query', schema: { type: 'string' } }],
          'x-kubernetes-group-version-kind': { group: info.group, version: info.version, kind: info.kind },
        },
      },
    ]),
  )
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.36.3' },
    paths,
    components: { schemas: {} },
  }
}

function protobuf(infos: KindInfo[]): Buffer {
  const paths = infos.map((info) => {
    const parameter = f(6, [f(1, [f(1, 'fieldValidation'), f(2, 'query')])])
    const gvk = f(13, [
      f(1, 'x-kubernetes-group-version-kind'),
      f(2, [f(2, `group: "${info.group}"\nkind: ${info.kind}\nversion: ${info.version}\n`)]),
    ])
    return f(1, [f(1, pathOf(info)), f(2, [f(10, [parameter, gvk])])])
  })
  return Buffer.concat([f(1, '3.0.0'), f(2, [f(1, 'Kubernetes')]), f(4, paths)])
}
