import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Kubelet } from '../controllers/kubelet'
import type { KubeObject, LogLine, ProgramHttpResponse } from '../types'
import { kindInfo } from './kinds'
import { ApiError, badRequest, invalidBy, notFound } from './status'
import type { Store } from './store'

/** Which container a request means; the API server's words when it cannot tell. */
export function containerOf(pod: KubeObject, wanted: string | null): string {
  const names: string[] = pod.spec.containers.map((one: { name: string }) => one.name)
  if (wanted) {
    if (!names.includes(wanted))
      throw badRequest(`container ${wanted} is not valid for pod ${pod.metadata.name}`)
    return wanted
  }
  if (names.length > 1)
    throw badRequest(
      `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`,
    )
  return names[0] as string
}

export function podOf(store: Store, namespace: string, name: string): KubeObject {
  const pod = store.get('Pod', namespace, name)
  if (!pod) throw notFound(kindInfo('Pod'), name)
  return pod
}

function render(line: LogLine, timestamps: boolean): string {
  return timestamps
    ? `${new Date(line.at).toISOString().replace('Z', '000000Z')} ${line.text}\n`
    : `${line.text}\n`
}

/** GET pods/NAME/log. */
export function serveLog(
  kubelet: Kubelet,
  pod: KubeObject,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const tail = query.get('tailLines')
  if (Number(tail) < 0)
    throw invalidBy({ kind: 'PodLogOptions', group: '' }, pod.metadata.name, [
      {
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${tail}: must be greater than or equal to 0`,
        field: 'tailLines',
      },
    ])
  const container = containerOf(pod, query.get('container'))
  const previous = query.get('previous') === 'true'
  const status = (pod.status?.containerStatuses ?? []).find((one: { name: string }) => one.name === container)
  if (previous && !(status?.restartCount > 0)) {
    throw badRequest(`previous terminated container "${container}" in pod "${pod.metadata.name}" not found\n`)
  }
  const waiting = status?.state?.waiting
  if (!previous && (!status || (waiting && waiting.reason !== 'CrashLoopBackOff'))) {
    const why =
      waiting?.reason === 'ImagePullBackOff' || waiting?.reason === 'ErrImagePull'
        ? 'trying and failing to pull image'
        : (waiting?.reason ?? 'ContainerCreating')
    throw badRequest(`container "${container}" in pod "${pod.metadata.name}" is waiting to start: ${why}`)
  }
  const instance = kubelet.instanceOf(pod, container)
  const timestamps = query.get('timestamps') === 'true'
  let lines = kubelet.runtime.logs(instance, previous)
  const sinceSeconds = Number(query.get('sinceSeconds') ?? Number.NaN)
  const sinceTime = query.get('sinceTime')
  const after = Number.isFinite(sinceSeconds)
    ? kubelet.now() - sinceSeconds * 1000
    : sinceTime
      ? Date.parse(sinceTime)
      : 0
  if (after) lines = lines.filter((line) => line.at >= after)
  if (tail !== null) lines = Number(tail) === 0 ? [] : lines.slice(-Number(tail))
  let body = lines.map((line) => render(line, timestamps)).join('')
  const limit = Number(query.get('limitBytes') ?? Number.NaN)
  if (Number.isFinite(limit)) body = Buffer.from(body).subarray(0, limit).toString()
  response.writeHead(200, { 'content-type': 'text/plain' })
  if (query.get('follow') !== 'true') {
    response.end(body)
    return
  }
  response.write(body)
  const stop = kubelet.runtime.follow(instance, (line) => response.write(render(line, timestamps)))
  response.on('close', stop)
}

/** `name` or `name:port` or `scheme:name:port` of a proxy path. */
function proxyTarget(text: string): { name: string; port: string } {
  const parts = text.split(':')
  if (parts.length === 3) return { name: parts[1] ?? '', port: parts[2] ?? '' }
  return { name: parts[0] ?? '', port: parts[1] ?? '' }
}

/** The whole body of a request, at most 3 MiB as in the API server. */
export async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > 3 << 20)
      throw new ApiError(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

/** The body as text. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  return (await bytesOf(request)).toString('utf8')
}

function answerProxied(
  response: ServerResponse,
  answer: ProgramHttpResponse | 'refused',
  where: string,
): void {
  if (answer === 'refused') {
    throw new ApiError(
      503,
      'ServiceUnavailable',
      `error trying to reach service: dial tcp ${where}: connect: connection refused`,
    )
  }
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
  response.end(answer.body)
}

/** pods/NAME:PORT/proxy/… and services/NAME:PORT/proxy/…: the API server dials the pod itself. */
export async function serveProxy(
  store: Store,
  kubelet: Kubelet,
  target: { plural: 'pods' | 'services'; namespace: string; name: string; path: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { name, port } = proxyTarget(target.name)
  // The API server has used the Authorization header up for itself (WithAuthentication filter).
  const { authorization: _used, host: _host, ...headers } = request.headers
  const forwarded = {
    method: request.method ?? 'GET',
    path: target.path,
    headers: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, String(value)])),
    body: await bodyOf(request),
  }
  if (target.plural === 'pods') {
    const pod = podOf(store, target.namespace, name)
    const where = `${pod.status?.podIP ?? '<none>'}:${port || 80}`
    answerProxied(response, await kubelet.http(pod, Number(port) || 80, forwarded), where)
    return
  }
  const service = store.get('Service', target.namespace, name)
  if (!service) throw notFound(kindInfo('Service'), name)
  const ports: { name?: string; port: number }[] = service.spec.ports ?? []
  const wanted =
    ports.find((one) => one.name === port || String(one.port) === port) ?? (port ? undefined : ports[0])
  if (!wanted) throw new ApiError(503, 'ServiceUnavailable', `no endpoints available for service "${name}"`)
  const endpoint = kubelet.endpointFor(target.namespace, name, wanted.port)
  if (!endpoint)
    throw new ApiError(503, 'ServiceUnavailable', `no endpoints available for service "${target.name}"`)
  answerProxied(
    response,
    await kubelet.http(endpoint.pod, endpoint.port, forwarded),
    `${endpoint.pod.status?.podIP}:${endpoint.port}`,
  )
}
