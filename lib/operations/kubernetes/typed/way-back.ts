import 'server-only'
import { isDeepStrictEqual } from 'node:util'
import mergePatch from 'json-merge-patch'
import { redactDeep } from '@/lib/core/redact'
import { type Json, type Plan, type Risk, RUN_ANNOTATION, type Undo } from '@/lib/operations/types'
import type { KubeObject } from '@/lib/targets/types'
import { RESTARTED_AT } from './patches'
import type { Sent } from './plan-writes'

/** The operations that take a change back: what a second person agreed to is taken back with a second person. */
export const PUT_BACK = 'kubernetes.put-back'
export const PUT_BACK_APPROVED = 'kubernetes.put-back-approved'

/** What of an object a change may be about: all but its status and what the server counts by itself. */
export function told(object: KubeObject): Record<string, unknown> {
  // Objects of a list do not say their kind.
  const { apiVersion: _version, kind: _kind, status: _status, metadata, ...rest } = object
  const { [RUN_ANNOTATION]: _mark, ...annotations } = metadata.annotations ?? {}
  return { ...rest, metadata: { labels: metadata.labels ?? {}, annotations } }
}

/** What the API has of every object, and no fix changes. */
interface Bookkeeping {
  finalizers?: unknown
  ownerReferences?: unknown
}

/** The change from one state of an object to another, and the way back; undefined for what has none. */
export function wayBack(before: KubeObject, after: KubeObject): Pick<Sent, 'made' | 'back'> | undefined {
  const bookkeeping = ({ metadata }: KubeObject) => {
    const { finalizers = [], ownerReferences = [] } = metadata as KubeObject['metadata'] & Bookkeeping
    return [finalizers, ownerReferences]
  }
  // Part of a way back would be taken for all of it.
  if (!isDeepStrictEqual(bookkeeping(before), bookkeeping(after))) return undefined
  const [was, is] = [told(before), told(after)]
  const way = { made: mergePatch.generate(was, is), back: mergePatch.generate(is, was) }
  // What is kept is redacted: a way back that lost a value would write the gap into the cluster.
  return way.made && way.back && isDeepStrictEqual(redactDeep(way), way) ? way : undefined
}

/** Whether writes can be taken back: patches of objects, other than restarts and statuses. */
export function canPutBack(writes: readonly Sent[]): boolean {
  return (
    writes.length > 0 &&
    writes.every(
      (one) =>
        one.does === 'patch' &&
        one.back !== undefined &&
        one.uid !== undefined &&
        !JSON.stringify(one.body).includes(RESTARTED_AT),
    )
  )
}

/** How a fix of that risk takes back the writes of a plan of `planWrites`. */
export function undoOf(risk: Risk): (plan: Plan) => Undo {
  return (plan) => {
    const { writes } = plan.payload as unknown as { writes: Sent[] }
    if (!canPutBack(writes)) return { irreversible: plan.undo.text }
    const back = writes.map(({ type, name, namespace, uid, made, back }) => ({
      type,
      name,
      ...(namespace ? { namespace } : {}),
      uid,
      made,
      back,
    }))
    const operation = risk === 'high' || back.some(stopsAll) ? PUT_BACK_APPROVED : PUT_BACK
    return { operation, params: { writes: back } as unknown as Json }
  }
}

/** Back to no pods at all. */
function stopsAll({ back }: { back: unknown }): boolean {
  return (back as { spec?: { replicas?: unknown } }).spec?.replicas === 0
}
