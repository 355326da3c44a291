import type { KubeObject } from '../types'

const DAY = 86_400_000

/** ConfigMap backend-api-config when all is well; see docs/practice-cluster.md. */
export const HEALTHY_CONFIG: Record<string, string> = {
  DB_HOST: 'postgresql',
  DB_PORT: '5432',
  DB_NAME: 'aic_production',
  DB_POOL_SIZE: '20',
  JWT_TTL_SECONDS: '3600',
  CORS_ALLOWED_ORIGINS: 'https://app.aicorp.com,https://admin.aicorp.com',
  CORS_ALLOW_CREDENTIALS: 'true',
  CACHE_TTL_SECONDS: '300',
  CIRCUIT_BREAKER_FAILURE_THRESHOLD: '5',
  CIRCUIT_BREAKER_RESET_SECONDS: '30',
  rateLimit:
    'enabled: true\nrequestsPerMinute: 600\nburst: 100\nwindowSeconds: 60\nkeyPrefix: "ratelimit:"\n',
}

interface WorkloadOptions {
  kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet'
  namespace: string
  name: string
  replicas?: number
  app?: string
  labels?: Record<string, string>
  container?: string
  image: string
  ports?: { name: string; containerPort: number }[]
  readiness?: object
  liveness?: object
  resources?: object
  envFrom?: object[]
  /** StatefulSets: pods do not wait for those before them. */
  parallel?: boolean
}

interface PortSpec {
  name: string
  port: number
  targetPort: number | string
}

