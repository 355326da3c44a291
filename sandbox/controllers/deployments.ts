import { isDeepStrictEqual } from 'node:util'
import { kindInfo } from '../api/kinds'
import type { Store } from '../api/store'
import type { KubeObject } from '../types'
import { amount, copied, HASH, HISTORY, note, REVISION, withoutHash } from './deployment-notes'
import { isOwnedBy, isReady, ownerOf, podFrom, suffix, templateHash } from './pod-template'
import type { Recorder } from './recorder'

/** Deployments and ReplicaSets: revisions, rolling updates within surge and unavailability, status. */
export class DeploymentController {
  constructor(
    private readonly store: Store,
    private readonly recorder: Recorder,
    private readonly deletePod: (pod: KubeObject) => void,
  ) {}

  reconcile(): void {
    for (const deployment of this.store.list('Deployment')) this.deployment(deployment)
    for (const set of this.store.list('ReplicaSet')) this.replicaSet(set)
    for (const deployment of this.store.list('Deployment')) this.status(deployment)
  }

  private setsOf(deployment: KubeObject): KubeObject[] {
    return this.store
      .list('ReplicaSet', deployment.metadata.namespace)
      .filter((set) => isOwnedBy(set, deployment))
  }

  private podsOf(set: KubeObject): KubeObject[] {
    return this.store.list('Pod', set.metadata.namespace).filter((pod) => isOwnedBy(pod, set))
  }

  private deployment(deployment: KubeObject): void {
    if (deployment.metadata.deletionTimestamp) return
    const sets = this.setsOf(deployment)
    const template = deployment.spec.template
    let current = sets.find((set) => isDeepStrictEqual(withoutHash(set.spec.template), template))
    const wanted: number = deployment.spec.replicas ?? 1
    const revisions = sets.map((set) => Number(set.metadata.annotations?.[REVISION] ?? 0))
    const newest = Math.max(0, ...revisions)
    if (!current) {
      if (deployment.spec.paused) return
      current = this.newSet(deployment, newest + 1, firstSize(deployment, sets, wanted))
    } else if (Number(current.metadata.annotations?.[REVISION]) < newest) {
      // Rolling back to an earlier template makes it the newest revision, as kubectl rollout history shows.
      const before = current.metadata.annotations
      this.annotate(
        'ReplicaSet',
        current,
        HISTORY,
        [before[HISTORY], before[REVISION]].filter(Boolean).join(','),
      )
      this.annotate('ReplicaSet', current, REVISION, String(newest + 1))
      current = this.store.get('ReplicaSet', current.metadata.namespace, current.metadata.name) as KubeObject
    }
    const revision = current.metadata.annotations?.[REVISION]
    note(this.store, deployment, sets, current)
    if (deployment.metadata.annotations?.[REVISION] !== revision)
      this.annotate('Deployment', deployment, REVISION, revision)
    this.roll(
      deployment,
      current,
      sets.filter((set) => set.metadata.uid !== current.metadata.uid),
      wanted,
    )
    this.prune(deployment, current)
  }

