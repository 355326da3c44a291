/** What kwok needs in the API server: how its nodes live, and the thousands of pods that are only said to run. */
import type { Json, KubeApi } from '../kube-api'
import { until } from '../kube-api'

const GROUP = 'kwok.x-k8s.io'
const VERSION = 'v1alpha1'

/** Pods with this label are kwok's alone: they are said to run, and nothing does. */
export const SIMULATED = 'crashcart.dev/simulated'

const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

/** Only the outer form is declared: kwok reads the rest itself. */
const STAGE_TYPE = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `stages.${GROUP}` },
  spec: {
    group: GROUP,
    scope: 'Cluster',
    names: { kind: 'Stage', plural: 'stages', singular: 'stage', listKind: 'StageList' },
    versions: [
      {
        name: VERSION,
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', properties: { spec: open, status: open } } },
      },
    ],
  },
}

const NODE_STATUS = `
{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
addresses:
- type: InternalIP
  address: {{ NodeIP | Quote }}
- type: Hostname
  address: {{ NodeName | Quote }}
daemonEndpoints:
  kubeletEndpoint:
    Port: {{ NodePort }}
allocatable:
{{ YAML .status.allocatable 1 }}
capacity:
{{ YAML .status.capacity 1 }}
phase: Running
nodeInfo:
  architecture: amd64
  bootID: ""
  containerRuntimeVersion: namespaces://1
  kernelVersion: ""
  kubeProxyVersion: ""
  kubeletVersion: v1.36.3
  machineID: ""
  operatingSystem: linux
  osImage: Linux
  systemUUID: ""
`

const POD_STATUS = `
{{ $now := Now }}
conditions:
- { type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }} }
- { type: Ready, status: "True", lastTransitionTime: {{ $now | Quote }} }
- { type: ContainersReady, status: "True", lastTransitionTime: {{ $now | Quote }} }
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: true
  started: true
  restartCount: 0
  state: { running: { startedAt: {{ $now | Quote }} } }
{{ end }}
podIP: {{ PodIPWith .spec.nodeName false .metadata.uid .metadata.name .metadata.namespace | Quote }}
phase: Running
startTime: {{ $now | Quote }}
`

function stage(name: string, kind: string, matchExpressions: Json[], next: Json): Json {
  return {
    apiVersion: `${GROUP}/${VERSION}`,
    kind: 'Stage',
    metadata: { name },
    spec: { resourceRef: { apiGroup: 'v1', kind }, selector: { matchExpressions }, next },
  }
}

const isSimulated = { key: `.metadata.labels["${SIMULATED}"]`, operator: 'Exists' }

const STAGES = [
  stage(
    'node-ready',
    'Node',
    [
      {
        key: '.status.conditions.[] | select( .type == "Ready" ) | .status',
        operator: 'NotIn',
        values: ['True'],
      },
    ],
    { statusTemplate: NODE_STATUS },
  ),
  stage(
    'simulated-pod-ready',
    'Pod',
    [
      isSimulated,
      { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' },
      { key: '.status.phase', operator: 'In', values: ['Pending'] },
    ],
    { statusTemplate: POD_STATUS },
  ),
  stage(
    'simulated-pod-gone',
    'Pod',
    [isSimulated, { key: '.metadata.deletionTimestamp', operator: 'Exists' }],
    { delete: true },
  ),
]

/** Where our kubelet serves a node's resource metrics; metrics-server reads this from the node's annotation. */
const METRICS_PATH = '/metrics/nodes/'

/** A node that kwok keeps alive. `taint` keeps everything away that does not ask for it. */
export function node(name: string, options: { taint?: string; pods?: number } = {}): Json {
  const room = { cpu: '8', memory: '32Gi', pods: String(options.pods ?? 110) }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' },
      annotations: {
        'kwok.x-k8s.io/node': 'fake',
        'metrics.k8s.io/resource-metrics-path': METRICS_PATH + name,
      },
    },
    spec: options.taint ? { taints: [{ key: options.taint, value: 'true', effect: 'NoSchedule' }] } : {},
    status: { capacity: room, allocatable: room },
  }
}

/** Declares kwok's type, waits until it is served, and says how nodes and simulated pods live. */
export async function declareStages(api: KubeApi): Promise<void> {
  await api.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', STAGE_TYPE)
  await until(
    async () => (await api.send('GET', `/apis/${GROUP}/${VERSION}/stages`)).status === 200,
    'stages are served',
    30_000,
  )
  for (const one of STAGES) await api.create(`/apis/${GROUP}/${VERSION}/stages`, one)
}