/** All objects of the healthy practice cluster, aged by days before `now`. */
export function manifests(now: number, secrets: { jwt: string; password: string }): KubeObject[] {
  const ago = (days: number) => `${new Date(now - days * DAY).toISOString().slice(0, 19)}Z`
  const meta = (
    name: string,
    namespace: string | undefined,
    days: number,
    labels?: Record<string, string>,
  ) => ({
    name,
    ...(namespace ? { namespace } : {}),
    ...(labels ? { labels } : {}),
    creationTimestamp: ago(days),
  })
  const workload = (options: WorkloadOptions): KubeObject => {
    const { kind = 'Deployment', namespace, name, replicas = 1, app = name } = options
    const labels = { app, ...options.labels }
    const container = {
      name: options.container ?? app,
      image: options.image,
      ...(options.ports ? { ports: options.ports } : {}),
      ...(options.readiness ? { readinessProbe: options.readiness } : {}),
      ...(options.liveness ? { livenessProbe: options.liveness } : {}),
      ...(options.envFrom ? { envFrom: options.envFrom } : {}),
      resources: options.resources ?? {
        requests: { cpu: '100m', memory: '128Mi' },
        limits: { cpu: '500m', memory: '512Mi' },
      },
    }
    return {
      apiVersion: 'apps/v1',
      kind,
      metadata: meta(name, namespace, kind === 'Deployment' ? 5 : 23, labels),
      spec: {
        ...(kind === 'DaemonSet' ? {} : { replicas }),
        ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
        ...(options.parallel ? { podManagementPolicy: 'Parallel' } : {}),
        ...(kind === 'Deployment'
          ? {
              strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
              revisionHistoryLimit: 10,
            }
          : {}),
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    }
  }
  const service = (
    namespace: string,
    name: string,
    selector: Record<string, string>,
    ports: PortSpec[],
    ip: number,
  ): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta(name, namespace, 120),
    spec: {
      type: 'ClusterIP',
      clusterIP: `10.96.0.${ip}`,
      selector,
      ports: ports.map((port) => ({ ...port, protocol: 'TCP' })),
      sessionAffinity: 'None',
    },
  })
  const configMap = (
    namespace: string,
    name: string,
    days: number,
    data: Record<string, string>,
  ): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: meta(name, namespace, days),
    data,
  })
  const secret = (
    namespace: string,
    name: string,
    days: number,
    values: Record<string, string>,
  ): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: meta(name, namespace, days),
    data: Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    ),
  })
  const claim = (name: string, size: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: meta(name, 'storage', 210),
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'fast',
      volumeName: `pv-${name}`,
      resources: { requests: { storage: size } },
    },
    status: { phase: 'Bound', capacity: { storage: size } },
  })
  const tcp = (port: number) => ({ tcpSocket: { port }, periodSeconds: 5 })
  const http = (path: string, port: number | string) => ({
    httpGet: { path, port },
    periodSeconds: 5,
    failureThreshold: 2,
  })

  return [
    ...[
      'default',
      'kube-system',
      'backend-services',
      'storage',
      'messaging',
      'api-gateway',
      'observability',
      'ai-services',
      'cms',
    ].map((name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: meta(name, undefined, 240, { 'kubernetes.io/metadata.name': name }),
      status: { phase: 'Active' },
    })),
    ...['node-a', 'node-b', 'node-c'].map((name, index) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: meta(name, undefined, 240, { 'kubernetes.io/hostname': name }),
      spec: {},
      status: {
        capacity: { cpu: '8', memory: '32Gi', pods: '110' },
        allocatable: { cpu: '7800m', memory: '31Gi', pods: '110' },
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: 'KubeletReady',
            message: 'kubelet is posting ready status',
            lastTransitionTime: ago(30),
          },
        ],
        addresses: [{ type: 'InternalIP', address: `192.0.2.${11 + index}` }],
        nodeInfo: {
          kubeletVersion: 'v1.36.3',
          osImage: 'Practice Linux',
          architecture: 'amd64',
          operatingSystem: 'linux',
          containerRuntimeVersion: 'containerd://2.0',
          kernelVersion: '6.6',
          machineID: '',
          systemUUID: '',
          bootID: '',
          kubeProxyVersion: '',
        },
      },
    })),

    configMap('backend-services', 'backend-api-config', 12, { ...HEALTHY_CONFIG }),
    secret('backend-services', 'backend-db-secret', 12, {
      host: 'postgresql.storage',
      database: 'aic_production',
      username: 'backend',
      password: secrets.password,
    }),
    secret('backend-services', 'jwt-secret', 12, { secret: secrets.jwt }),
    workload({
      namespace: 'backend-services',
      name: 'backend-api',
      replicas: 3,
      image: 'registry.aicorp.com/backend-api:2.14.3',
      ports: [{ name: 'http', containerPort: 8080 }],
      readiness: http('/ready', 'http'),
      liveness: { ...http('/health/live', 'http'), initialDelaySeconds: 10 },
      resources: { requests: { cpu: '250m', memory: '512Mi' }, limits: { cpu: '1', memory: '1Gi' } },
      envFrom: [
        { configMapRef: { name: 'backend-api-config' } },
        { secretRef: { name: 'backend-db-secret' } },
      ],
    }),
    service(
      'backend-services',
      'backend-api',
      { app: 'backend-api' },
      [
        { name: 'http', port: 80, targetPort: 'http' },
        { name: 'http-alt', port: 8080, targetPort: 'http' },
      ],
      20,
    ),
    autoscaler(meta('backend-api', 'backend-services', 60)),
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: meta('backend-api', 'backend-services', 60),
      spec: { minAvailable: 2, selector: { matchLabels: { app: 'backend-api' } } },
    },
    completedPod(
      meta('backend-api-migrate-7x2kd', 'backend-services', 5, { 'job-name': 'backend-api-migrate' }),
      ago(5),
    ),

    ...(['primary', 'replica'] as const).map((role) =>
      workload({
        kind: 'StatefulSet',
        namespace: 'storage',
        name: `postgresql-${role}`,
        app: 'postgresql',
        labels: { role },
        container: 'postgresql',
        image: 'postgres:18',
        ports: [{ name: 'postgresql', containerPort: 5432 }],
        readiness: tcp(5432),
        resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '2', memory: '4Gi' } },
      }),
    ),
    service(
      'storage',
      'postgresql',
      { app: 'postgresql', role: 'primary' },
      [{ name: 'postgresql', port: 5432, targetPort: 'postgresql' }],
      30,
    ),
    service(
      'storage',
      'postgresql-replica',
      { app: 'postgresql', role: 'replica' },
      [{ name: 'postgresql', port: 5432, targetPort: 'postgresql' }],
      31,
    ),
    workload({
      kind: 'StatefulSet',
      namespace: 'storage',
      name: 'redis',
      image: 'redis:7.4',
      ports: [{ name: 'redis', containerPort: 6379 }],
      readiness: tcp(6379),
      resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '500m', memory: '768Mi' } },
    }),
    service('storage', 'redis', { app: 'redis' }, [{ name: 'redis', port: 6379, targetPort: 'redis' }], 32),
    claim('data-postgresql-primary-0', '200Gi'),
    claim('data-postgresql-replica-0', '200Gi'),
    claim('data-redis-0', '10Gi'),

    workload({
      kind: 'StatefulSet',
      namespace: 'messaging',
      name: 'kafka',
      replicas: 3,
      // As in Kafka's usual charts: with OrderedReady one hung broker would hold up the restart that cures it.
      parallel: true,
      image: 'apache/kafka:3.9.0',
      ports: [{ name: 'kafka', containerPort: 9092 }],
      readiness: tcp(9092),
      resources: { requests: { cpu: '250m', memory: '1Gi' }, limits: { cpu: '1', memory: '2Gi' } },
    }),
    service('messaging', 'kafka', { app: 'kafka' }, [{ name: 'kafka', port: 9092, targetPort: 'kafka' }], 40),

    workload({
      namespace: 'api-gateway',
      name: 'kong',
      replicas: 2,
      image: 'kong:3.8',
      ports: [
        { name: 'proxy', containerPort: 8000 },
        { name: 'admin', containerPort: 8001 },
      ],
      readiness: http('/status', 'admin'),
    }),
    service(
      'api-gateway',
      'kong-proxy',
      { app: 'kong' },
      [{ name: 'proxy', port: 80, targetPort: 'proxy' }],
      50,
    ),
    service(
      'api-gateway',
      'kong-admin',
      { app: 'kong' },
      [{ name: 'admin', port: 8001, targetPort: 'admin' }],
      51,
    ),
    configMap('api-gateway', 'kong-plugins', 40, {
      'plugins.yaml':
        'plugins:\n  - name: rate-limiting\n    config:\n      minute: 600\n      policy: redis\n  - name: cors\n    config:\n      origins:\n        - https://app.aicorp.com\n',
    }),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: meta('public-api', 'api-gateway', 120),
      spec: {
        ingressClassName: 'edge',
        rules: [
          {
            host: 'api.aicorp.com',
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: 'kong-proxy', port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    },

    workload({
      namespace: 'observability',
      name: 'prometheus',
      image: 'prom/prometheus:v3.1.0',
      ports: [{ name: 'web', containerPort: 9090 }],
      readiness: http('/-/ready', 'web'),
      resources: { requests: { cpu: '250m', memory: '1Gi' }, limits: { cpu: '1', memory: '3Gi' } },
    }),
    service(
      'observability',
      'prometheus',
      { app: 'prometheus' },
      [{ name: 'web', port: 9090, targetPort: 'web' }],
      60,
    ),
    workload({
      kind: 'DaemonSet',
      namespace: 'observability',
      name: 'fluentd',
      image: 'fluent/fluentd:v1.18',
      ports: [{ name: 'monitor', containerPort: 24220 }],
      readiness: tcp(24220),
    }),
    configMap('observability', 'fluentd-config', 40, {
      'fluent.conf':
        '<source>\n  @type tail\n  path /var/log/containers/*.log\n  tag kubernetes.*\n</source>\n<match kubernetes.**>\n  @type elasticsearch\n  host elasticsearch.observability\n</match>\n',
    }),

    workload({
      namespace: 'ai-services',
      name: 'inference-gateway',
      replicas: 2,
      image: 'registry.aicorp.com/inference-gateway:1.9.0',
      ports: [{ name: 'http', containerPort: 8080 }],
      readiness: http('/health', 'http'),
    }),
    service(
      'ai-services',
      'inference-gateway',
      { app: 'inference-gateway' },
      [{ name: 'http', port: 80, targetPort: 'http' }],
      70,
    ),
    workload({
      namespace: 'ai-services',
      name: 'embedding',
      image: 'registry.aicorp.com/embedding:1.4.2',
      ports: [{ name: 'http', containerPort: 8080 }],
      readiness: http('/health', 'http'),
    }),
    service(
      'ai-services',
      'embedding',
      { app: 'embedding' },
      [{ name: 'http', port: 80, targetPort: 'http' }],
      71,
    ),
    workload({
      namespace: 'cms',
      name: 'cms-web',
      replicas: 2,
      image: 'registry.aicorp.com/cms-web:5.2.0',
      ports: [{ name: 'http', containerPort: 8080 }],
      readiness: http('/health', 'http'),
    }),
    service('cms', 'cms-web', { app: 'cms-web' }, [{ name: 'http', port: 80, targetPort: 'http' }], 72),
    workload({
      namespace: 'kube-system',
      name: 'coredns',
      replicas: 2,
      image: 'coredns:1.12',
      ports: [{ name: 'dns', containerPort: 53 }],
    }),
    workload({
      namespace: 'kube-system',
      name: 'metrics-server',
      image: 'metrics-server:0.7.2',
      ports: [{ name: 'https', containerPort: 10250 }],
    }),
  ]
}

