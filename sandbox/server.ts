import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { stringify } from 'yaml'
import { resourcePath, sendJson } from './api/paths'
import { podOf } from './api/pods'
import { serve } from './api/rest'
import { ApiError } from './api/status'
import { serveExec, servePortForward, sockets } from './api/streams'
import { Manager } from './controllers/manager'
import type { RunningSandbox, World } from './types'

const TOKEN = 'practice'

/**
 * Starts the practice cluster on 127.0.0.1.
 * @param options.port 0 or absent takes a free port
 * @param options.world what runs in the cluster
 */
export async function startSandbox(options: { port?: number; world: World }): Promise<RunningSandbox> {
  const { world } = options
  const manager = new Manager(world.runtime)
  let served = 0
  const server = createServer((request, response) => {
    if (fromWebPage(request))
      return sendJson(response, 403, { error: 'Calls from web pages are not taken here.' })
    if (request.url?.startsWith('/sandbox/')) {
      void control(world, request, response)
      return
    }
    served += 1
    guarded(response, () => {
      authenticate(request)
      return serve(manager, request, response)
    })
  })
  server.on('upgrade', (request, socket, head) => {
    if (fromWebPage(request)) return void socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
    served += 1
    upgrade(manager, request, socket, head)
  })
  server.keepAliveTimeout = 60_000
  await world.start(manager.handle())
  manager.settle()
  manager.start()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    port,
    kubeconfig: kubeconfig(url),
    world,
    requests: () => served,
    stop: async () => {
      manager.stop()
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await world.stop()
    },
  }
}

function kubeconfig(url: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'practice',
    clusters: [{ name: 'practice', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'practice', user: { token: TOKEN } }],
    contexts: [
      { name: 'practice', context: { cluster: 'practice', user: 'practice', namespace: 'default' } },
    ],
  })
}

/**
 * Any page open in a browser on this machine can send requests and WebSockets here. Those carry an Origin, or, when
 * the page's own name was made to point here (DNS rebinding), that name as Host; kubectl and Crashcart send neither.
 */
function fromWebPage({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site']
  return (
    headers.origin !== undefined ||
    (site !== undefined && site !== 'none') ||
    !/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(headers.host ?? '')
  )
}

function authenticate(request: IncomingMessage): void {
  // kubectl sends no token over plain HTTP; a wrong one is still refused, as an API server would.
  const { authorization } = request.headers
  if (authorization && authorization !== `Bearer ${TOKEN}`)
    throw new ApiError(401, 'Unauthorized', 'Unauthorized')
}

function guarded(response: ServerResponse, work: () => Promise<void>): void {
  const refuse = (cause: unknown) => {
    const error =
      cause instanceof ApiError
        ? cause
        : new ApiError(
            500,
            'InternalError',
            `Internal error occurred: ${cause instanceof Error ? cause.message : String(cause)}`,
          )
    if (response.headersSent) response.end()
    else sendJson(response, error.code, error.body())
  }
  try {
    work().catch(refuse)
  } catch (cause) {
    refuse(cause)
  }
}

function upgrade(manager: Manager, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const url = new URL(request.url ?? '/', 'http://practice')
  try {
    authenticate(request)
    const target = resourcePath(url.pathname)
    if (
      !target?.name ||
      !target.namespace ||
      target.info.kind !== 'Pod' ||
      !['exec', 'portforward'].includes(target.subresource ?? '')
    ) {
      throw new ApiError(404, 'NotFound', 'the server could not find the requested resource')
    }
    const pod = podOf(manager.store, target.namespace, target.name)
    sockets.handleUpgrade(request, socket, head, (client) => {
      if (target.subresource === 'exec') serveExec(manager.kubelet, pod, url.searchParams, client)
      else servePortForward(manager.kubelet, pod, url.searchParams, client)
    })
  } catch (cause) {
    const error = cause instanceof ApiError ? cause : new ApiError(500, 'InternalError', String(cause))
    const body = JSON.stringify(error.body())
    socket.end(
      `HTTP/1.1 ${error.code} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    )
  }
}

/** /sandbox/*: faults and reset. */
async function control(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://practice')
  const method = request.method ?? 'GET'
  try {
    if (pathname === '/sandbox/faults' && method === 'GET') {
      return sendJson(response, 200, {
        faults: world.faults.map((fault) => ({ ...fault, active: world.active(fault.name) })),
      })
    }
    if (pathname === '/sandbox/reset' && method === 'POST') {
      await world.reset()
      return sendJson(response, 200, { ok: true })
    }
    const name = /^\/sandbox\/faults\/([a-z0-9-]+)$/.exec(pathname)?.[1]
    if (name && !world.faults.some((fault) => fault.name === name))
      return sendJson(response, 404, { error: `There is no fault named ${name}.` })
    if (name && method === 'POST') await world.inject(name, { settle: searchParams.get('settle') !== 'no' })
    else if (name && method === 'DELETE') await world.clear(name)
    else
      return sendJson(response, 404, {
        error: 'Known here: GET /sandbox/faults, POST and DELETE /sandbox/faults/NAME, POST /sandbox/reset.',
      })
    sendJson(response, 200, { name, active: world.active(name) })
  } catch (cause) {
    sendJson(response, 500, { error: cause instanceof Error ? cause.message : String(cause) })
  }
}
