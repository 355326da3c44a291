import { createHash } from 'node:crypto'
import { admitPod } from '../api/defaults'
import type { KubeObject } from '../types'

/** A short stable hash of a pod template: the pod-template-hash label and StatefulSet revisions. */
export function templateHash(template: unknown): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
  const digest = createHash('sha256').update(JSON.stringify(template)).digest()
  return Array.from(digest.subarray(0, 10), (byte) => alphabet[byte % alphabet.length]).join('')
}

/** Five random characters, as the API server appends to generated names. */
export function suffix(): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
  return Array.from({ length: 5 }, () => alphabet[Math.floor(Math.random() * alphabet.length)]).join('')
}

/** A pod made from a template, owned by a workload. */
export function podFrom(
  owner: KubeObject,
  template: KubeObject,
  name: string,
  labels: Record<string, string>,
): KubeObject {
  const spec = structuredClone(template.spec)
  admitPod(spec)
  const generateName = owner.kind === 'StatefulSet' ? `${owner.metadata.name}-` : name.slice(0, -5)
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName,
      namespace: owner.metadata.namespace,
      labels: { ...template.metadata?.labels, ...labels },
      ...(template.metadata?.annotations ? { annotations: { ...template.metadata.annotations } } : {}),
      ownerReferences: [ownerOf(owner)],
    },
    spec,
    status: { phase: 'Pending' },
  }
}

/** The controller owner reference to an object. */
export function ownerOf(owner: KubeObject) {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  }
}

/** Whether an object's controller is that owner. */
export function isOwnedBy(object: KubeObject, owner: KubeObject): boolean {
  return (object.metadata.ownerReferences ?? []).some(
    (one: { uid: string }) => one.uid === owner.metadata.uid,
  )
}

/** Whether the pod's Ready condition is true and it is not going away. */
export function isReady(pod: KubeObject): boolean {
  return (
    !pod.metadata.deletionTimestamp &&
    (pod.status?.conditions ?? []).some(
      (one: { type: string; status: string }) => one.type === 'Ready' && one.status === 'True',
    )
  )
}
