import 'server-only'
import { Duplex, PassThrough, Writable } from 'node:stream'
import { PortForward } from '@kubernetes/client-node'
import { fromFailure } from './errors'
import type { Transport } from './transport'

/**
 * A byte stream to a port of a pod through the API server, with what clients written for a TCP socket expect of one.
 * `connect` is emitted once the API server has accepted; a port where nothing listens, or a lost right, is an `error`.
 * Ends when either side closes; `destroy` closes it at once.
 */
export class PodSocket extends Duplex {
  private readonly input = new PassThrough()
  private remote: { close(): void } | undefined

  constructor(transport: Transport, pod: { namespace: string; name: string; port: number }) {
    super()
    const what = `reaching ${pod.name}:${pod.port}`
    const write = (take: (chunk: Buffer) => void) =>
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          take(chunk)
          done()
        },
      })
    const output = write((chunk) => this.push(chunk))
    const errors = write((chunk) => {
      // The error channel opens with an empty message.
      if (chunk.length > 0) this.destroy(new Error(`${what} failed: ${chunk.toString('utf8').slice(0, 200)}`))
    })
    transport.counted()
    new PortForward(transport.config, true, transport.webSockets)
      .portForward(pod.namespace, pod.name, [pod.port], output, errors, this.input)
      .then(
        (forward) => {
          const socket = typeof forward === 'function' ? forward() : forward
          if (!socket) return this.destroy(new Error(`${what} failed`))
          this.remote = socket
          socket.onclose = () => this.push(null)
          if (this.destroyed) socket.close()
          else this.emit('connect')
        },
        (cause: unknown) =>
          this.destroy(
            new Error(
              fromFailure((cause as { error?: unknown }).error ?? cause, transport.server, what).message,
            ),
          ),
      )
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.input.write(chunk)
    done()
  }

  override _final(done: () => void): void {
    this.remote?.close()
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.remote?.close()
    this.input.destroy()
    done(error)
  }

  /** As on a net.Socket: this stream never keeps the process alive longer than its WebSocket does. */
  unref(): this {
    return this
  }
}
