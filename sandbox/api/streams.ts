import { type WebSocket, WebSocketServer } from 'ws'
import type { Kubelet } from '../controllers/kubelet'
import type { KubeObject } from '../types'
import { containerOf } from './pods'

/** remotecommand sub-protocols (k8s.io/apimachinery/pkg/util/remotecommand); v5 adds closing of stdin. */
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io']
const STDIN = 0
const STDOUT = 1
const STDERR = 2
const ERROR = 3
const CLOSE = 255
/** How long a program waits for its standard input to end before it runs with what came. */
const STDIN_WAIT_MS = 150

export const sockets = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) =>
    PROTOCOLS.find((one) => offered.has(one)) ??
    [...offered].find((one) => one.includes('portforward')) ??
    false,
})

function send(socket: WebSocket, channel: number, data: string | Buffer): void {
  if (socket.readyState !== socket.OPEN) return
  socket.send(Buffer.concat([Buffer.from([channel]), typeof data === 'string' ? Buffer.from(data) : data]))
}

/** exec over one WebSocket: channels for stdin, stdout, stderr and the closing status. */
export function serveExec(
  kubelet: Kubelet,
  pod: KubeObject,
  query: URLSearchParams,
  socket: WebSocket,
): void {
  const argv = query.getAll('command')
  const input: Buffer[] = []
  let ran = false
  const run = async () => {
    if (ran) return
    ran = true
    try {
      const container = containerOf(pod, query.get('container'))
      const outcome = await kubelet.exec(pod, container, argv, Buffer.concat(input).toString('utf8'))
      if (outcome.stdout) send(socket, STDOUT, outcome.stdout)
      if (outcome.stderr) send(socket, query.get('tty') === 'true' ? STDOUT : STDERR, outcome.stderr)
      send(socket, ERROR, JSON.stringify(exitStatus(outcome.exitCode)))
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause)
      send(
        socket,
        ERROR,
        JSON.stringify({ metadata: {}, status: 'Failure', reason: 'InternalError', message, code: 500 }),
      )
    }
    socket.close(1000)
  }
  const wantsInput = query.get('stdin') === 'true'
  const timer = wantsInput ? setTimeout(run, STDIN_WAIT_MS) : undefined
  socket.on('message', (data: Buffer) => {
    if (data[0] === STDIN) {
      input.push(data.subarray(1))
      timer?.refresh()
    } else if (data[0] === CLOSE && data[1] === STDIN) {
      clearTimeout(timer)
      void run()
    }
  })
  socket.on('close', () => clearTimeout(timer))
  socket.on('error', () => socket.terminate())
  if (!wantsInput) void run()
}

function exitStatus(exitCode: number) {
  if (exitCode === 0) return { metadata: {}, status: 'Success' }
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: error executing command, exit code ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  }
}

/**
 * port-forward in the WebSocket form of @kubernetes/client-node: channel 2n carries data of the nth port,
 * 2n+1 its errors; the first message on each is the port number. Programs understand HTTP/1.1 with one
 * request per connection, or a protocol of their own.
 */
export function servePortForward(
  kubelet: Kubelet,
  pod: KubeObject,
  query: URLSearchParams,
  socket: WebSocket,
): void {
  const ports = query
    .getAll('ports')
    .flatMap((one) => one.split(','))
    .map(Number)
  const buffers = ports.map(() => Buffer.alloc(0))
  ports.forEach((port, index) => {
    const number = Buffer.from([port & 255, port >> 8])
    send(socket, index * 2, number)
    send(socket, index * 2 + 1, number)
  })
  const connections = ports.map((port, index) => {
    const connection = kubelet.connect(pod, port)
    if (connection === 'refused') {
      send(socket, index * 2 + 1, `error forwarding port ${port} to pod: connection refused`)
      socket.close(1000)
    }
    return connection
  })
  socket.on('message', async (data: Buffer) => {
    const channel = data[0] ?? 0
    const index = channel >> 1
    const port = ports[index]
    if (channel % 2 !== 0 || port === undefined) return
    const connection = connections[index]
    if (typeof connection === 'function') {
      try {
        const answer = connection(data.subarray(1))
        if (answer.length > 0) send(socket, channel, answer)
      } catch (cause) {
        // As a broker does with what it does not understand: the connection ends.
        send(socket, channel + 1, cause instanceof Error ? cause.message : String(cause))
        socket.close(1000)
      }
      return
    }
    const buffer = Buffer.concat([buffers[index] ?? Buffer.alloc(0), data.subarray(1)])
    buffers[index] = buffer
    const request = parseHttp(buffer)
    if (!request) return
    buffers[index] = Buffer.alloc(0)
    const answer = await kubelet.http(pod, port, request)
    if (answer === 'refused')
      send(socket, channel + 1, `error forwarding port ${port} to pod: connection refused`)
    else {
      const body = Buffer.from(answer.body)
      const headers = {
        'content-type': 'application/json',
        ...answer.headers,
        'content-length': String(body.length),
        connection: 'close',
      }
      const head = Object.entries(headers)
        .map(([key, value]) => `${key}: ${value}\r\n`)
        .join('')
      send(
        socket,
        channel,
        Buffer.concat([Buffer.from(`HTTP/1.1 ${answer.status} Answer\r\n${head}\r\n`), body]),
      )
    }
    socket.close(1000)
  })
  socket.on('error', () => socket.terminate())
}

function parseHttp(
  buffer: Buffer,
): { method: string; path: string; headers: Record<string, string>; body: string } | undefined {
  const end = buffer.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [first = '', ...lines] = buffer.subarray(0, end).toString('latin1').split('\r\n')
  const [method = 'GET', path = '/'] = first.split(' ')
  const headers = Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':')
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
    }),
  )
  const length = Number(headers['content-length'] ?? 0)
  const body = buffer.subarray(end + 4)
  if (body.length < length) return undefined
  return { method, path, headers, body: body.subarray(0, length).toString('utf8') }
}
