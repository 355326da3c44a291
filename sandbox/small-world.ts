/** A world of one echoing service, for tests of the Kubernetes side alone. */
import type { ClusterHandle, ContainerInstance, LogLine, PodRuntime, World } from './types'

export function createSmallWorld(): World {
  const lines: LogLine[] = [{ at: Date.now(), text: 'INFO started' }]
  const down = new Map<ContainerInstance['pod'], boolean>()
  const runtime: PodRuntime = {
    start: (instance) =>
      instance.pod.spec.containers[0].image.endsWith(':missing')
        ? { pullError: 'not found', exited: new Promise(() => {}) }
        : { exited: new Promise(() => {}) },
    stop: async () => {},
    exec: async (_instance, argv, stdin) =>
      argv[0] === 'false'
        ? { stdout: '', stderr: 'failed\n', exitCode: 3 }
        : { stdout: `${argv.join(' ')}${stdin ? ` < ${stdin}` : ''}\n`, stderr: '', exitCode: 0 },
    http: async (_instance, _port, request) => ({
      status: 200,
      body: JSON.stringify({
        path: request.path,
        method: request.method,
        authorization: request.headers.authorization ?? null,
      }),
    }),
    listens: (instance, port) => port === 8080 && !down.get(instance.pod),
    logs: () => lines,
    follow: (_instance, line) => {
      const timer = setInterval(() => line({ at: Date.now(), text: 'INFO tick' }), 50)
      return () => clearInterval(timer)
    },
    usage: () => ({ cpuMillicores: 120, memoryBytes: 200 * 2 ** 20 }),
  }
  const start = async (cluster: ClusterHandle) => {
    for (const name of ['default', 'demo', 'kube-system'])
      cluster.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, creationTimestamp: '2026-01-01T00:00:00Z' },
      })
    for (const name of ['node-a', 'node-b'])
      cluster.apply({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, creationTimestamp: '2026-01-01T00:00:00Z' },
        spec: {},
        status: {
          capacity: { cpu: '8', memory: '32Gi' },
          allocatable: { cpu: '8', memory: '32Gi' },
          conditions: [{ type: 'Ready', status: 'True' }],
          nodeInfo: { kubeletVersion: 'v1.36.3' },
          addresses: [{ type: 'InternalIP', address: '192.0.2.10' }],
        },
      })
    const workload = (namespace: string, name: string, replicas: number, container: string) =>
      cluster.apply({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace, labels: { app: name }, creationTimestamp: '2026-01-01T00:00:00Z' },
        spec: {
          replicas,
          selector: { matchLabels: { app: name } },
          template: {
            metadata: { labels: { app: name } },
            spec: {
              containers: [
                {
                  name: container,
                  image: 'demo/echo:1',
                  ports: [{ name: 'http', containerPort: 8080 }],
                  resources: {
                    requests: { cpu: '250m', memory: '128Mi' },
                    limits: { cpu: '500m', memory: '256Mi' },
                  },
                  readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
                },
              ],
            },
          },
        },
      })
    workload('demo', 'echo', 3, 'echo')
    workload('kube-system', 'metrics-server', 1, 'metrics-server')
    cluster.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'echo', namespace: 'demo', creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: {
        type: 'ClusterIP',
        clusterIP: '10.96.0.20',
        selector: { app: 'echo' },
        ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
      },
    })
    cluster.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'demo', creationTimestamp: '2026-01-01T00:00:00Z' },
      data: { mode: 'calm' },
    })
    cluster.apply({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'echo', namespace: 'demo', creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { minAvailable: 3, selector: { matchLabels: { app: 'echo' } } },
    })
  }
  return {
    runtime,
    start,
    faults: [],
    active: () => false,
    inject: async () => {},
    clear: async () => {},
    reset: async () => {},
    stop: async () => {},
  }
}