  private newSet(deployment: KubeObject, revision: number, replicas: number): KubeObject {
    const hash = templateHash(deployment.spec.template)
    const template = structuredClone(deployment.spec.template)
    template.metadata = { ...template.metadata, labels: { ...template.metadata?.labels, [HASH]: hash } }
    const name = `${deployment.metadata.name}-${hash}`
    this.recorder.event(
      deployment,
      'Normal',
      'ScalingReplicaSet',
      `Scaled up replica set ${name} from 0 to ${replicas || 1}`,
      'deployment-controller',
    )
    return this.store.create(kindInfo('ReplicaSet'), {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name,
        namespace: deployment.metadata.namespace,
        creationTimestamp: revision === 1 ? deployment.metadata.creationTimestamp : undefined,
        labels: template.metadata.labels,
        annotations: { ...copied(deployment), [REVISION]: String(revision) },
        ownerReferences: [ownerOf(deployment)],
      },
      spec: {
        replicas,
        selector: { matchLabels: { ...deployment.spec.selector.matchLabels, [HASH]: hash } },
        template,
      },
      status: { replicas: 0 },
    })
  }

  private roll(deployment: KubeObject, current: KubeObject, old: KubeObject[], wanted: number): void {
    const oldTotal = old.reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0)
    if (oldTotal === 0) {
      this.scaleSet(current, wanted)
      return
    }
    const strategy = deployment.spec.strategy ?? {}
    if (strategy.type === 'Recreate') {
      for (const set of old) this.scaleSet(set, 0)
      if (old.every((set) => this.podsOf(set).length === 0)) this.scaleSet(current, wanted)
      return
    }
    const surge = surgeOf(deployment, wanted)
    const unavailable = Math.max(
      amount(strategy.rollingUpdate?.maxUnavailable, wanted, false),
      surge === 0 ? 1 : 0,
    )
    const room = wanted + surge - oldTotal - (current.spec.replicas ?? 0)
    if (room > 0 && (current.spec.replicas ?? 0) < wanted) {
      this.scaleSet(current, Math.min(wanted, (current.spec.replicas ?? 0) + room))
    }
    const ready = [current, ...old].flatMap((set) => this.podsOf(set)).filter(isReady).length
    let mayGo = ready - (wanted - unavailable)
    // Pods of old sets that are not ready cost no availability: they go first (cleanupUnhealthyReplicas).
    for (const set of old) {
      const sick = this.podsOf(set).filter((pod) => !isReady(pod) && !pod.metadata.deletionTimestamp).length
      const going = Math.min(set.spec.replicas ?? 0, sick)
      if (going > 0) this.scaleSet(set, (set.spec.replicas ?? 0) - going)
    }
    for (const set of old) {
      const fresh = this.store.get('ReplicaSet', set.metadata.namespace, set.metadata.name)
      const going = Math.min(fresh?.spec.replicas ?? 0, Math.max(0, mayGo))
      if (going > 0 && fresh) {
        this.scaleSet(fresh, fresh.spec.replicas - going)
        mayGo -= going
      }
    }
  }

  private scaleSet(set: KubeObject, replicas: number): void {
    if (set.spec.replicas === replicas) return
    this.store.change('ReplicaSet', set.metadata.namespace, set.metadata.name, (one) => {
      one.spec.replicas = replicas
    })
  }

  private prune(deployment: KubeObject, current: KubeObject): void {
    const limit: number = deployment.spec.revisionHistoryLimit ?? 10
    const idle = this.setsOf(deployment)
      .filter(
        (set) =>
          set.metadata.uid !== current.metadata.uid &&
          set.spec.replicas === 0 &&
          this.podsOf(set).length === 0,
      )
      .sort((a, b) => Number(a.metadata.annotations?.[REVISION]) - Number(b.metadata.annotations?.[REVISION]))
    for (const set of idle.slice(0, Math.max(0, idle.length - limit))) {
      this.store.remove(kindInfo('ReplicaSet'), set.metadata.namespace, set.metadata.name)
    }
  }

  private replicaSet(set: KubeObject): void {
    if (set.metadata.deletionTimestamp) return
    const pods = this.podsOf(set)
    const alive = pods.filter((pod) => !pod.metadata.deletionTimestamp && pod.status?.phase !== 'Failed')
    const wanted: number = set.spec.replicas ?? 0
    for (let i = alive.length; i < wanted; i++) {
      const pod = podFrom(set, set.spec.template, `${set.metadata.name}-${suffix()}`, {})
      this.store.create(kindInfo('Pod'), pod)
      this.recorder.event(
        set,
        'Normal',
        'SuccessfulCreate',
        `Created pod: ${pod.metadata.name}`,
        'replicaset-controller',
      )
    }
    if (alive.length > wanted) {
      const order = [...alive].sort(
        (a, b) =>
          Number(isReady(a)) - Number(isReady(b)) ||
          String(b.metadata.creationTimestamp).localeCompare(a.metadata.creationTimestamp),
      )
      for (const pod of order.slice(0, alive.length - wanted)) {
        this.recorder.event(
          set,
          'Normal',
          'SuccessfulDelete',
          `Deleted pod: ${pod.metadata.name}`,
          'replicaset-controller',
        )
        this.deletePod(pod)
      }
    }
    const now = this.podsOf(set).filter((pod) => !pod.metadata.deletionTimestamp)
    const ready = now.filter(isReady).length
    this.store.change(
      'ReplicaSet',
      set.metadata.namespace,
      set.metadata.name,
      (one) => {
        one.status = {
          replicas: now.length,
          ...(now.length > 0 ? { fullyLabeledReplicas: now.length } : {}),
          ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
          terminatingReplicas: pods.filter((pod) => pod.metadata.deletionTimestamp).length,
          observedGeneration: one.metadata.generation,
        }
      },
      { status: true },
    )
  }

  private status(deployment: KubeObject): void {
    const sets = this.setsOf(deployment)
    const current = sets.find((set) =>
      isDeepStrictEqual(withoutHash(set.spec.template), deployment.spec.template),
    )
    const all = sets.flatMap((set) => this.podsOf(set))
    const pods = all.filter((pod) => !pod.metadata.deletionTimestamp)
    const terminating = all.length - pods.length
    const updated = current ? this.podsOf(current).filter((pod) => !pod.metadata.deletionTimestamp).length : 0
    const ready = pods.filter(isReady).length
    const wanted: number = deployment.spec.replicas ?? 1
    const needed = wanted - amount(deployment.spec.strategy?.rollingUpdate?.maxUnavailable, wanted, false)
    const available = ready >= needed
    const complete = updated === wanted && pods.length === wanted && ready === wanted
    this.store.change(
      'Deployment',
      deployment.metadata.namespace,
      deployment.metadata.name,
      (one) => {
        const at = this.store.timestamp()
        const condition = (type: string, good: boolean, reason: string, message: string) => {
          const before = one.status?.conditions?.find(
            (old: { type: string; status: string; reason: string }) =>
              old.type === type && old.status === (good ? 'True' : 'False') && old.reason === reason,
          )
          return (
            before ?? {
              type,
              status: good ? 'True' : 'False',
              reason,
              message,
              lastUpdateTime: at,
              lastTransitionTime: at,
            }
          )
        }
        one.status = {
          observedGeneration: one.metadata.generation,
          ...(pods.length > 0 ? { replicas: pods.length } : {}),
          ...(updated > 0 ? { updatedReplicas: updated } : {}),
          ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
          terminatingReplicas: terminating,
          ...(wanted - ready > 0 ? { unavailableReplicas: wanted - ready } : {}),
          conditions: [
            available
              ? condition(
                  'Available',
                  true,
                  'MinimumReplicasAvailable',
                  'Deployment has minimum availability.',
                )
              : condition(
                  'Available',
                  false,
                  'MinimumReplicasUnavailable',
                  'Deployment does not have minimum availability.',
                ),
            complete
              ? condition(
                  'Progressing',
                  true,
                  'NewReplicaSetAvailable',
                  `ReplicaSet "${current?.metadata.name}" has successfully progressed.`,
                )
              : condition(
                  'Progressing',
                  true,
                  'ReplicaSetUpdated',
                  `ReplicaSet "${current?.metadata.name}" is progressing.`,
                ),
          ],
        }
      },
      { status: true },
    )
  }

  private annotate(kind: string, object: KubeObject, key: string, value: string): void {
    this.store.change(kind, object.metadata.namespace, object.metadata.name, (one) => {
      one.metadata.annotations = { ...one.metadata.annotations, [key]: value }
    })
  }
}

function surgeOf({ spec }: KubeObject, wanted: number): number {
  return amount(spec.strategy?.rollingUpdate?.maxSurge, wanted, true)
}

/** How large a new ReplicaSet is made: as much as the surge leaves room for (deployment controller, NewRSNewReplicas). */
function firstSize(deployment: KubeObject, old: readonly KubeObject[], wanted: number): number {
  const present = old.reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0)
  // Recreate waits until the old pods are gone.
  if (deployment.spec.strategy?.type === 'Recreate') return present === 0 ? wanted : 0
  return Math.max(0, Math.min(wanted, wanted + surgeOf(deployment, wanted) - present))
}
