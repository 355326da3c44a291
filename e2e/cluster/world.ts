/** The whole test cluster: control plane, nodes, the reference's namespaces and workloads, real programs behind them. */
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manifests } from '@/sandbox/world/manifests'
import { declareStages, node } from './control-plane/kwok-resources'
import { type ControlPlane, startControlPlane } from './control-plane/start'
import { type Json, type KubeApi, until } from './kube-api'
import { NodeAgent } from './node/agent'
import { CONTROL_PLANE_IP, startNetwork } from './node/network'
import { ServiceProxy } from './node/service-proxy'
import { partsOf } from './parts'
import { seedKafka } from './parts/kafka'
import { seedRedis } from './parts/redis'

export interface TestCluster {
  controlPlane: ControlPlane
  api: KubeApi
  agent: NodeAgent
  folder: string
  /** Runs what `kubectl exec` would, for the harness itself; the pod by the start of its name. */
  exec(namespace: string, pod: string, argv: string[], stdin?: string): Promise<string>
  /** Waits until every workload of the reference is ready. */
  settled(limitMs?: number): Promise<void>
  /** Fills Redis and Kafka with what the practice cluster holds too. Once, when everything is ready. */
  seed(): Promise<void>
  stop(): Promise<void>
}

const NODES = ['node-a', 'node-b', 'node-c']
const COLLECTIONS: Record<string, string> = {
  ConfigMap: 'configmaps',
  Secret: 'secrets',
  Service: 'services',
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  PodDisruptionBudget: 'poddisruptionbudgets',
  HorizontalPodAutoscaler: 'horizontalpodautoscalers',
  Ingress: 'ingresses',
}

/** Where a collection of objects is served. */
export function collection(object: Json): string {
  const root = object.apiVersion === 'v1' ? '/api/v1' : `/apis/${object.apiVersion}`
  if (object.kind === 'Namespace') return `${root}/namespaces`
  return `${root}/namespaces/${object.metadata.namespace}/${COLLECTIONS[object.kind]}`
}

/** Starts all of it. The programs and jars must have been made before: nothing is fetched here. */
export async function startTestCluster(options: {
  programs: Record<string, string>
  kafkaClassPath: string
}): Promise<TestCluster> {
  await startNetwork()
  const folder = mkdtempSync(join(tmpdir(), 'crashcart-cluster-'))
  // Programs that run as another user than root pass through it to their own folders.
  chmodSync(folder, 0o711)
  mkdirSync(join(folder, 'volumes'))
  const kubeletFolder = join(folder, 'kubelet')
  mkdirSync(kubeletFolder)
  const controlPlane = await startControlPlane({
    programs: options.programs,
    folder,
    podsFolder: kubeletFolder,
  })
  const { api } = controlPlane
  await declareStages(api)
  for (const name of NODES) await api.create('/api/v1/nodes', node(name))
  controlPlane.startNodes()
  controlPlane.startMetricsServer()
  await api.create('/apis/apiregistration.k8s.io/v1/apiservices', metricsApi())
  await metricsServiceAt(api)
  await metricsRights(api)

  const proxy = new ServiceProxy(api, folder)
  const secrets = {
    jwt: randomBytes(32).toString('base64url'),
    password: randomBytes(18).toString('base64url'),
    replication: randomBytes(18).toString('base64url'),
  }
  const partFor = partsOf({ ...secrets, kafkaClassPath: options.kafkaClassPath, api })
  const agent = new NodeAgent(
    {
      api,
      folder,
      kubeletFolder,
      hostIp: CONTROL_PLANE_IP,
      kubeconfig: controlPlane.kubeconfigFile('node'),
      partFor,
      hostsFile: (namespace) => proxy.hostsFile(namespace),
      named: (...name) => proxy.nameOfPod(...name),
    },
    NODES,
  )
  await applyReference(api, secrets)

  const exec: TestCluster['exec'] = (namespace, start, argv, stdin) =>
    agent.pod(namespace, start).exec(argv, stdin)
  return {
    controlPlane,
    api,
    agent,
    folder,
    exec,
    async seed() {
      await seedRedis((argv) => exec('storage', 'redis-0', argv))
      await seedKafka((argv, stdin) => exec('messaging', 'kafka-0', argv, stdin))
    },
    settled: (limitMs = 180_000) => settled(api, limitMs),
    async stop() {
      await agent.stop()
      proxy.stop()
      await controlPlane.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Creates what the practice cluster has too, from the same manifests; nodes and what is no workload apart. */
async function applyReference(api: KubeApi, secrets: { jwt: string; password: string }): Promise<void> {
  for (const object of manifests(Date.now(), secrets)) {
    if (object.kind === 'Node' || object.kind === 'Pod') continue
    // Runs as a process of the control plane here, and the name is its Service's.
    if (object.metadata.name === 'metrics-server') continue
    const { creationTimestamp: _made, ...metadata } = object.metadata
    const { status: _status, ...rest } = object
    if (object.kind === 'PersistentVolumeClaim')
      await api.create('/api/v1/persistentvolumes', volumeFor(object))
    await api.create(collection(object), { ...rest, metadata })
  }
}

/** The volume that a claim names. */
function volumeFor(claim: Json): Json {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: claim.spec.volumeName },
    spec: {
      capacity: claim.spec.resources.requests,
      accessModes: claim.spec.accessModes,
      storageClassName: claim.spec.storageClassName,
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path: `/volumes/${claim.metadata.name}` },
    },
  }
}

