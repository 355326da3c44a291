import 'server-only'
import type {
  V1CSIVolumeSource,
  V1DownwardAPIVolumeSource,
  V1EphemeralVolumeSource,
  V1PersistentVolumeClaim,
  V1ProjectedVolumeSource,
  V1Volume,
} from '@kubernetes/client-node'
import { CouldNotPrint } from '../limits'
import { writeClaim } from './claims'
import { KINDS, type Source } from './volume-kinds'
import { inOrder, shortened, type Writer } from './writer'

/** Kinds that hardly any cluster has any more; kubectl would print them, this does not. */
const NOT_SAID = [
  ...(['quobyte', 'photonPersistentDisk', 'portworxVolume', 'scaleIO', 'storageos'] as const),
  ...(['flexVolume', 'flocker'] as const),
]

/** The volumes of a pod or template; `margin` is two blanks in a template. */
export function writeVolumes(w: Writer, volumes: readonly V1Volume[] | undefined, margin: '' | '  ') {
  if (!volumes?.length) return w.row(0, `${margin}Volumes:`, '<none>')
  w.row(0, `${margin}Volumes:`)
  for (const volume of volumes) {
    w.row(1, `${margin ? ' ' : ''}${volume.name}:`)
    writeVolume(w, volume)
  }
}

function writeVolume(w: Writer, volume: V1Volume): void {
  if (writeKnown(w, volume)) return
  if (volume.ephemeral) writeEphemeral(w, volume.ephemeral)
  else if (volume.downwardAPI) writeDownward(w, volume.downwardAPI)
  else if (volume.projected) writeProjected(w, volume.projected)
  else if (volume.csi) writeCsi(w, volume.csi)
  else w.row(1, '<unknown>')
}

/** A source that is said in rows; false when it is none of those. Throws CouldNotPrint for kinds that are not known. */
export function writeKnown(w: Writer, holder: object): boolean {
  const sources = holder as Record<string, Source | undefined>
  for (const [field, words, rows] of KINDS) {
    const source = sources[field]
    if (!source) continue
    w.row(2, 'Type:', words)
    for (const [label, value] of rows) w.row(2, label, String(value(source)))
    return true
  }
  const odd = NOT_SAID.find((field) => sources[field])
  if (odd) throw new CouldNotPrint(`A volume of type ${odd} is not printed here.`)
  return false
}

function writeEphemeral(w: Writer, { volumeClaimTemplate }: V1EphemeralVolumeSource): void {
  w.row(
    2,
    'Type:',
    'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
  )
  if (volumeClaimTemplate) writeClaim(w.nested(2), volumeClaimTemplate as V1PersistentVolumeClaim)
}

function writeDownward(w: Writer, { items }: V1DownwardAPIVolumeSource): void {
  w.row(2, 'Type:', 'DownwardAPI (a volume populated by information about the pod)')
  w.row(2, 'Items:')
  for (const { fieldRef, resourceFieldRef, path } of items ?? []) {
    if (fieldRef) w.row(3, `${fieldRef.fieldPath} -> ${path}`)
    if (resourceFieldRef) w.row(3, `${resourceFieldRef.resource} -> ${path}`)
  }
}

function writeProjected(w: Writer, { sources }: V1ProjectedVolumeSource): void {
  w.row(2, 'Type:', 'Projected (a volume that contains injected data from multiple sources)')
  // Where it is set, kubectl 1.32 prints the address of the value in its memory; later ones the value.
  const optional = (one: { optional?: boolean }) => (one.optional === undefined ? '<nil>' : one.optional)
  for (const { secret: from, downwardAPI, configMap, serviceAccountToken } of sources ?? []) {
    if (from) {
      w.row(2, 'SecretName:', from.name ?? '')
      w.row(2, 'SecretOptionalName:', optional(from))
    } else if (downwardAPI) w.row(2, 'DownwardAPI:', true)
    else if (configMap) {
      w.row(2, 'ConfigMapName:', configMap.name ?? '')
      w.row(2, 'ConfigMapOptional:', optional(configMap))
    } else if (serviceAccountToken)
      w.row(2, 'TokenExpirationSeconds:', serviceAccountToken.expirationSeconds ?? 0)
  }
}

function writeCsi(w: Writer, { driver, fsType, readOnly, volumeAttributes }: V1CSIVolumeSource): void {
  w.row(2, 'Type:', 'CSI (a Container Storage Interface (CSI) volume source)')
  w.row(2, 'Driver:', driver)
  w.row(2, 'FSType:', fsType ?? '')
  w.row(2, 'ReadOnly:', readOnly === true)
  writeAttributes(w, volumeAttributes)
}

/** Attributes of a CSI volume, each cut after 140 bytes. */
export function writeAttributes(w: Writer, attributes: Record<string, string> | undefined): void {
  w.write(2, 'VolumeAttributes:\t')
  const entries = inOrder(attributes ?? {})
  if (entries.length === 0) w.write(0, '<none>\n')
  entries.forEach(([key, value], index) => {
    if (index > 0) {
      w.write(2, '')
      w.write(2, '\t')
    }
    // The blanks are written before each entry, as kubectl does it.
    w.write(2, `${shortened(`${key}=${value}`, 140)}\n`)
  })
}
