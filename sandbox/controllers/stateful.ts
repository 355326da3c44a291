import { DAEMON_TOLERATIONS, TEMPLATE_GENERATION } from '../api/defaults'
import { kindInfo } from '../api/kinds'
import type { Store } from '../api/store'
import type { KubeObject } from '../types'
import { isOwnedBy, isReady, podFrom, suffix, templateHash } from './pod-template'
import type { Recorder } from './recorder'
import { keepRevisions } from './revisions'

const REVISION = 'controller-revision-hash'

/** StatefulSets (ordered, stable names) and DaemonSets (one pod a node). */
export class StatefulController {
  constructor(
    private readonly store: Store,
    private readonly recorder: Recorder,
    private readonly deletePod: (pod: KubeObject) => void,
  ) {}

  reconcile(): void {
    for (const set of this.store.list('StatefulSet')) this.statefulSet(set)
    for (const set of this.store.list('DaemonSet')) this.daemonSet(set)
  }

  private podsOf(owner: KubeObject): KubeObject[] {
    return this.store.list('Pod', owner.metadata.namespace).filter((pod) => isOwnedBy(pod, owner))
  }

  private statefulSet(set: KubeObject): void {
    if (set.metadata.deletionTimestamp) return
    const wanted: number = set.spec.replicas ?? 1
    const hash = `${set.metadata.name}-${templateHash(set.spec.template)}`
    keepRevisions(this.store, set, templateHash(set.spec.template))
    const pods = new Map(this.podsOf(set).map((pod) => [pod.metadata.name as string, pod]))
    const name = (i: number) => `${set.metadata.name}-${i}`
    const parallel = set.spec.podManagementPolicy === 'Parallel'
    for (let i = 0; i < wanted; i++) {
      const pod = pods.get(name(i))
      if (!pod) {
        this.create(set, name(i), {
          [REVISION]: hash,
          'statefulset.kubernetes.io/pod-name': name(i),
          'apps.kubernetes.io/pod-index': String(i),
        })
        if (!parallel) break
      } else if (!isReady(pod) && !parallel) break
    }
    // Scale down from the highest ordinal; then update from the highest, one at a time.
    const extra = [...pods.values()].filter(
      (pod) => ordinal(pod) >= wanted && !pod.metadata.deletionTimestamp,
    )
    for (const pod of extra) this.deletePod(pod)
    const stale = [...pods.values()]
      .filter((pod) => ordinal(pod) < wanted && pod.metadata.labels?.[REVISION] !== hash)
      .sort((a, b) => ordinal(b) - ordinal(a))
    const changing = [...pods.values()].some(
      (pod) => pod.metadata.deletionTimestamp || (!isReady(pod) && pod.metadata.labels?.[REVISION] === hash),
    )
    // With OrderedReady the controller makes no progress while a pod is not ready, not even towards replacing that
    // pod (kubernetes/kubernetes#67250): somebody has to delete it.
    const stuck = !parallel && [...pods.values()].some((pod) => ordinal(pod) < wanted && !isReady(pod))
    if (stale[0] && !changing && !stuck && pods.size >= wanted) this.deletePod(stale[0])
    const now = this.podsOf(set).filter((pod) => !pod.metadata.deletionTimestamp)
    const ready = now.filter(isReady).length
    const updated = now.filter((pod) => pod.metadata.labels?.[REVISION] === hash).length
    this.store.change(
      'StatefulSet',
      set.metadata.namespace,
      set.metadata.name,
      (one) => {
        const revision = hash
        const settled = updated === wanted && ready === wanted
        one.status = {
          observedGeneration: one.metadata.generation,
          replicas: now.length,
          readyReplicas: ready,
          availableReplicas: ready,
          currentReplicas: updated,
          updatedReplicas: updated,
          currentRevision: settled ? revision : (one.status?.currentRevision ?? revision),
          updateRevision: revision,
          collisionCount: 0,
        }
      },
      { status: true },
    )
  }

  private daemonSet(set: KubeObject): void {
    if (set.metadata.deletionTimestamp) return
    const hash = templateHash(set.spec.template)
    keepRevisions(this.store, set, hash)
    const generation = String(set.metadata.annotations?.[TEMPLATE_GENERATION] ?? 1)
    const nodes = this.store.list('Node')
    const pods = this.podsOf(set)
    for (const node of nodes) {
      if (pods.some((pod) => pod.spec.nodeName === node.metadata.name)) continue
      this.create(
        set,
        `${set.metadata.name}-${suffix()}`,
        { [REVISION]: hash, 'pod-template-generation': generation },
        node.metadata.name,
      )
    }
    const alive = pods.filter((pod) => !pod.metadata.deletionTimestamp)
    const stale = alive.find((pod) => pod.metadata.labels?.[REVISION] !== hash)
    const broken = alive.filter((pod) => !isReady(pod) && pod.metadata.labels?.[REVISION] !== hash)
    for (const pod of broken) this.deletePod(pod)
    const settled =
      pods.length === alive.length &&
      alive.every((pod) => isReady(pod) || pod.metadata.labels?.[REVISION] !== hash)
    if (stale && broken.length === 0 && settled) this.deletePod(stale)
    const now = this.podsOf(set).filter((pod) => !pod.metadata.deletionTimestamp)
    const ready = now.filter(isReady).length
    this.store.change(
      'DaemonSet',
      set.metadata.namespace,
      set.metadata.name,
      (one) => {
        one.status = {
          observedGeneration: one.metadata.generation,
          desiredNumberScheduled: nodes.length,
          currentNumberScheduled: now.length,
          numberReady: ready,
          numberAvailable: ready,
          ...(nodes.length - ready > 0 ? { numberUnavailable: nodes.length - ready } : {}),
          updatedNumberScheduled: now.filter((pod) => pod.metadata.labels?.[REVISION] === hash).length,
          numberMisscheduled: 0,
        }
      },
      { status: true },
    )
  }

  private create(owner: KubeObject, name: string, labels: Record<string, string>, node?: string): void {
    const pod = podFrom(owner, owner.spec.template, name, labels)
    if (node) place(pod, node)
    if (owner.kind === 'StatefulSet') {
      pod.spec.hostname = name
      if (owner.spec.serviceName) pod.spec.subdomain = owner.spec.serviceName
    }
    this.store.create(kindInfo('Pod'), pod)
    this.recorder.event(
      owner,
      'Normal',
      'SuccessfulCreate',
      owner.kind === 'DaemonSet'
        ? `Created pod: ${name}`
        : `Create Pod ${name} in StatefulSet ${owner.metadata.name} successful`,
      `${owner.kind.toLowerCase()}-controller`,
    )
  }
}

/** Puts a pod of a DaemonSet on its node, in the words of that controller. */
function place(pod: KubeObject, node: string): void {
  pod.spec.nodeName = node
  pod.spec.affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
      },
    },
  }
  pod.spec.tolerations = DAEMON_TOLERATIONS.map((one) => ({ ...one }))
}

function ordinal(pod: KubeObject): number {
  return Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? 0)
}