/** The aggregator of this test has no client certificate, so metrics-server takes everybody for anonymous. */
async function metricsRights(api: KubeApi): Promise<void> {
  const root = '/apis/rbac.authorization.k8s.io/v1'
  const name = 'crashcart-test-metrics'
  await api.create(`${root}/clusterroles`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name },
    rules: [{ apiGroups: ['metrics.k8s.io'], resources: ['pods', 'nodes'], verbs: ['get', 'list'] }],
  })
  await api.create(`${root}/clusterrolebindings`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'system:anonymous' }],
  })
}

async function settled(api: KubeApi, limitMs: number): Promise<void> {
  await until(
    async () => {
      const missing: string[] = []
      for (const plural of ['deployments', 'statefulsets', 'daemonsets'])
        for (const one of (await api.get(`/apis/apps/v1/${plural}`)).items) {
          const wanted = one.spec.replicas ?? one.status.desiredNumberScheduled
          const ready = one.status.readyReplicas ?? one.status.numberReady ?? 0
          const updated = one.status.updatedReplicas ?? one.status.updatedNumberScheduled ?? 0
          if (
            ready !== wanted ||
            updated !== wanted ||
            (one.status.replicas ?? wanted) !== wanted ||
            one.status.observedGeneration !== one.metadata.generation
          )
            missing.push(`${one.metadata.namespace}/${one.metadata.name} ${ready}/${wanted}`)
        }
      if (missing.length > 0) throw new Error(missing.join(', '))
      return true
    },
    'every workload is ready',
    limitMs,
    500,
  )
}

function metricsApi(): Json {
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.metrics.k8s.io' },
    spec: {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { namespace: 'kube-system', name: 'metrics-server', port: 443 },
    },
  }
}

/** A Service without a selector, whose only endpoint is the process of the control plane. */
async function metricsServiceAt(api: KubeApi): Promise<void> {
  await api.create('/api/v1/namespaces/kube-system/services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'metrics-server', namespace: 'kube-system' },
    spec: { ports: [{ name: 'https', port: 443, targetPort: 4443 }] },
  })
  await api.create('/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'metrics-server-1',
      namespace: 'kube-system',
      labels: { 'kubernetes.io/service-name': 'metrics-server' },
    },
    addressType: 'IPv4',
    ports: [{ name: 'https', port: 4443, protocol: 'TCP' }],
    endpoints: [{ addresses: [CONTROL_PLANE_IP], conditions: { ready: true } }],
  })
}
