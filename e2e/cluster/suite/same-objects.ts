/** What the comparison creates on both clusters: each kind with as little as the API server takes. */
import { type Json, NAMESPACE } from './same-side'

/** Two releases. A cluster that somebody gave pulls them; these of the reference exist on the clusters of this test only. */
export const [IMAGE = '', NEXT_IMAGE = IMAGE] = (
  process.env.CRASHCART_TEST_IMAGES ??
  'registry.aicorp.com/inference-gateway:1.9.0,registry.aicorp.com/inference-gateway:1.9.1'
).split(',')

const template = (app: string): Json => ({
  metadata: { labels: { app } },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [{ name: app, image: IMAGE, ports: [{ name: 'http', containerPort: 8080 }] }],
  },
})

const named = (name: string): Json => ({ name, namespace: NAMESPACE, labels: { suite: 'same' } })

export const DEPLOYMENT: Json = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: named('echo'),
  spec: { replicas: 2, selector: { matchLabels: { app: 'echo' } }, template: template('echo') },
}

export const CONFIG_MAP: Json = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: named('settings'),
  data: { mode: 'calm' },
}

export const OBJECTS: Json[] = [
  DEPLOYMENT,
  CONFIG_MAP,
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: named('store'),
    spec: { selector: { matchLabels: { app: 'store' } }, template: template('store') },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: named('agent'),
    spec: { selector: { matchLabels: { app: 'agent' } }, template: template('agent') },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: named('echo'),
    spec: { selector: { app: 'echo' }, ports: [{ port: 80, targetPort: 'http' }] },
  },
  { apiVersion: 'v1', kind: 'Secret', metadata: named('key'), stringData: { word: 'open' } },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: named('echo'),
    spec: { minAvailable: 2, selector: { matchLabels: { app: 'echo' } } },
  },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: named('echo'),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'echo' },
      minReplicas: 1,
      maxReplicas: 4,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
      ],
    },
  },
]

export const PATHS = {
  namespace: `/api/v1/namespaces/${NAMESPACE}`,
  configMaps: `/api/v1/namespaces/${NAMESPACE}/configmaps`,
  deployments: `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`,
  pods: `/api/v1/namespaces/${NAMESPACE}/pods`,
  replicasets: `/apis/apps/v1/namespaces/${NAMESPACE}/replicasets`,
}

/** A copy with a change. */
export function clone(value: Json, edit: (copy: Json) => void): Json {
  const copy = structuredClone(value)
  edit(copy)
  return copy
}
