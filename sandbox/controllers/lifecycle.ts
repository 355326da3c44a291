import { kindInfo } from '../api/kinds'
import type { Store } from '../api/store'
import type { KubeObject } from '../types'

export const FOREGROUND = 'foregroundDeletion'

/** Kinds whose objects belong to others, and go with them. */
const OWNED = ['ReplicaSet', 'ControllerRevision', 'EndpointSlice', 'Pod']
/** Kinds whose absence is known for certain: the practice cluster names a Job that it does not keep. */
const OWNERS = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Service'])
/** What a namespace holds. */
const CONTENT = [
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'Pod', 'Service', 'Endpoints'],
  ...['EndpointSlice', 'ConfigMap', 'Secret', 'HorizontalPodAutoscaler', 'PodDisruptionBudget', 'Ingress'],
  ...[
    'PersistentVolumeClaim',
    'ServiceAccount',
    'ResourceQuota',
    'LimitRange',
    'ControllerRevision',
    'Event',
  ],
]

type DeletePod = (pod: KubeObject) => void

/** Each namespace gets its service account and the cluster's certificate; one that goes takes its content along. */
export function reconcileNamespaces(store: Store, certificate: string, deletePod: DeletePod): void {
  for (const namespace of store.list('Namespace')) {
    const { name } = namespace.metadata
    if (!namespace.metadata.deletionTimestamp) {
      furnish(store, namespace, certificate)
      continue
    }
    for (const kind of CONTENT)
      for (const one of store.list(kind, name))
        if (kind === 'Pod') {
          if (!one.metadata.deletionTimestamp) deletePod(one)
        } else store.remove(kindInfo(kind), name, one.metadata.name)
    if (CONTENT.every((kind) => store.list(kind, name).length === 0))
      store.remove(kindInfo('Namespace'), undefined, name)
  }
}

function furnish(store: Store, { metadata }: KubeObject, certificate: string): void {
  const own = (name: string, more?: object) => ({
    name,
    namespace: metadata.name,
    creationTimestamp: metadata.creationTimestamp,
    ...more,
  })
  if (!store.get('ServiceAccount', metadata.name, 'default'))
    store.create(kindInfo('ServiceAccount'), {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: own('default'),
    })
  if (!store.get('ConfigMap', metadata.name, 'kube-root-ca.crt'))
    store.create(kindInfo('ConfigMap'), {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: own('kube-root-ca.crt', {
        annotations: {
          'kubernetes.io/description':
            'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
        },
      }),
      data: { 'ca.crt': certificate },
    })
}

/** Takes away what has lost its owner, and owners that wait for what they own. */
export function collectGarbage(store: Store, deletePod: DeletePod): void {
  const uids = new Set<string>()
  const going = new Set<string>()
  for (const kind of OWNERS)
    for (const { metadata } of store.list(kind)) {
      uids.add(metadata.uid)
      if (metadata.deletionTimestamp) going.add(metadata.uid)
    }
  const waited = new Set<string>()
  for (const kind of OWNED)
    for (const one of store.list(kind)) {
      const owner = one.metadata.ownerReferences?.[0]
      if (!owner || !OWNERS.has(owner.kind)) continue
      if (uids.has(owner.uid) && !going.has(owner.uid)) continue
      waited.add(owner.uid)
      if (kind === 'Pod') {
        if (!one.metadata.deletionTimestamp) deletePod(one)
      } else if (kind === 'ReplicaSet' && going.has(owner.uid)) markForeground(store, one)
      else store.remove(kindInfo(kind), one.metadata.namespace, one.metadata.name)
    }
  for (const kind of OWNERS)
    for (const one of store.list(kind))
      if (one.metadata.deletionTimestamp && !waited.has(one.metadata.uid))
        store.remove(kindInfo(kind), one.metadata.namespace, one.metadata.name)
}

/** Marks an object as going away as soon as everything it owns has gone. */
export function markForeground(store: Store, object: KubeObject): void {
  if (object.metadata.deletionTimestamp) return
  store.change(object.kind, object.metadata.namespace, object.metadata.name, (one) => {
    one.metadata.deletionTimestamp = store.timestamp()
    one.metadata.deletionGracePeriodSeconds = 0
    one.metadata.finalizers = [...(one.metadata.finalizers ?? []), FOREGROUND]
  })
}

/** Leaves what an object owns to itself. */
export function orphan(store: Store, owner: KubeObject): void {
  for (const kind of OWNED)
    for (const one of store.list(kind, owner.metadata.namespace)) {
      const { ownerReferences = [] } = one.metadata
      const rest = ownerReferences.filter(
        (reference: { uid: string }) => reference.uid !== owner.metadata.uid,
      )
      if (rest.length === ownerReferences.length) continue
      store.change(kind, one.metadata.namespace, one.metadata.name, (copy) => {
        if (rest.length > 0) copy.metadata.ownerReferences = rest
        else delete copy.metadata.ownerReferences
      })
    }
}
