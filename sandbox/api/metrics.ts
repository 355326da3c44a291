import type { Manager } from '../controllers/manager'
import type { KubeObject } from '../types'
import { labelMatcher } from './selectors'
import { ApiError } from './status'

/** metrics.k8s.io/v1beta1, answered while metrics-server runs; undefined for other paths. */
export function metrics(
  manager: Manager,
  path: string,
  query: URLSearchParams,
  _table: boolean,
): object | undefined {
  const match =
    /^\/apis\/metrics\.k8s\.io\/v1beta1\/(?:namespaces\/([^/]+)\/)?(pods|nodes)(?:\/([^/]+))?$/.exec(path)
  if (!match) return undefined
  const [, namespace, what, name] = match
  const serving = manager.kubelet.instances().some((one) => one.container === 'metrics-server')
  if (!serving)
    throw new ApiError(503, 'ServiceUnavailable', 'the server is currently unable to handle the request')
  const timestamp = manager.store.timestamp()
  const items = what === 'pods' ? pods(manager, namespace, query, timestamp) : nodes(manager, timestamp)
  if (!name)
    return {
      kind: what === 'pods' ? 'PodMetricsList' : 'NodeMetricsList',
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: {},
      items,
    }
  const found = items.find((item) => item.metadata.name === name)
  if (!found)
    throw new ApiError(
      404,
      'NotFound',
      `${what}.metrics.k8s.io "${namespace ? `${namespace}/` : ''}${name}" not found`,
    )
  return {
    kind: what === 'pods' ? 'PodMetrics' : 'NodeMetrics',
    apiVersion: 'metrics.k8s.io/v1beta1',
    ...found,
  }
}

function usageText(usage: { cpuMillicores: number; memoryBytes: number }) {
  return {
    cpu: `${Math.round(usage.cpuMillicores * 1e6)}n`,
    memory: `${Math.round(usage.memoryBytes / 1024)}Ki`,
  }
}

function pods(manager: Manager, namespace: string | undefined, query: URLSearchParams, timestamp: string) {
  const labels = labelMatcher(query.get('labelSelector'))
  const byPod = new Map<string, { pod: KubeObject; containers: { name: string; usage: object }[] }>()
  for (const instance of manager.kubelet.instances()) {
    const { pod } = instance
    if ((namespace && pod.metadata.namespace !== namespace) || !labels(pod.metadata.labels ?? {})) continue
    const usage = manager.kubelet.runtime.usage(instance)
    if (!usage) continue
    const entry = byPod.get(pod.metadata.uid) ?? { pod, containers: [] }
    entry.containers.push({ name: instance.container, usage: usageText(usage) })
    byPod.set(pod.metadata.uid, entry)
  }
  return [...byPod.values()].map(({ pod, containers }) => ({
    metadata: {
      name: pod.metadata.name,
      namespace: pod.metadata.namespace,
      labels: pod.metadata.labels,
      creationTimestamp: timestamp,
    },
    timestamp,
    window: '15s',
    containers,
  }))
}

function nodes(manager: Manager, timestamp: string) {
  return manager.store.list('Node').map((node) => {
    let cpuMillicores = 180
    let memoryBytes = 2 * 2 ** 30
    for (const instance of manager.kubelet.instances()) {
      if (instance.pod.spec.nodeName !== node.metadata.name) continue
      const usage = manager.kubelet.runtime.usage(instance)
      cpuMillicores += usage?.cpuMillicores ?? 0
      memoryBytes += usage?.memoryBytes ?? 0
    }
    return {
      metadata: { name: node.metadata.name as string, creationTimestamp: timestamp },
      timestamp,
      window: '15s',
      usage: usageText({ cpuMillicores, memoryBytes }),
    }
  })
}
