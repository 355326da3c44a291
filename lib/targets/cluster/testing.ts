import 'server-only'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** What stands between Crashcart and the API server, and can fail. */
export interface Between {
  url: string
  lists: number
  watches: number
  openWatches: Set<http.ServerResponse>
  /** What happens to a watch that is asked for now. */
  onWatch: 'pass' | 'refuse' | 'forbid' | 'swallow'
  away: boolean
  /** The API server behind it. */
  target: string
  /** Runs when the server has answered a whole list and before Crashcart gets the answer. */
  afterList?: () => void
  cut(): void
  stop(): Promise<void>
}

/** Starts it in front of a practice cluster. */
export async function standBetween(target: string): Promise<Between> {
  const server = http.createServer((request, response) => {
    const { searchParams, pathname } = new URL(request.url ?? '/', target)
    const watch = searchParams.get('watch') === 'true'
    const list = pathname === '/api/v1/pods' && !watch && searchParams.get('limit') !== '1'
    if (list) self.lists += 1
    if (watch) self.watches += 1
    if (self.away || (watch && self.onWatch === 'refuse')) return void request.socket.destroy()
    if (watch && self.onWatch === 'forbid') {
      response.writeHead(403, { 'content-type': 'application/json' })
      return void response.end(
        JSON.stringify({ kind: 'Status', reason: 'Forbidden', message: 'no watch', code: 403 }),
      )
    }
    const { onWatch } = self
    const passed = http.request(
      `${self.target}${request.url}`,
      { method: request.method ?? 'GET', headers: request.headers },
      (answer) => {
        const head = () => response.writeHead(answer.statusCode ?? 500, answer.headers)
        if (watch) {
          self.openWatches.add(response)
          response.on('close', () => {
            self.openWatches.delete(response)
            passed.destroy()
          })
          head().flushHeaders()
          answer.on(
            'data',
            (chunk) => onWatch === 'pass' && self.onWatch !== 'swallow' && response.write(chunk),
          )
          answer.on('end', () => response.end())
          answer.on('error', () => response.destroy())
          return
        }
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          if (list) self.afterList?.()
          head().end(Buffer.concat(chunks))
        })
      },
    )
    passed.on('error', () => response.destroy())
    request.pipe(passed)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const self: Between = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lists: 0,
    watches: 0,
    openWatches: new Set(),
    onWatch: 'pass',
    away: false,
    target,
    cut() {
      for (const watch of self.openWatches) watch.destroy()
    },
    stop() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return self
}
