import 'server-only'
import type { V1Probe } from '@kubernetes/client-node'

/** A probe in a line: what it asks, then its times and thresholds. */
export function probeText(probe: V1Probe): string {
  const { initialDelaySeconds, timeoutSeconds, periodSeconds, successThreshold, failureThreshold } = probe
  const times =
    `delay=${initialDelaySeconds ?? 0}s timeout=${timeoutSeconds ?? 0}s period=${periodSeconds ?? 0}s ` +
    `#success=${successThreshold ?? 0} #failure=${failureThreshold ?? 0}`
  return `${whatItAsks(probe)} ${times}`
}

function whatItAsks({ exec, httpGet, tcpSocket, grpc }: V1Probe): string {
  if (exec) return `exec [${(exec.command ?? []).join(' ')}]`
  if (httpGet) {
    const scheme = (httpGet.scheme ?? '').toLowerCase()
    const host = httpGet.host ?? ''
    const port = httpGet.port ?? 0
    const at = port === '' ? host : `${/[:%]/.test(host) ? `[${host}]` : host}:${port}`
    const path = httpGet.path ?? ''
    const slash = path !== '' && !path.startsWith('/') && at !== '' ? '/' : ''
    return `http-get ${scheme ? `${scheme}:` : ''}//${at}${slash}${escapedPath(path)}`
  }
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port ?? 0}`
  if (grpc) return `grpc <pod>:${grpc.port} ${grpc.service ?? ''}`
  return 'unknown'
}

/** A path as Go's net/url writes it: letters, digits and $&+,/:;=@-_.~ stand for themselves. */
function escapedPath(path: string): string {
  if (path === '*') return path
  return Array.from(Buffer.from(path), (octet) => {
    const char = String.fromCharCode(octet)
    return /[\w$&+,/:;=@.~-]/.test(char) ? char : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}
