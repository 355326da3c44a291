/** The kubelet's two commonest probes, sent over the pod network. */
import { request } from 'node:http'
import { connect } from 'node:net'

export interface Probe {
  httpGet?: { path?: string; port: number | string }
  tcpSocket?: { port: number | string }
  periodSeconds?: number
  timeoutSeconds?: number
  failureThreshold?: number
  successThreshold?: number
  initialDelaySeconds?: number
}

/** What failed, in the kubelet's words; undefined when the probe succeeds. */
export function probe(
  ip: string,
  one: Probe,
  ports: { name?: string; containerPort: number }[],
): Promise<string | undefined> {
  const limit = (one.timeoutSeconds ?? 1) * 1000
  const number = (port: number | string) =>
    typeof port === 'number' ? port : (ports.find((known) => known.name === port)?.containerPort ?? 0)
  if (one.httpGet) {
    const url = `http://${ip}:${number(one.httpGet.port)}${one.httpGet.path ?? '/'}`
    return new Promise((resolve) => {
      const sent = request(
        url,
        { timeout: limit, headers: { 'user-agent': 'kube-probe/1.36' } },
        (answer) => {
          answer.resume()
          const status = answer.statusCode ?? 0
          resolve(status >= 200 && status < 400 ? undefined : `HTTP probe failed with statuscode: ${status}`)
        },
      )
      sent.on('timeout', () =>
        sent.destroy(new Error('context deadline exceeded (Client.Timeout exceeded while awaiting headers)')),
      )
      sent.on('error', (cause: Error & { code?: string }) =>
        resolve(
          `Get "${url}": ${cause.code === 'ECONNREFUSED' ? `dial tcp ${url.split('/')[2]}: connect: connection refused` : cause.message}`,
        ),
      )
      sent.end()
    })
  }
  if (one.tcpSocket) {
    const port = number(one.tcpSocket.port)
    return new Promise((resolve) => {
      const socket = connect({ host: ip, port, timeout: limit }, () => {
        socket.destroy()
        resolve(undefined)
      })
      socket.on('timeout', () => socket.destroy(new Error('i/o timeout')))
      socket.on('error', (cause: Error & { code?: string }) =>
        resolve(
          `dial tcp ${ip}:${port}: ${cause.code === 'ECONNREFUSED' ? 'connect: connection refused' : cause.message}`,
        ),
      )
    })
  }
  return Promise.resolve(undefined)
}
