import 'server-only'
import type { V1Volume } from '@kubernetes/client-node'
import { Quantity } from './quantity'

/** A source of a volume, as JSON has it. */
export type Source = Record<string, unknown>
type Row = [label: string, value: (source: Source) => unknown]

const text =
  (field: string): ((source: Source) => unknown) =>
  (source) =>
    source[field] ?? ''
const count =
  (field: string): ((source: Source) => unknown) =>
  (source) =>
    source[field] ?? 0
const yes =
  (field: string): ((source: Source) => unknown) =>
  (source) =>
    source[field] === true
const list =
  (field: string): ((source: Source) => unknown) =>
  (source) =>
    `[${((source[field] as string[] | undefined) ?? []).join(' ')}]`
/** A reference to a secret, as Go prints a pointer to one. */
const secret = (source: Source): unknown => {
  const ref = source.secretRef as { name?: string } | undefined
  return ref ? `&LocalObjectReference{Name:${ref.name ?? ''},}` : 'nil'
}
const READ_ONLY: Row = ['ReadOnly:', yes('readOnly')]
const FS_TYPE: Row = ['FSType:', text('fsType')]

/** Kinds of volumes that are said in rows: the type in words, then label and value. Source: describe.go of kubectl 1.32. */
export const KINDS: [field: keyof V1Volume, words: string, rows: Row[]][] = [
  [
    'hostPath',
    'HostPath (bare host directory volume)',
    [
      ['Path:', text('path')],
      ['HostPathType:', ({ type }) => type ?? '<none>'],
    ],
  ],
  [
    'emptyDir',
    "EmptyDir (a temporary directory that shares a pod's lifetime)",
    [
      ['Medium:', text('medium')],
      [
        'SizeLimit:',
        ({ sizeLimit }) => {
          const limit = Quantity.of(sizeLimit)
          return limit.compare(Quantity.zero) > 0 ? limit : '<unset>'
        },
      ],
    ],
  ],
  [
    'gcePersistentDisk',
    'GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)',
    [['PDName:', text('pdName')], FS_TYPE, ['Partition:', count('partition')], READ_ONLY],
  ],
  [
    'awsElasticBlockStore',
    'AWSElasticBlockStore (a Persistent Disk resource in AWS)',
    [['VolumeID:', text('volumeID')], FS_TYPE, ['Partition:', count('partition')], READ_ONLY],
  ],
  [
    'gitRepo',
    'GitRepo (a volume that is pulled from git when the pod is created)',
    [
      ['Repository:', text('repository')],
      ['Revision:', text('revision')],
    ],
  ],
  [
    'secret',
    'Secret (a volume populated by a Secret)',
    [
      ['SecretName:', text('secretName')],
      ['Optional:', yes('optional')],
    ],
  ],
  [
    'configMap',
    'ConfigMap (a volume populated by a ConfigMap)',
    [
      ['Name:', text('name')],
      ['Optional:', yes('optional')],
    ],
  ],
  [
    'nfs',
    'NFS (an NFS mount that lasts the lifetime of a pod)',
    [['Server:', text('server')], ['Path:', text('path')], READ_ONLY],
  ],
  [
    'iscsi',
    "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
    [
      ['TargetPortal:', text('targetPortal')],
      ['IQN:', text('iqn')],
      ['Lun:', count('lun')],
      ['ISCSIInterface', text('iscsiInterface')],
      FS_TYPE,
      READ_ONLY,
      ['Portals:', list('portals')],
      ['DiscoveryCHAPAuth:', yes('chapAuthDiscovery')],
      ['SessionCHAPAuth:', yes('chapAuthSession')],
      ['SecretRef:', secret],
      ['InitiatorName:', ({ initiatorName }) => initiatorName ?? '<none>'],
    ],
  ],
  [
    'glusterfs',
    "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
    [['EndpointsName:', text('endpoints')], ['Path:', text('path')], READ_ONLY],
  ],
  [
    'persistentVolumeClaim',
    'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
    [['ClaimName:', text('claimName')], READ_ONLY],
  ],
  [
    'rbd',
    "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
    [
      ['CephMonitors:', list('monitors')],
      ['RBDImage:', text('image')],
      FS_TYPE,
      ['RBDPool:', text('pool')],
      ['RadosUser:', text('user')],
      ['Keyring:', text('keyring')],
      ['SecretRef:', secret],
      READ_ONLY,
    ],
  ],
  [
    'azureDisk',
    'AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)',
    [
      ['DiskName:', text('diskName')],
      ['DiskURI:', text('diskURI')],
      ['Kind: ', text('kind')],
      FS_TYPE,
      ['CachingMode:', text('cachingMode')],
      READ_ONLY,
    ],
  ],
  [
    'vsphereVolume',
    'vSphereVolume (a Persistent Disk resource in vSphere)',
    [['VolumePath:', text('volumePath')], FS_TYPE, ['StoragePolicyName:', text('storagePolicyName')]],
  ],
  [
    'cinder',
    'Cinder (a Persistent Disk resource in OpenStack)',
    [['VolumeID:', text('volumeID')], FS_TYPE, READ_ONLY, ['SecretRef:', secret]],
  ],
  [
    'cephfs',
    "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
    [
      ['Monitors:', list('monitors')],
      ['Path:', text('path')],
      ['User:', text('user')],
      ['SecretFile:', text('secretFile')],
      ['SecretRef:', secret],
      READ_ONLY,
    ],
  ],
  [
    'fc',
    'FC (a Fibre Channel disk)',
    [
      ['TargetWWNs:', ({ targetWWNs }) => ((targetWWNs as string[] | undefined) ?? []).join(', ')],
      ['LUN:', ({ lun }) => lun ?? '<none>'],
      FS_TYPE,
      READ_ONLY,
    ],
  ],
  [
    'azureFile',
    'AzureFile (an Azure File Service mount on the host and bind mount to the pod)',
    [['SecretName:', text('secretName')], ['ShareName:', text('shareName')], READ_ONLY],
  ],
  [
    'image',
    'Image (a container image or OCI artifact)',
    [
      ['Reference:', text('reference')],
      ['PullPolicy:', text('pullPolicy')],
    ],
  ],
]
