import 'server-only'
import { isDeepStrictEqual } from 'node:util'
import type {
  V1DaemonSet,
  V1Deployment,
  V1ObjectMeta,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodTemplateSpec,
  V1ReplicaSet,
  V1StatefulSet,
} from '@kubernetes/client-node'
import type { KubeObject } from '../../../targets/types'
import { classOf } from './claims'
import { writeEvents } from './events'
import { controllerOf } from './pod'
import { writePodTemplate } from './pod-template'
import { Quantity } from './quantity'
import { labelsInOne, selectorText } from './selectors'
import { dateOf, instantOf } from './times'
import type { Beside, Describer } from './types'
import { needed, type Writer } from './writer'

/** A Deployment with its ReplicaSets. */
export const describeDeployment: Describer = (w, object, beside) => {
  const deployment = object as unknown as V1Deployment
  const { metadata, spec, status } = deployment
  writeName(w, metadata)
  w.row(0, 'CreationTimestamp:', dateOf(metadata?.creationTimestamp))
  writeNotes(w, metadata)
  w.row(0, 'Selector:', selectorText(spec?.selector))
  const counts = [
    `${needed(spec?.replicas, 'spec.replicas')} desired`,
    `${status?.updatedReplicas ?? 0} updated`,
    `${status?.replicas ?? 0} total`,
    `${status?.availableReplicas ?? 0} available`,
    `${status?.unavailableReplicas ?? 0} unavailable`,
  ]
  w.row(0, 'Replicas:', counts.join(' | '))
  w.row(0, 'StrategyType:', spec?.strategy?.type ?? '')
  w.row(0, 'MinReadySeconds:', spec?.minReadySeconds ?? 0)
  const rolling = spec?.strategy?.rollingUpdate
  if (rolling)
    w.row(
      0,
      'RollingUpdateStrategy:',
      `${rolling.maxUnavailable ?? '<nil>'} max unavailable, ${rolling.maxSurge ?? '<nil>'} max surge`,
    )
  writePodTemplate(w, spec?.template)
  writeConditions(w, status?.conditions)
  const { old, current } = replicaSetsOf(deployment, beside.replicaSets ?? [])
  if (old.length > 0 || current.length > 0) {
    w.row(0, 'OldReplicaSets:', setsInOne(old))
    w.row(0, 'NewReplicaSet:', setsInOne(current))
  }
  writeEvents(w, beside.events, beside.now)
}

/** The ReplicaSets of a Deployment, oldest first; the current one is the first with its template. */
function replicaSetsOf(
  { metadata, spec }: V1Deployment,
  all: readonly KubeObject[],
): { old: V1ReplicaSet[]; current: V1ReplicaSet[] } {
  const owned = (all as unknown as V1ReplicaSet[])
    .filter((one) =>
      one.metadata?.ownerReferences?.some(({ controller, uid }) => controller && uid === metadata?.uid),
    )
    .map((set) => ({
      set,
      at: instantOf(set.metadata?.creationTimestamp) ?? 0,
      name: set.metadata?.name ?? '',
    }))
    .sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1))
    .map(({ set }) => set)
  const wanted = comparable(spec?.template)
  const current = owned.find((set) => isDeepStrictEqual(comparable(set.spec?.template), wanted))
  return { old: owned.filter((set) => set !== current), current: current ? [current] : [] }
}

/** A template without its hash, and without what says as much as its absence. */
function comparable(template: V1PodTemplateSpec | undefined): unknown {
  const { 'pod-template-hash': _hash, ...labels } = template?.metadata?.labels ?? {}
  return plain({ ...template, metadata: { ...template?.metadata, labels } })
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== null && one !== undefined && !(Array.isArray(one) && one.length === 0))
      .filter(([key, one]) => !(EMPTY_IS_NONE.has(key) && Object.keys(one as object).length === 0))
      .map(([key, one]) => [key, plain(one)]),
  )
}

/** Fields that are maps or plain values in Go, of which an empty one is as good as none. */
const EMPTY_IS_NONE = new Set([
  ...['labels', 'annotations', 'nodeSelector', 'resources', 'limits', 'requests', 'matchLabels'],
])

function setsInOne(sets: readonly V1ReplicaSet[]): string {
  return (
    sets
      .map(
        ({ metadata, spec, status }) =>
          `${metadata?.name} (${status?.replicas ?? 0}/${needed(spec?.replicas, 'spec.replicas')} replicas created)`,
      )
      .join(', ') || '<none>'
  )
}

