import { isDeepStrictEqual } from 'node:util'
import { kindInfo } from '../api/kinds'
import { selects } from '../api/selectors'
import type { Store } from '../api/store'
import type { KubeObject } from '../types'
import { isReady, ownerOf } from './pod-template'

interface ServicePort {
  name?: string
  port: number
  targetPort?: number | string
  protocol?: string
}

function targetPort(pod: KubeObject | undefined, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port
  if (typeof target === 'number') return target
  for (const container of pod?.spec.containers ?? []) {
    for (const one of container.ports ?? []) if (one.name === target) return one.containerPort
  }
  return undefined
}

/** Endpoints and EndpointSlices of each Service with a selector. */
export function reconcileEndpoints(store: Store): void {
  for (const service of store.list('Service')) {
    const { name, namespace } = service.metadata
    if (!service.spec.selector) continue
    const pods = store
      .list('Pod', namespace)
      .filter(
        (pod) =>
          selects({ matchLabels: service.spec.selector }, pod.metadata.labels) &&
          pod.status?.podIP &&
          pod.status.phase !== 'Succeeded' &&
          !pod.metadata.deletionTimestamp,
      )
      .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name))
    const ports = ((service.spec.ports ?? []) as ServicePort[]).flatMap((port) => {
      const number = targetPort(pods[0], port)
      return number === undefined
        ? []
        : [{ ...(port.name ? { name: port.name } : {}), port: number, protocol: port.protocol ?? 'TCP' }]
    })
    const address = (pod: KubeObject) => ({
      ip: pod.status.podIP,
      nodeName: pod.spec.nodeName,
      targetRef: { kind: 'Pod', namespace, name: pod.metadata.name, uid: pod.metadata.uid },
    })
    const ready = pods.filter(isReady).map(address)
    const notReady = pods.filter((pod) => !isReady(pod)).map(address)
    const subsets =
      pods.length === 0 || ports.length === 0
        ? []
        : [
            {
              ...(ready.length ? { addresses: ready } : {}),
              ...(notReady.length ? { notReadyAddresses: notReady } : {}),
              ports,
            },
          ]
    put(store, { apiVersion: 'v1', kind: 'Endpoints', metadata: meta(service, name), subsets })
    put(store, {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        ...meta(service, `${name}-${shortName(service.metadata.uid)}`),
        generateName: `${name}-`,
        annotations: { [TRIGGERED]: store.timestamp() },
        labels: {
          ...service.metadata.labels,
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
          'kubernetes.io/service-name': name,
        },
        ownerReferences: [ownerOf(service)],
      },
      addressType: 'IPv4',
      ports: ports.map((port) => ({ name: '', ...port })),
      endpoints: pods.map((pod) => ({
        addresses: [pod.status.podIP],
        conditions: { ready: isReady(pod), serving: isReady(pod), terminating: false },
        nodeName: pod.spec.nodeName,
        targetRef: { kind: 'Pod', namespace, name: pod.metadata.name, uid: pod.metadata.uid },
      })),
    })
  }
  for (const kind of ['Endpoints', 'EndpointSlice']) {
    for (const one of store.list(kind)) {
      const owner =
        kind === 'Endpoints' ? one.metadata.name : one.metadata.labels?.['kubernetes.io/service-name']
      if (!store.get('Service', one.metadata.namespace, owner))
        store.remove(kindInfo(kind), one.metadata.namespace, one.metadata.name)
    }
  }
}

const TRIGGERED = 'endpoints.kubernetes.io/last-change-trigger-time'

/** Five characters of the kind that generated names end in, always the same for one object. */
function shortName(uid: string): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
  const digits = uid.replaceAll('-', '').slice(0, 10)
  return [0, 2, 4, 6, 8]
    .map((at) => alphabet[Number.parseInt(digits.slice(at, at + 2), 16) % alphabet.length])
    .join('')
}

function meta(service: KubeObject, name: string) {
  return {
    name,
    namespace: service.metadata.namespace,
    creationTimestamp: service.metadata.creationTimestamp,
  }
}

function put(store: Store, object: KubeObject): void {
  const { kind, metadata } = object
  const stored = store.get(kind, metadata.namespace, metadata.name)
  if (!stored) {
    store.create(kindInfo(kind), object)
    return
  }
  const { apiVersion: _a, kind: _k, metadata: _m, ...fields } = object
  if (Object.entries(fields).every(([key, value]) => isDeepStrictEqual(stored[key], value))) return
  store.change(kind, metadata.namespace, metadata.name, (one) => Object.assign(one, fields))
}

