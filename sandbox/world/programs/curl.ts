import type { ExecOutcome } from '../../types'
import { failed, type Process, type Scene } from '../scene'

/** curl inside a pod: to localhost, to a Service by its cluster name, or to a host outside (which does not resolve). */
export async function curl(argv: string[], scene: Scene, self: Process): Promise<ExecOutcome> {
  let method = ''
  let url = ''
  let include = false
  let body = ''
  const headers: Record<string, string> = {}
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (word === '-X' || word === '--request') method = argv[++i] ?? 'GET'
    else if (word === '-H' || word === '--header') {
      const [key = '', ...rest] = (argv[++i] ?? '').split(':')
      headers[key.toLowerCase()] = rest.join(':').trim()
    } else if (word === '-d' || word === '--data') body = argv[++i] ?? ''
    else if (['-m', '--max-time', '-o', '-w'].includes(word)) i++
    else if (word === '-i' || word === '--include') include = true
    else if (!word.startsWith('-')) url = word
  }
  let parsed: URL
  try {
    parsed = new URL(/^https?:/.test(url) ? url : `http://${url}`)
  } catch {
    return failed('curl: (3) URL using bad/illegal format or missing URL\n', 3)
  }
  const port = Number(parsed.port || 80)
  const request = {
    method: method || (body ? 'POST' : 'GET'),
    path: `${parsed.pathname}${parsed.search}`,
    headers,
    body,
  }
  const found = locate(scene, self, parsed.hostname, port)
  if (found === 'unknown-host') return failed(`curl: (6) Could not resolve host: ${parsed.hostname}\n`, 6)
  const answer = found ? await found.process.http(found.port, request) : 'refused'
  if (answer === 'refused')
    return failed(
      `curl: (7) Failed to connect to ${parsed.hostname} port ${port} after 1 ms: Could not connect to server\n`,
      7,
    )
  const head = include ? `HTTP/1.1 ${answer.status}\r\n\r\n` : ''
  return { stdout: head + answer.body, stderr: '', exitCode: 0 }
}

function locate(
  scene: Scene,
  self: Process,
  host: string,
  port: number,
): { process: Process; port: number } | undefined | 'unknown-host' {
  if (host === 'localhost' || host === '127.0.0.1')
    return self.listens(port) ? { process: self, port } : undefined
  const [name = '', namespace = self.instance.pod.metadata.namespace] = host.split('.')
  const service = scene.cluster.get('Service', namespace, name)
  if (!service) return 'unknown-host'
  const endpoints = scene.cluster.get('Endpoints', namespace, name)
  const spec = service.spec.ports.find((one: { port: number }) => one.port === port)
  const subset = endpoints?.subsets?.[0]
  const address = subset?.addresses?.[0]
  const target = subset?.ports?.find((one: { name?: string }) => one.name === spec?.name)?.port
  if (!spec || !address || !target) return undefined
  const process = [...scene.processes.values()].find(
    (one) => one.instance.pod.metadata.uid === address.targetRef.uid,
  )
  return process?.listens(target) ? { process, port: target } : undefined
}
