import 'server-only'
import http from 'node:http'
import https from 'node:https'
import { createSecureContext, type SecureContext } from 'node:tls'
import { isDeepStrictEqual } from 'node:util'
import type { KubeConfig } from '@kubernetes/client-node'
import { WebSocketHandler } from '@kubernetes/client-node/dist/web-socket-handler.js'
import WebSocket, { type ClientOptions } from 'ws'
import { type AppError, appError } from '../../core/errors'
import { err, ok, type Result } from '../../core/result'
import { fromFailure, fromStatus } from './errors'

export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
  truncatedBytes: number
  ms: number
}

export interface Call {
  method: string
  path: string
  /** Names the call in error sentences: "reading pods in storage". */
  what: string
  query?: Record<string, string | undefined>
  headers?: Record<string, string>
  body?: string
  /** Default 10,000 ms. */
  timeoutMs?: number
  /** Bytes of the answer that are kept; the rest is counted and dropped. Default 16 MiB. */
  limitBytes?: number
  /** Gives the call up. */
  signal?: AbortSignal
}

const DEFAULT_LIMIT = 16 << 20

type Credentials = Pick<ClientOptions, 'ca' | 'cert' | 'key' | 'passphrase'>

function any(first: AbortSignal, second: AbortSignal | undefined): AbortSignal {
  return second ? AbortSignal.any([first, second]) : first
}

/** HTTP to one API server over kept-alive connections, with the credentials of a kubeconfig context. */
export class Transport {
  private count = 0
  private readonly agent: http.Agent
  private readonly base: URL
  /** Connections that become WebSockets: a new one each, since what is sent there is sent once. */
  private readonly upgrades = new https.Agent({ keepAlive: false })
  private trusted: { of: Credentials; context: SecureContext } | undefined
  /** Opens WebSockets to the same server. Its certificates are read once, and TLS sessions are taken up again. */
  readonly webSockets: WebSocketHandler

  constructor(readonly config: KubeConfig) {
    const server = config.getCurrentCluster()?.server ?? 'http://localhost'
    this.base = new URL(server)
    const options = { keepAlive: true, maxSockets: 64, scheduling: 'lifo' as const }
    this.agent = this.base.protocol === 'http:' ? new http.Agent(options) : new https.Agent(options)
    this.webSockets = new WebSocketHandler(config, (uri, protocols, given) =>
      this.openSocket(uri, protocols, given as ClientOptions),
    )
  }

  private openSocket(uri: string, protocols: string[], given: ClientOptions): WebSocket {
    if (leadsAstray(uri.replace(/^\w+:\/\/[^/]*/, ''))) throw new Error('The path leads to another object.')
    const proxied = this.config.getCurrentCluster()?.proxyUrl !== undefined
    if (proxied || this.base.protocol === 'http:') return new WebSocket(uri, protocols, given)
    const options = { ...given, agent: this.upgrades, secureContext: this.contextOf(given) }
    return new WebSocket(uri, protocols, options)
  }

  /** What the server's certificate is held against, and what is shown to it; made anew when the kubeconfig's credentials are. */
  private contextOf({ ca, cert, key, passphrase }: ClientOptions): SecureContext {
    const of = { ca, cert, key, passphrase }
    if (!this.trusted || !isDeepStrictEqual(this.trusted.of, of))
      this.trusted = { of, context: createSecureContext(of) }
    return this.trusted.context
  }

  /** Requests sent so far, WebSockets included. */
  requests(): number {
    return this.count
  }

  /** Counts a request that another client (exec, port-forward) sends. */
  counted(): void {
    this.count += 1
  }

  get server(): string {
    return this.base.host
  }

  /** Sends one request. Any HTTP answer is a value; only a failed connection is an error. */
  async send(call: Call): Promise<Result<Answer>> {
    const astray = whyAstray(call)
    if (astray) return err(astray)
    this.count += 1
    const start = performance.now()
    try {
      const timeout = AbortSignal.timeout(call.timeoutMs ?? 10_000)
      const answer = await this.exchange(
        { ...(await this.optionsOf(call)), signal: any(timeout, call.signal) },
        call,
      )
      return ok({ ...answer, ms: performance.now() - start })
    } catch (cause) {
      return err(fromFailure(cause, this.server, call.what))
    }
  }