/** Pods a disruption may take now, for each PodDisruptionBudget. */
export function reconcileBudgets(store: Store): void {
  for (const budget of store.list('PodDisruptionBudget')) {
    const pods = store
      .list('Pod', budget.metadata.namespace)
      .filter(
        (pod) => selects(budget.spec.selector, pod.metadata.labels) && pod.status?.phase !== 'Succeeded',
      )
    const healthy = pods.filter(isReady).length
    const count = (value: number | string) =>
      typeof value === 'string' && value.endsWith('%')
        ? Math.ceil((Number.parseFloat(value) / 100) * pods.length)
        : Number(value)
    const desired =
      budget.spec.minAvailable !== undefined
        ? count(budget.spec.minAvailable)
        : pods.length - count(budget.spec.maxUnavailable ?? 0)
    store.change(
      'PodDisruptionBudget',
      budget.metadata.namespace,
      budget.metadata.name,
      (one) => {
        one.status = {
          observedGeneration: one.metadata.generation,
          expectedPods: pods.length,
          currentHealthy: healthy,
          desiredHealthy: desired,
          disruptionsAllowed: Math.max(0, healthy - desired),
          conditions: [allowance(one, healthy > desired)],
        }
      },
      { status: true },
    )
  }
}

/** The one condition of a budget. */
function allowance(budget: KubeObject, allowed: boolean) {
  const reason = allowed ? 'SufficientPods' : 'InsufficientPods'
  const before = budget.status?.conditions?.[0]
  const at = `${new Date().toISOString().slice(0, 19)}Z`
  return {
    type: 'DisruptionAllowed',
    status: allowed ? 'True' : 'False',
    reason,
    message: '',
    observedGeneration: budget.metadata.generation,
    lastTransitionTime: before?.reason === reason ? before.lastTransitionTime : at,
  }
}

/** Keeps a workload between its autoscaler's bounds and reports utilisation. Scaled to zero turns it off, as in life. */
export function reconcileAutoscalers(
  store: Store,
  usageOf: (pod: KubeObject) => { cpuMillicores: number } | undefined,
): void {
  for (const scaler of store.list('HorizontalPodAutoscaler')) {
    const { kind, name } = scaler.spec.scaleTargetRef
    const { namespace } = scaler.metadata
    const target = store.get(kind, namespace, name)
    if (!target) continue
    const current: number = target.spec.replicas ?? 0
    const min: number = scaler.spec.minReplicas ?? 1
    if (current > 0 && current < min)
      store.change(
        kind,
        namespace,
        name,
        (one) => {
          one.spec.replicas = min
        },
        { manager: 'horizontal-pod-autoscaler' },
      )
    if (current > scaler.spec.maxReplicas)
      store.change(
        kind,
        namespace,
        name,
        (one) => {
          one.spec.replicas = scaler.spec.maxReplicas
        },
        { manager: 'horizontal-pod-autoscaler' },
      )
    const pods = store
      .list('Pod', namespace)
      .filter((pod) => selects(target.spec.selector, pod.metadata.labels) && isReady(pod))
    const shares = pods.flatMap((pod) => {
      const usage = usageOf(pod)
      const request = cpuMillis(pod.spec.containers[0]?.resources?.requests?.cpu)
      return usage && request ? [(usage.cpuMillicores / request) * 100] : []
    })
    const average = shares.length ? Math.round(shares.reduce((a, b) => a + b, 0) / shares.length) : undefined
    store.change(
      'HorizontalPodAutoscaler',
      namespace,
      scaler.metadata.name,
      (one) => {
        const before = one.status?.conditions ?? []
        const since = (condition: { type: string; status: string; reason: string; message: string }) => {
          const same = before.find(
            (old: { type: string; status: string }) =>
              old.type === condition.type && old.status === condition.status,
          )
          return { lastTransitionTime: same?.lastTransitionTime ?? store.timestamp(), ...condition }
        }
        one.status = {
          currentReplicas: current,
          desiredReplicas: current === 0 ? 0 : Math.min(Math.max(current, min), scaler.spec.maxReplicas),
          ...(average === undefined
            ? { currentMetrics: null }
            : {
                currentMetrics: [
                  { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: average } } },
                ],
              }),
          conditions: [
            {
              type: 'AbleToScale',
              status: 'True',
              reason: 'ReadyForNewScale',
              message: 'recommended size matches current size',
            },
            current === 0
              ? {
                  type: 'ScalingActive',
                  status: 'False',
                  reason: 'ScalingDisabled',
                  message: 'scaling is disabled since the replica count of the target is zero',
                }
              : average === undefined
                ? {
                    type: 'ScalingActive',
                    status: 'False',
                    reason: 'FailedGetResourceMetric',
                    message:
                      'the HPA was unable to compute the replica count: failed to get cpu utilization: no metrics returned from resource metrics API',
                  }
                : {
                    type: 'ScalingActive',
                    status: 'True',
                    reason: 'ValidMetricFound',
                    message:
                      'the HPA was able to successfully calculate a replica count from cpu resource utilization',
                  },
          ].map(since),
        }
      },
      { status: true },
    )
  }
}

/** `250m` or `1` in millicores. */
export function cpuMillis(quantity: string | undefined): number | undefined {
  if (!quantity) return undefined
  return quantity.endsWith('m') ? Number(quantity.slice(0, -1)) : Number(quantity) * 1000
}
