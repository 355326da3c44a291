import 'server-only'
import type { V1PersistentVolumeClaim } from '@kubernetes/client-node'
import { Quantity } from './quantity'
import { since } from './times'
import type { Writer } from './writer'

const MODES: [mode: string, short: string][] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
]

/** Access modes in kubectl's short names and order. */
export function modesInShort(modes: readonly string[] | undefined): string {
  return MODES.filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(',')
}

/** The storage class of a claim; the old annotation comes first, as in Kubernetes. */
export function classOf({ metadata, spec }: V1PersistentVolumeClaim): string {
  return metadata?.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? ''
}

/** A claim; without `full` what a template of one has of it. `full.now` is milliseconds since 1970. */
export function writeClaim(w: Writer, claim: V1PersistentVolumeClaim, full?: { now: number }): void {
  const { metadata, spec, status } = claim
  if (full) {
    w.row(0, 'Name:', metadata?.name ?? '')
    w.row(0, 'Namespace:', metadata?.namespace ?? '')
  }
  w.row(0, 'StorageClass:', classOf(claim))
  if (full)
    w.row(
      0,
      'Status:',
      metadata?.deletionTimestamp
        ? `Terminating (lasts ${since(metadata.deletionTimestamp, full.now)})`
        : (status?.phase ?? ''),
    )
  w.row(0, 'Volume:', spec?.volumeName ?? '')
  w.labels('Labels', metadata?.labels)
  w.annotations('Annotations', metadata?.annotations)
  if (full) w.row(0, 'Finalizers:', `[${(metadata?.finalizers ?? []).join(' ')}]`)
  const bound = Boolean(spec?.volumeName)
  w.row(0, 'Capacity:', bound ? Quantity.of(status?.capacity?.storage).toString() : '')
  w.row(0, 'Access Modes:', bound ? modesInShort(status?.accessModes) : '')
  if (spec?.volumeMode) w.row(0, 'VolumeMode:', spec.volumeMode)
  if (!spec?.dataSource) return
  w.row(0, 'DataSource:')
  if (spec.dataSource.apiGroup !== undefined) w.row(1, 'APIGroup:', spec.dataSource.apiGroup)
  w.row(1, 'Kind:', spec.dataSource.kind)
  w.row(1, 'Name:', spec.dataSource.name)
}
