import 'server-only'
import type {
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1StorageClass,
} from '@kubernetes/client-node'
import type { KubeObject } from '../../../targets/types'
import { CouldNotPrint } from '../limits'
import { modesInShort, writeClaim } from './claims'
import { writeEvents } from './events'
import { Quantity } from './quantity'
import { labelsInOne } from './selectors'
import { dateOf, since } from './times'
import type { Describer } from './types'
import { writeAttributes, writeKnown } from './volumes'
import { needed, type Writer } from './writer'

/** A PersistentVolumeClaim with the pods that use it. */
export const describeClaim: Describer = (w, object, beside) => {
  const claim = object as unknown as V1PersistentVolumeClaim
  writeClaim(w, claim, { now: beside.now })
  w.list('Used By', usersOf(claim, needed(beside.pods, 'the pods beside it')))
  if (claim.status?.conditions?.length) {
    w.row(0, 'Conditions:')
    w.row(1, 'Type', 'Status', 'LastProbeTime', 'LastTransitionTime', 'Reason', 'Message')
    w.row(1, '----', '------', '-----------------', '------------------', '------', '-------')
    for (const one of claim.status.conditions)
      w.row(
        1,
        `${one.type} `,
        `${one.status} `,
        `${dateOf(one.lastProbeTime)} `,
        `${dateOf(one.lastTransitionTime)} `,
        `${one.reason ?? ''} `,
        one.message ?? '',
      )
  }
  writeEvents(w, beside.events, beside.now)
}

/** Names of the pods that mount a claim, and of those that own it (claims of ephemeral volumes). */
function usersOf({ metadata }: V1PersistentVolumeClaim, all: readonly KubeObject[]): string[] {
  const pods = all as unknown as V1Pod[]
  // A pod that mounts it twice is named twice.
  const users = pods.flatMap((pod) =>
    (pod.spec?.volumes ?? [])
      .filter(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === metadata?.name)
      .map(() => pod),
  )
  for (const owner of metadata?.ownerReferences ?? []) {
    const pod = owner.kind === 'Pod' ? pods.find((one) => one.metadata?.uid === owner.uid) : undefined
    if (pod && !users.includes(pod)) users.push(pod)
  }
  return users.map((pod) => pod.metadata?.name ?? '').sort()
}

/** A PersistentVolume. */
export const describeVolume: Describer = (w, object, beside) => {
  const { metadata, spec, status } = object as unknown as V1PersistentVolume
  w.row(0, 'Name:', metadata?.name ?? '')
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
  w.row(0, 'Finalizers:', `[${(metadata?.finalizers ?? []).join(' ')}]`)
  const old = metadata?.annotations?.['volume.beta.kubernetes.io/storage-class']
  w.row(0, 'StorageClass:', old ?? spec?.storageClassName ?? '')
  const ending = metadata?.deletionTimestamp
  w.row(0, 'Status:', ending ? `Terminating (lasts ${since(ending, beside.now)})` : (status?.phase ?? ''))
  const claim = spec?.claimRef
  w.row(0, 'Claim:', claim ? `${claim.namespace ?? ''}/${claim.name ?? ''}` : '')
  w.row(0, 'Reclaim Policy:', spec?.persistentVolumeReclaimPolicy ?? '')
  w.row(0, 'Access Modes:', modesInShort(spec?.accessModes))
  if (spec?.volumeMode) w.row(0, 'VolumeMode:', spec.volumeMode)
  w.row(0, 'Capacity:', String(Quantity.of(spec?.capacity?.storage)))
  writeAffinity(w, spec?.nodeAffinity)
  w.row(0, 'Message:', status?.message ?? '')
  w.row(0, 'Source:')
  writeSource(w, spec ?? {})
  writeEvents(w, beside.events, beside.now)
}