/** The HorizontalPodAutoscaler of backend-api. */
export function autoscaler(metadata: Record<string, unknown>): KubeObject {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'backend-api' },
      minReplicas: 3,
      maxReplicas: 10,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
      ],
    },
  }
}

function completedPod(metadata: Record<string, unknown>, at: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      ownerReferences: [
        {
          apiVersion: 'batch/v1',
          kind: 'Job',
          name: 'backend-api-migrate',
          uid: 'a7d5e8c2-3a57-4a0c-9b0e-1f6a5c1f0d11',
          controller: true,
        },
      ],
    },
    spec: {
      restartPolicy: 'Never',
      nodeName: 'node-b',
      containers: [{ name: 'migrate', image: 'registry.aicorp.com/backend-api:2.14.3' }],
    },
    status: {
      phase: 'Succeeded',
      podIP: '10.244.0.5',
      startTime: at,
      conditions: [{ type: 'Ready', status: 'False', reason: 'PodCompleted', lastTransitionTime: at }],
      containerStatuses: [
        {
          name: 'migrate',
          image: 'registry.aicorp.com/backend-api:2.14.3',
          imageID: '',
          ready: false,
          restartCount: 0,
          state: { terminated: { exitCode: 0, reason: 'Completed', startedAt: at, finishedAt: at } },
        },
      ],
    },
  }
}
