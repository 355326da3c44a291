import 'server-only'
import http from 'node:http'
import https from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'
import { appError } from '../../core/errors'
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
}

const DEFAULT_LIMIT = 16 << 20

/** HTTP to one API server over kept-alive connections, with the credentials of a kubeconfig context. */
export class Transport {
  private count = 0
  private readonly agent: http.Agent
  private readonly base: URL

  constructor(
    readonly config: KubeConfig,
    private readonly signal?: AbortSignal,
  ) {
    const server = config.getCurrentCluster()?.server ?? 'http://localhost'
    this.base = new URL(server)
    const options = { keepAlive: true, maxSockets: 64, scheduling: 'lifo' as const }
    this.agent = this.base.protocol === 'http:' ? new http.Agent(options) : new https.Agent(options)
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
    this.count += 1
    const start = performance.now()
    try {
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
        Object.entries(call.query ?? {}).flatMap(([key, value]) =>
          value === undefined ? [] : [[key, value]],
        ),
      )
      const path = `${this.base.pathname.replace(/\/$/, '')}${call.path}${query.size > 0 ? `${call.path.includes('?') ? '&' : '?'}${query}` : ''}`
      const timeout = AbortSignal.timeout(call.timeoutMs ?? 10_000)
      const signal = this.signal ? AbortSignal.any([timeout, this.signal]) : timeout
      const answer = await this.exchange(
        { ...options, agent: this.agent, method: call.method, path, signal },
        call,
      )
      return ok({ ...answer, ms: performance.now() - start })
    } catch (cause) {
      return err(fromFailure(cause, this.server, call.what))
    }
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
    const { request } = this.base.protocol === 'http:' ? http : https
    return new Promise((resolve, reject) => {
      const sent = request(
        { ...options, host: this.base.hostname, port: this.base.port || undefined },
        (response) => {
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
        },
      )
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