/** A ReplicaSet. */
export const describeReplicaSet: Describer = (w, object, beside) => {
  const { metadata, spec, status } = object as unknown as V1ReplicaSet
  writeName(w, metadata)
  w.row(0, 'Selector:', selectorText(spec?.selector) || '<none>')
  writeNotes(w, metadata)
  const controller = controllerOf(metadata)
  if (controller) w.row(0, 'Controlled By:', controller)
  const desired = needed(spec?.replicas, 'spec.replicas')
  w.row(0, 'Replicas:', `${status?.replicas ?? 0} current / ${desired} desired`)
  writePodStates(w, metadata, beside)
  writePodTemplate(w, spec?.template)
  writeConditions(w, status?.conditions)
  writeEvents(w, beside.events, beside.now)
}

/** A StatefulSet. */
export const describeStatefulSet: Describer = (w, object, beside) => {
  const { metadata, spec, status } = object as unknown as V1StatefulSet
  writeName(w, metadata)
  w.row(0, 'CreationTimestamp:', dateOf(metadata?.creationTimestamp))
  w.row(0, 'Selector:', selectorText(spec?.selector))
  writeNotes(w, metadata)
  const desired = needed(spec?.replicas, 'spec.replicas')
  w.row(0, 'Replicas:', `${desired} desired | ${status?.replicas ?? 0} total`)
  w.row(0, 'Update Strategy:', spec?.updateStrategy?.type ?? '')
  const rolling = spec?.updateStrategy?.rollingUpdate
  if (typeof rolling?.partition === 'number') {
    w.row(1, 'Partition:', rolling.partition)
    if (rolling.maxUnavailable !== undefined) w.row(1, 'MaxUnavailable:', rolling.maxUnavailable)
  }
  writePodStates(w, metadata, beside)
  writePodTemplate(w, spec?.template)
  writeClaimTemplates(w, spec?.volumeClaimTemplates ?? [])
  writeEvents(w, beside.events, beside.now)
}

function writeClaimTemplates(w: Writer, templates: readonly V1PersistentVolumeClaim[]) {
  if (templates.length === 0) return w.row(0, 'Volume Claims:', '<none>')
  w.row(0, 'Volume Claims:')
  for (const claim of templates) {
    const storage = claim.spec?.resources?.requests?.storage
    w.row(1, 'Name:', claim.metadata?.name ?? '')
    w.row(1, 'StorageClass:', classOf(claim))
    w.labels('  Labels', claim.metadata?.labels)
    w.labels('  Annotations', claim.metadata?.annotations)
    w.row(1, 'Capacity:', storage === undefined ? '<default>' : Quantity.of(storage).toString())
    w.row(1, 'Access Modes:', `[${(claim.spec?.accessModes ?? []).join(' ')}]`)
  }
}

/** A DaemonSet. */
export const describeDaemonSet: Describer = (w, object, beside) => {
  const { metadata, spec, status } = object as unknown as V1DaemonSet
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Selector:', selectorText(spec?.selector))
  w.row(0, 'Node-Selector:', labelsInOne(spec?.template?.spec?.nodeSelector))
  writeNotes(w, metadata)
  w.row(0, `Desired Number of Nodes Scheduled: ${status?.desiredNumberScheduled ?? 0}`)
  w.row(0, `Current Number of Nodes Scheduled: ${status?.currentNumberScheduled ?? 0}`)
  w.row(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status?.updatedNumberScheduled ?? 0}`)
  w.row(0, `Number of Nodes Scheduled with Available Pods: ${status?.numberAvailable ?? 0}`)
  w.row(0, `Number of Nodes Misscheduled: ${status?.numberMisscheduled ?? 0}`)
  writePodStates(w, metadata, beside)
  writePodTemplate(w, spec?.template)
  writeEvents(w, beside.events, beside.now)
}

function writeName(w: Writer, metadata: V1ObjectMeta | undefined): void {
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'Namespace:', metadata?.namespace ?? '')
}

function writeNotes(w: Writer, metadata: V1ObjectMeta | undefined): void {
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
}

/** How many of the pods that a controller made are in which phase. */
function writePodStates(w: Writer, metadata: V1ObjectMeta | undefined, { pods = [] }: Beside): void {
  const own = (pods as unknown as V1Pod[]).filter(
    (pod) => pod.metadata?.ownerReferences?.find(({ controller }) => controller)?.uid === metadata?.uid,
  )
  const inPhase = (phase: string) => own.filter(({ status }) => status?.phase === phase).length
  w.row(
    0,
    'Pods Status:',
    `${inPhase('Running')} Running / ${inPhase('Pending')} Waiting / ${inPhase('Succeeded')} Succeeded / ${inPhase('Failed')} Failed`,
  )
}

function writeConditions(
  w: Writer,
  conditions: readonly { type: string; status: string; reason?: string }[] | undefined,
): void {
  if (!conditions?.length) return
  w.row(0, 'Conditions:')
  w.row(1, 'Type', 'Status', 'Reason')
  w.row(1, '----', '------', '------')
  for (const { type, status, reason = '' } of conditions) w.row(1, `${type} `, status, reason)
}
