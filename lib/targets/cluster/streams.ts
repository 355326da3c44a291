import 'server-only'
import { PassThrough, Readable, Writable } from 'node:stream'
import { Exec, PortForward, type V1Status } from '@kubernetes/client-node'
import { appError } from '../../core/errors'
import { err, ok, type Result } from '../../core/result'
import type { ExecAnswer, ExecRequest, HttpAnswer } from '../types'
import { fromFailure } from './errors'
import { leadsAstray, type Transport } from './transport'

const EXEC_LIMIT = 2 << 20

/** Keeps the first bytes of a stream and counts the rest. */
class Kept extends Writable {
  private readonly chunks: Buffer[] = []
  private size = 0
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (this.size < EXEC_LIMIT) this.chunks.push(chunk.subarray(0, EXEC_LIMIT - this.size))
    this.size += chunk.length
    done()
  }
  get text(): string {
    return Buffer.concat(this.chunks).toString('utf8')
  }
  get truncatedBytes(): number {
    return Math.max(0, this.size - EXEC_LIMIT)
  }
}

/** Runs an argv in a container over one WebSocket. */
export async function execIn(
  transport: Transport,
  request: ExecRequest,
  signal?: AbortSignal,
): Promise<Result<ExecAnswer>> {
  if (leadsAstray(`/${request.namespace}/${request.pod}`))
    return err(appError('invalid_input', `running in ${request.pod}: a name cannot be . or ..`))
  const start = performance.now()
  const stdout = new Kept()
  const stderr = new Kept()
  const what = `running ${request.argv[0]} in ${request.pod}`
  transport.counted()
  const limit = request.timeoutMs ?? 10_000
  let close = () => {}
  try {
    const status = await new Promise<V1Status>((resolve, reject) => {
      const timer = setTimeout(() => reject(Object.assign(new Error(what), { name: 'TimeoutError' })), limit)
      const stop = () => reject(Object.assign(new Error(what), { name: 'AbortError' }))
      signal?.addEventListener('abort', stop, { once: true })
      close = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', stop)
      }
      const stdin = request.stdin === undefined ? null : Readable.from([Buffer.from(request.stdin)])
      new Exec(transport.config, transport.webSockets)
        .exec(
          request.namespace,
          request.pod,
          request.container ?? '',
          request.argv,
          stdout,
          stderr,
          stdin,
          false,
          resolve,
        )
        .then((socket) => {
          const before = close
          close = () => {
            before()
            socket.close()
          }
          socket.onclose = () => reject(Object.assign(new Error(what), { code: 'ECONNRESET' }))
        }, reject)
    })
    const exitCode =
      status.status === 'Success'
        ? 0
        : Number(status.details?.causes?.find((one) => one.reason === 'ExitCode')?.message ?? Number.NaN)
    if (Number.isNaN(exitCode))
      return err(
        appError(
          'target_unavailable',
          `${what} failed: ${status.message ?? 'the container did not start it'}`,
        ),
      )
    return ok({
      stdout: stdout.text,
      stderr: stderr.text,
      exitCode,
      truncatedBytes: stdout.truncatedBytes + stderr.truncatedBytes,
      ms: performance.now() - start,
    })
  } catch (cause) {
    return err(refusal(cause, transport, request, what))
  } finally {
    close()
  }
}

function refusal(cause: unknown, transport: Transport, request: ExecRequest, what: string) {
  // The WebSocket library reports a refused upgrade as an ErrorEvent with the HTTP code in its message.
  const message = String((cause as { message?: string }).message ?? '')
  const code = /Unexpected server response: (\d+)/.exec(message)?.[1]
  if (code === '403')
    return appError(
      'forbidden',
      `exec into ${request.pod} in ${request.namespace} is not allowed for this account`,
      { hint: 'It needs the right to create pods/exec there.' },
    )
  if (code === '404')
    return appError('not_found', `pod ${request.pod} does not exist in ${request.namespace}`)
  return fromFailure((cause as { error?: unknown }).error ?? cause, transport.server, what)
}

/**
 * One HTTP GET through port-forward, for requests that carry an Authorization header of their own: the
 * API server takes that header from requests that it proxies.
 */
export async function getByPortForward(
  transport: Transport,
  pod: { namespace: string; name: string; port: number },
  request: { path: string; headers?: Record<string, string>; timeoutMs?: number },
): Promise<Result<HttpAnswer>> {
  const start = performance.now()
  const output = new Kept()
  const errors = new Kept()
  const input = new PassThrough()
  const what = `reaching ${pod.name}:${pod.port}`
  transport.counted()
  let socket: { close(): void } | null | undefined
  try {
    const forward = await new PortForward(transport.config, true, transport.webSockets).portForward(
      pod.namespace,
      pod.name,
      [pod.port],
      output,
      errors,
      input,
    )
    socket = typeof forward === 'function' ? forward() : forward
    const lines = Object.entries({ ...request.headers, host: 'localhost', connection: 'close' }).map(
      ([key, value]) => `${key}: ${value.replace(/[\r\n]/g, '')}\r\n`,
    )
    input.write(`GET ${encodeURI(request.path)} HTTP/1.1\r\n${lines.join('')}\r\n`)
    const end = Date.now() + (request.timeoutMs ?? 5_000)
    while (Date.now() < end) {
      const answer = parseAnswer(output.text)
      if (answer)
        return ok({ ...answer, truncatedBytes: output.truncatedBytes, ms: performance.now() - start })
      if (errors.text)
        return err(appError('target_unavailable', `${what} failed: ${errors.text.slice(0, 200)}`))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    return err(appError('timeout', `${what} took too long and was given up`))
  } catch (cause) {
    return err(fromFailure((cause as { error?: unknown }).error ?? cause, transport.server, what))
  } finally {
    socket?.close()
    input.destroy()
  }
}

function parseAnswer(
  text: string,
): { status: number; headers: Record<string, string>; body: string } | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  )
  const body = text.slice(end + 4)
  if (Buffer.byteLength(body) < Number(headers['content-length'] ?? 0)) return undefined
  return { status: Number(first.split(' ')[1]), headers, body }
}