function writeAffinity(w: Writer, affinity: NonNullable<V1PersistentVolume['spec']>['nodeAffinity']): void {
  const terms = affinity?.required?.nodeSelectorTerms
  w.row(0, 'Node Affinity:', affinity?.required ? '' : '<none>')
  if (!affinity?.required) return
  w.row(1, 'Required Terms:', terms?.length ? '' : '<none>')
  for (const [index, { matchExpressions = [] }] of (terms ?? []).entries())
    writeTerms(w, 2, `Term ${index}`, matchExpressions)
}

/** Requirements under each other: `zone in [a, b]`. */
function writeTerms(
  w: Writer,
  level: number,
  title: string,
  terms: readonly { key: string; operator?: string; values?: string[] }[],
): void {
  if (terms.length === 0) w.row(level, `${title}:`, '<none>')
  for (const [index, { key, operator = 'In', values }] of terms.entries())
    w.row(
      level,
      index === 0 ? `${title}:` : '',
      `${key} ${operator.toLowerCase()}${values?.length ? ` [${values.join(', ')}]` : ''}`,
    )
}

/** Sources that a volume says otherwise than a pod does, and that hardly any cluster has any more. */
const OTHERWISE = ['iscsi', 'glusterfs', 'rbd', 'cinder', 'cephfs', 'azureFile'] as const

function writeSource(w: Writer, spec: NonNullable<V1PersistentVolume['spec']>): void {
  const odd = OTHERWISE.find((field) => spec[field])
  if (odd) throw new CouldNotPrint(`A volume of type ${odd} is not printed here.`)
  if (spec.local) {
    w.row(2, 'Type:', 'LocalVolume (a persistent volume backed by local storage on a node)')
    w.row(2, 'Path:', spec.local.path)
  } else if (spec.csi) {
    w.row(2, 'Type:', 'CSI (a Container Storage Interface (CSI) volume source)')
    w.row(2, 'Driver:', spec.csi.driver)
    w.row(2, 'FSType:', spec.csi.fsType ?? '')
    w.row(2, 'VolumeHandle:', spec.csi.volumeHandle)
    w.row(2, 'ReadOnly:', spec.csi.readOnly === true)
    writeAttributes(w, spec.csi.volumeAttributes)
  } else if (!writeKnown(w, spec)) w.row(1, '<unknown>')
}

/** A StorageClass. */
export const describeStorageClass: Describer = (w, object, beside) => {
  const { metadata, ...own } = object as unknown as V1StorageClass
  const notes = metadata?.annotations ?? {}
  const isDefault = ['storageclass', 'storageclass.beta'].some(
    (name) => notes[`${name}.kubernetes.io/is-default-class`] === 'true',
  )
  w.row(0, 'Name:', metadata?.name ?? '')
  w.row(0, 'IsDefaultClass:', isDefault ? 'Yes' : 'No')
  w.row(0, 'Annotations:', labelsInOne(notes))
  w.row(0, 'Provisioner:', own.provisioner)
  w.row(0, 'Parameters:', labelsInOne(own.parameters))
  const expands = own.allowVolumeExpansion
  w.row(0, 'AllowVolumeExpansion:', expands === undefined ? '<unset>' : expands ? 'True' : 'False')
  if (own.mountOptions?.length) w.row(0, 'MountOptions:')
  else w.row(0, 'MountOptions:', '<none>')
  for (const option of own.mountOptions ?? []) w.row(1, option)
  if (own.reclaimPolicy) w.row(0, 'ReclaimPolicy:', own.reclaimPolicy)
  if (own.volumeBindingMode) w.row(0, 'VolumeBindingMode:', own.volumeBindingMode)
  if (own.allowedTopologies) {
    w.row(0, 'AllowedTopologies:', own.allowedTopologies.length > 0 ? '' : '<none>')
    for (const [index, { matchLabelExpressions = [] }] of own.allowedTopologies.entries())
      writeTerms(w, 1, `Term ${index}`, matchLabelExpressions)
  }
  writeEvents(w, beside.events, beside.now)
}
