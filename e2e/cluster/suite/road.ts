/** The road from a client to the API server, which can be cut and mended: what a network does between them. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Road {
  /** Address of this end, for a kubeconfig. */
  server: string
  /** Ends every connection and lets no new one through. */
  cut(): void
  mend(): void
  close(): void
}

/** Lays a road to `server` (https://HOST:PORT) from a free port of this host. */
export async function roadTo(server: string): Promise<Road> {
  const { hostname, port } = new URL(server)
  const open = new Set<Socket>()
  let passable = true
  const gate = createServer((near) => {
    if (!passable) return near.destroy()
    const far = connect({ host: hostname, port: Number(port) })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    passable = false
    for (const socket of open) socket.destroy()
  }
  return {
    server: `https://127.0.0.1:${(gate.address() as AddressInfo).port}`,
    cut,
    mend() {
      passable = true
    },
    close() {
      cut()
      gate.close()
    },
  }
}