  /**
   * Opens an answer that has no end of its own, such as a watch: an HTTP answer below 400, as soon as its head is
   * there. `signal` ends it at any time. The connection does not keep the process alive.
   */
  async open(call: Call & { signal: AbortSignal }): Promise<Result<http.IncomingMessage>> {
    const astray = whyAstray(call)
    if (astray) return err(astray)
    this.count += 1
    const late = new AbortController()
    const timer = setTimeout(
      () => late.abort(new DOMException(call.what, 'TimeoutError')),
      call.timeoutMs ?? 10_000,
    )
    const signal = any(late.signal, call.signal)
    try {
      const options = { ...(await this.optionsOf(call)), signal }
      const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
        const sent = this.request(options, resolve)
        // Errors after the head reach whoever reads the answer; this one only settles what waits for the head.
        sent.on('error', (cause) => reject(signal.aborted ? signal.reason : cause))
        sent.end()
      })
      if ((response.statusCode ?? 0) >= 400) {
        let body = ''
        for await (const chunk of response) if (body.length < 65_536) body += String(chunk)
        return err(fromStatus(response.statusCode ?? 0, body, call.what))
      }
      // Whoever reads it learns of an error by reading; one in between must not end the process.
      response.on('error', () => {})
      // A peer that is gone without a word is noticed by the kernel.
      response.socket.setKeepAlive(true, 15_000)
      response.socket.unref()
      return ok(response)
    } catch (cause) {
      return err(fromFailure(cause, this.server, call.what))
    } finally {
      clearTimeout(timer)
    }
  }

  /** What Node's HTTP client needs for a call: address, credentials, headers. */
  private async optionsOf(call: Call): Promise<https.RequestOptions> {
    const options: https.RequestOptions = {
      headers: {
        accept: 'application/json',
        'user-agent': 'crashcart',
        // Node announces no length by itself for DELETE, and then the body reads as the next request.
        ...(call.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(call.body)) }),
        ...call.headers,
      },
    }
    await this.config.applyToHTTPSOptions(options)
    const query = new URLSearchParams(
      Object.entries(call.query ?? {}).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    )
    const path = `${this.base.pathname.replace(/\/$/, '')}${call.path}${query.size > 0 ? `${call.path.includes('?') ? '&' : '?'}${query}` : ''}`
    return { ...options, agent: this.agent, method: call.method, path }
  }

  private request(
    options: https.RequestOptions,
    answered: (response: http.IncomingMessage) => void,
  ): http.ClientRequest {
    const { request } = this.base.protocol === 'http:' ? http : https
    return request({ ...options, host: this.base.hostname, port: this.base.port || undefined }, answered)
  }

  /** Sends one request and takes any answer of 400 and above as an error. */
  async json<T>(call: Call): Promise<Result<T>> {
    const answer = await this.send(call)
    if (!answer.ok) return answer
    if (answer.value.status >= 400) return err(fromStatus(answer.value.status, answer.value.body, call.what))
    if (answer.value.truncatedBytes > 0)
      return err(
        appError(
          'internal',
          `${call.what}: the answer is larger than ${(call.limitBytes ?? DEFAULT_LIMIT) >> 20} MiB`,
        ),
      )
    try {
      return ok(JSON.parse(answer.value.body) as T)
    } catch {
      return err(
        appError(
          'target_unavailable',
          `${call.what}: the answer is not JSON; is ${this.server} a Kubernetes API server?`,
        ),
      )
    }
  }

  private exchange(options: https.RequestOptions, call: Call): Promise<Omit<Answer, 'ms'>> {
    const limit = call.limitBytes ?? DEFAULT_LIMIT
    return new Promise((resolve, reject) => {
      const sent = this.request(options, (response) => {
        const chunks: Buffer[] = []
        let size = 0
        response.on('data', (chunk: Buffer) => {
          const room = limit - size
          if (room > 0) chunks.push(chunk.subarray(0, room))
          size += chunk.length
        })
        response.on('error', reject)
        response.on('end', () => {
          const headers = Object.fromEntries(
            Object.entries(response.headers).map(([key, value]) => [key, String(value)]),
          )
          resolve({
            status: response.statusCode ?? 0,
            headers,
            body: Buffer.concat(chunks).toString('utf8'),
            truncatedBytes: Math.max(0, size - limit),
          })
        })
      })
      // An abort carries its reason: a time-out and a cancellation are told apart by it.
      sent.on('error', (cause) =>
        reject(
          (cause as Error).name === 'AbortError' && options.signal?.aborted ? options.signal.reason : cause,
        ),
      )
      sent.end(call.body)
    })
  }
}

/**
 * Whether a path names another object than its parts say: `..` walks up, and servers take an encoded slash for one.
 * Source: apimachinery, path.IsValidPathSegmentName. What stands behind a proxy is for that server to read.
 */
export function leadsAstray(path: string): boolean {
  const parts = (path.split('?')[0] ?? '').split('/')
  const proxy = parts.indexOf('proxy')
  return (
    parts.some((part) => /^(?:\.|%2e){1,2}$/i.test(part)) ||
    (proxy < 0 ? parts : parts.slice(0, proxy)).some((part) => /%2f|%25/i.test(part))
  )
}

function whyAstray({ path, what }: Call): AppError | undefined {
  return leadsAstray(path)
    ? appError('invalid_input', `${what}: a name cannot be . or .., nor hold / or %`)
    : undefined
}
