import type { ResourceType } from './types'

function type(group: string, version: string, kind: string, plural: string, namespaced = true): ResourceType {
  return { group, version, kind, plural, namespaced }
}

/** The Kubernetes resource types Crashcart reads or writes. */
export const RESOURCE = {
  Pod: type('', 'v1', 'Pod', 'pods'),
  Service: type('', 'v1', 'Service', 'services'),
  Endpoints: type('', 'v1', 'Endpoints', 'endpoints'),
  ConfigMap: type('', 'v1', 'ConfigMap', 'configmaps'),
  Secret: type('', 'v1', 'Secret', 'secrets'),
  Event: type('', 'v1', 'Event', 'events'),
  Node: type('', 'v1', 'Node', 'nodes', false),
  PersistentVolumeClaim: type('', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  ResourceQuota: type('', 'v1', 'ResourceQuota', 'resourcequotas'),
  LimitRange: type('', 'v1', 'LimitRange', 'limitranges'),
  Deployment: type('apps', 'v1', 'Deployment', 'deployments'),
  ReplicaSet: type('apps', 'v1', 'ReplicaSet', 'replicasets'),
  StatefulSet: type('apps', 'v1', 'StatefulSet', 'statefulsets'),
  DaemonSet: type('apps', 'v1', 'DaemonSet', 'daemonsets'),
  Job: type('batch', 'v1', 'Job', 'jobs'),
  HorizontalPodAutoscaler: type('autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  PodDisruptionBudget: type('policy', 'v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
  Ingress: type('networking.k8s.io', 'v1', 'Ingress', 'ingresses'),
  EndpointSlice: type('discovery.k8s.io', 'v1', 'EndpointSlice', 'endpointslices'),
  PodMetrics: type('metrics.k8s.io', 'v1beta1', 'PodMetrics', 'pods'),
} as const satisfies Record<string, ResourceType>

export type KnownKind = keyof typeof RESOURCE

/** The REST path of a type: a list, an object, or one of its subresources. */
export function restPath(of: ResourceType, namespace?: string, name?: string, subresource?: string): string {
  const base = of.group ? `/apis/${of.group}/${of.version}` : `/api/${of.version}`
  const parts = [base]
  if (of.namespaced && namespace) parts.push('namespaces', encodeURIComponent(namespace))
  parts.push(of.plural)
  if (name) parts.push(encodeURIComponent(name))
  if (subresource) parts.push(subresource)
  return parts.join('/')
}
