import type { Store } from '../api/store'
import type { KubeObject } from '../types'

export const REVISION = 'deployment.kubernetes.io/revision'
export const HISTORY = 'deployment.kubernetes.io/revision-history'
export const DESIRED = 'deployment.kubernetes.io/desired-replicas'
export const MAXIMUM = 'deployment.kubernetes.io/max-replicas'
export const HASH = 'pod-template-hash'

/** `25%` of n, rounded up for surge and down for unavailable, or the number itself. */
export function amount(value: number | string | undefined, of: number, up: boolean): number {
  const text = value ?? '25%'
  if (typeof text === 'number') return text
  if (!text.endsWith('%')) return Number(text)
  const share = (Number.parseFloat(text) / 100) * of
  return up ? Math.ceil(share) : Math.floor(share)
}

/** What each ReplicaSet keeps of its Deployment: its size and its surge; the newest one its annotations too. */
export function note(store: Store, deployment: KubeObject, sets: KubeObject[], current: KubeObject): void {
  const wanted: number = deployment.spec.replicas ?? 1
  const surge =
    deployment.spec.strategy?.type === 'Recreate'
      ? 0
      : amount(deployment.spec.strategy?.rollingUpdate?.maxSurge, wanted, true)
  const sizes = { [DESIRED]: String(wanted), [MAXIMUM]: String(wanted + surge) }
  for (const set of new Set([...sets, current])) {
    const own = set.metadata.uid === current.metadata.uid
    if (!own && (set.spec.replicas ?? 0) === 0) continue
    store.change('ReplicaSet', set.metadata.namespace, set.metadata.name, (one) => {
      one.metadata.annotations = {
        ...one.metadata.annotations,
        ...(own ? copied(deployment) : {}),
        ...sizes,
      }
    })
  }
}

/** A Deployment's annotations, as its newest ReplicaSet has them. */
export function copied(deployment: KubeObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries((deployment.metadata.annotations ?? {}) as Record<string, string>).filter(
      ([key]) =>
        !key.startsWith('deployment.kubernetes.io/') &&
        key !== 'kubectl.kubernetes.io/last-applied-configuration',
    ),
  )
}

export function withoutHash(template: KubeObject): unknown {
  const { [HASH]: _hash, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}
