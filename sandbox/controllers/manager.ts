import { setDefaults } from '../api/defaults'
import { kindInfo } from '../api/kinds'
import { Store } from '../api/store'
import type { ClusterHandle, KubeObject, PodRuntime } from '../types'
import { DeploymentController } from './deployments'
import { Kubelet } from './kubelet'
import { collectGarbage, reconcileNamespaces } from './lifecycle'
import { Recorder } from './recorder'
import { reconcileAutoscalers, reconcileBudgets, reconcileEndpoints } from './services'
import { StatefulController } from './stateful'

const TICK_MS = 150
/** Stands where clusters keep the certificate of their API server: this one speaks plain HTTP. */
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nUHJhY3RpY2U=\n-----END CERTIFICATE-----\n'

/** The control plane: one store, all controllers, the kubelets of all nodes. */
export class Manager {
  readonly store: Store
  readonly recorder: Recorder
  readonly kubelet: Kubelet
  private readonly deployments: DeploymentController
  private readonly stateful: StatefulController
  private timer: NodeJS.Timeout | undefined
  private queued = false
  private reconciling = false
  private nextIp = 10

  constructor(
    runtime: PodRuntime,
    readonly now: () => number = Date.now,
  ) {
    this.store = new Store(now)
    this.recorder = new Recorder(this.store, now)
    this.kubelet = new Kubelet(this.store, runtime, this.recorder, now)
    const deletePod = (pod: KubeObject) => this.deletePod(pod)
    this.deployments = new DeploymentController(this.store, this.recorder, deletePod)
    this.stateful = new StatefulController(this.store, this.recorder, deletePod)
    this.store.subscribe(() => this.queue())
  }

  /** Starts the loops. */
  start(): void {
    this.timer = setInterval(() => {
      this.kubelet.tick()
      this.reconcile()
    }, TICK_MS)
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  /** Runs controllers until nothing changes, without waiting for pods: sets the healthy beginning up. */
  settle(): void {
    for (let i = 0; i < 12; i++) {
      this.reconcile()
      for (const pod of this.store.list('Pod')) {
        if (pod.status?.containerStatuses || pod.status?.phase === 'Succeeded') continue
        const at = this.ageOfOwner(pod)
        const aged = this.store.change(
          'Pod',
          pod.metadata.namespace,
          pod.metadata.name,
          (one) => {
            one.metadata.creationTimestamp = `${new Date(at).toISOString().slice(0, 19)}Z`
          },
          { keepAge: false },
        )
        if (aged) this.kubelet.startNow(aged, at)
      }
    }
  }

  /** When a pod of the beginning was made: with the workload that owns it, or as its own object says. */
  private ageOfOwner(pod: KubeObject): number {
    const owner = pod.metadata.ownerReferences?.[0]
    const object = owner ? this.store.get(owner.kind, pod.metadata.namespace, owner.name) : pod
    return Date.parse((object ?? pod).metadata.creationTimestamp)
  }

  /** Marks a pod as going away; the kubelet stops its containers, then the object goes. */
  deletePod(pod: KubeObject, options: { force?: boolean } = {}): void {
    const { namespace, name } = pod.metadata
    const settled = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed' || !pod.spec.nodeName
    if (options.force || settled) {
      if (this.store.get('Pod', namespace, name)) this.store.remove(kindInfo('Pod'), namespace, name)
      return
    }
    this.store.change('Pod', namespace, name, (one) => {
      one.metadata.deletionTimestamp ??= new Date(this.now()).toISOString()
      one.metadata.deletionGracePeriodSeconds ??= one.spec.terminationGracePeriodSeconds ?? 30
    })
  }

  /** What the world may do to the cluster. */
  handle(): ClusterHandle {
    const { store, recorder, kubelet } = this
    return {
      apply: (object, manager = 'practice') => {
        const info = kindInfo(object.kind)
        setDefaults(object.kind, object)
        const stored = store.get(object.kind, object.metadata.namespace, object.metadata.name)
        if (!stored) return store.create(info, object, { manager })
        const { resourceVersion: _version, uid: _uid, ...metadata } = object.metadata
        return store.update(
          info,
          { ...object, metadata, status: object.status ?? stored.status },
          { manager },
        )
      },
      get: (kind, namespace, name) => store.get(kind, namespace, name),
      list: (kind, namespace, labels) =>
        store
          .list(kind, namespace)
          .filter((one) =>
            Object.entries(labels ?? {}).every(([key, value]) => one.metadata.labels?.[key] === value),
          ),
      update: (kind, namespace, name, change, manager = 'practice') =>
        store.change(kind, namespace, name, change, { manager }),
      remove: (kind, namespace, name) => {
        const stored = store.get(kind, namespace, name)
        if (!stored) return
        if (kind === 'Pod') this.deletePod(stored)
        else store.remove(kindInfo(kind), namespace, name)
      },
      event: (about, type, reason, message, source) => recorder.event(about, type, reason, message, source),
      onChange: (kind, listener) =>
        store.subscribe((event) => (event.kind === kind ? listener(event.type, event.object) : undefined)),
      instances: () => kubelet.instances(),
      now: this.now,
      compact: () => store.compact(),
    }
  }

  private queue(): void {
    if (this.queued || !this.timer) return
    this.queued = true
    setImmediate(() => {
      this.queued = false
      if (this.timer) this.reconcile()
    })
  }

  private reconcile(): void {
    if (this.reconciling) return
    this.reconciling = true
    try {
      const deletePod = (pod: KubeObject) => this.deletePod(pod)
      reconcileNamespaces(this.store, CERTIFICATE, deletePod)
      collectGarbage(this.store, deletePod)
      this.deployments.reconcile()
      this.stateful.reconcile()
      this.schedule()
      reconcileEndpoints(this.store)
      reconcileBudgets(this.store)
      reconcileAutoscalers(this.store, (pod) =>
        this.kubelet.runtime.usage(this.kubelet.instanceOf(pod, pod.spec.containers[0].name)),
      )
    } finally {
      this.reconciling = false
    }
  }

  private schedule(): void {
    const nodes = this.store.list('Node').filter((node) => !node.spec?.unschedulable)
    for (const pod of this.store.list('Pod')) {
      if (pod.status?.podIP || pod.metadata.deletionTimestamp || pod.status?.phase === 'Succeeded') continue
      const load = (name: string) => this.store.list('Pod').filter((one) => one.spec.nodeName === name).length
      const node =
        pod.spec.nodeName ??
        [...nodes].sort((a, b) => load(a.metadata.name) - load(b.metadata.name))[0]?.metadata.name
      if (!node) {
        this.recorder.event(
          pod,
          'Warning',
          'FailedScheduling',
          `0/${this.store.list('Node').length} nodes are available: ${this.store.list('Node').length} node(s) were unschedulable.`,
          'default-scheduler',
        )
        continue
      }
      this.recorder.event(
        pod,
        'Normal',
        'Scheduled',
        `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${node}`,
        'default-scheduler',
      )
      const ip = `10.244.${this.nextIp >> 8}.${this.nextIp & 255}`
      this.nextIp += 1
      this.store.change('Pod', pod.metadata.namespace, pod.metadata.name, (one) => {
        one.spec.nodeName = node
        one.status = { ...one.status, podIP: ip, podIPs: [{ ip }], hostIP: '192.0.2.10' }
      })
    }
  }
}
