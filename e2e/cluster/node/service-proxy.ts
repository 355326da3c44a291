/** What kube-proxy and the cluster's DNS do: service addresses lead to ready pods, names to service addresses. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import type { Json, KubeApi } from '../kube-api'

interface Listening {
  server: Server
  backends: { ip: string; port: number }[]
}

export class ServiceProxy {
  private readonly services = new Map<string, Json>()
  private readonly slices = new Map<string, Json>()
  private readonly statefulPods = new Map<
    string,
    { name: string; namespace: string; service: string; ip: string }
  >()
  private readonly listening = new Map<string, Listening>()
  private readonly hostsFolder: string
  private readonly namespaces = new Set<string>()
  private readonly stops: (() => void)[] = []

  constructor(api: KubeApi, folder: string) {
    this.hostsFolder = join(folder, 'hosts')
    mkdirSync(this.hostsFolder, { recursive: true })
    const keep = (into: Map<string, Json>) => ({
      list: (items: Json[]) => {
        into.clear()
        for (const item of items) into.set(keyOf(item), item)
        this.refresh()
      },
      change: (type: string, item: Json) => {
        if (type === 'DELETED') into.delete(keyOf(item))
        else into.set(keyOf(item), item)
        this.refresh()
      },
    })
    this.stops.push(api.follow('/api/v1/services', keep(this.services)))
    this.stops.push(api.follow('/apis/discovery.k8s.io/v1/endpointslices', keep(this.slices)))
  }

  /** The file that a pod of the namespace sees as /etc/hosts; kept up to date in place. */
  hostsFile(namespace: string): string {
    this.namespaces.add(namespace)
    const file = join(this.hostsFolder, namespace)
    writeFileSync(file, this.hosts(namespace))
    return file
  }

  /** A stateful pod's own name, `kafka-0.kafka.messaging`; without an address it is taken away. */
  nameOfPod(namespace: string, name: string, service: string, ip: string | undefined): void {
    const key = `${namespace}/${name}`
    if (ip) this.statefulPods.set(key, { namespace, name, service, ip })
    else this.statefulPods.delete(key)
    this.writeHosts()
  }

  stop(): void {
    for (const stop of this.stops) stop()
    for (const { server } of this.listening.values()) server.close()
  }

  private hosts(namespace: string): string {
    const lines = ['127.0.0.1 localhost']
    const line = (ip: string, name: string, space: string) =>
      lines.push(
        `${ip} ${name}.${space} ${name}.${space}.svc ${name}.${space}.svc.cluster.local${space === namespace ? ` ${name}` : ''}`,
      )
    for (const one of this.services.values())
      if (/^\d/.test(one.spec.clusterIP ?? ''))
        line(one.spec.clusterIP, one.metadata.name, one.metadata.namespace)
    for (const pod of this.statefulPods.values()) line(pod.ip, `${pod.name}.${pod.service}`, pod.namespace)
    return `${lines.join('\n')}\n`
  }

  private writeHosts(): void {
    // In place: a pod has this very file mounted.
    for (const namespace of this.namespaces)
      writeFileSync(join(this.hostsFolder, namespace), this.hosts(namespace))
  }

  private refresh(): void {
    const wanted = new Map<string, { ip: string; port: number }[]>()
    for (const service of this.services.values()) {
      const { name, namespace } = service.metadata
      if (!/^\d/.test(service.spec.clusterIP ?? '') || (name === 'kubernetes' && namespace === 'default'))
        continue
      for (const port of service.spec.ports ?? []) {
        const backends: { ip: string; port: number }[] = []
        for (const slice of this.slices.values()) {
          if (
            slice.metadata.namespace !== namespace ||
            slice.metadata.labels?.['kubernetes.io/service-name'] !== name
          )
            continue
          const target = (slice.ports ?? []).find((one: Json) => (one.name ?? '') === (port.name ?? ''))
          if (!target) continue
          for (const endpoint of slice.endpoints ?? [])
            if (endpoint.conditions?.ready)
              for (const ip of endpoint.addresses) backends.push({ ip, port: target.port })
        }
        if (backends.length > 0) wanted.set(`${service.spec.clusterIP}:${port.port}`, backends)
      }
    }
    for (const [address, one] of this.listening) {
      const backends = wanted.get(address)
      if (backends) one.backends = backends
      else {
        // Nothing behind it: connections are refused, as by kube-proxy.
        one.server.close()
        this.listening.delete(address)
      }
    }
    for (const [address, backends] of wanted) if (!this.listening.has(address)) this.listen(address, backends)
    this.writeHosts()
  }

  private listen(address: string, backends: { ip: string; port: number }[]): void {
    const [host = '', port = ''] = address.split(':')
    const one: Listening = { backends, server: undefined as unknown as Server }
    one.server = createServer((client) => {
      const target = one.backends[Math.floor(Math.random() * one.backends.length)]
      if (!target) {
        client.destroy()
        return
      }
      const upstream = connect(target.port, target.ip)
      client.on('error', () => upstream.destroy())
      upstream.on('error', () => client.destroy())
      client.pipe(upstream)
      upstream.pipe(client)
    })
    one.server.on('error', () => this.listening.delete(address))
    one.server.listen(Number(port), host)
    this.listening.set(address, one)
  }
}

function keyOf(object: Json): string {
  return `${object.metadata.namespace}/${object.metadata.name}`
}
