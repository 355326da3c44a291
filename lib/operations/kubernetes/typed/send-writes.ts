import 'server-only'
import { fail, ok, type Result } from '@/lib/core/result'
import { type Applied, type Plan, RUN_ANNOTATION, type WriteContext } from '@/lib/operations/types'
import type { KubeObject } from '@/lib/targets/types'
import { RESTARTED_AT } from './patches'
import { removalOf, type Sent } from './plan-writes'

/** Sends the writes of a plan of `planWrites` one by one. Error: that of the write that failed, and how many were made before it. */
export async function sendWrites(context: WriteContext, plan: Plan): Promise<Result<Applied>> {
  const at = context.now().toISOString()
  const { writes } = plan.payload as unknown as { writes: Sent[] }
  for (const [index, write] of writes.entries()) {
    const done = await sendOne(context, write)
    if (done.ok) continue
    if (index === 0) return done
    const made = `${index} of ${writes.length} writes were made, then: ${done.error.message}`
    return fail(done.error.code, made, { retryable: false })
  }
  return ok({ summary: `${plan.act}: sent`, at, payload: {} })
}

async function sendOne(context: WriteContext, write: Sent): Promise<Result<unknown>> {
  if (write.does === 'delete')
    return context.cluster.remove(write.type, write.name, write.namespace, {
      ...(write.uid ? { uid: write.uid } : {}),
      ...removalOf(write),
    })
  if (write.does === 'create') {
    const body = write.body as KubeObject
    const annotations = { ...body.metadata.annotations, [RUN_ANNOTATION]: context.runId }
    return context.cluster.create(write.type, write.namespace, {
      ...body,
      metadata: { ...body.metadata, annotations },
    })
  }
  const now = context.now().toISOString()
  const body = JSON.parse(JSON.stringify(write.body).replaceAll(RESTARTED_AT, now))
  const { type, name, namespace, kind, subresource } = write
  // A patch of the status reaches nothing else, no annotation either.
  const marked = kind === 'json' || subresource ? body : withMark(body, context.runId)
  return context.cluster.patch(type, name, namespace, kind as 'merge', marked, subresource)
}

function withMark(body: KubeObject, runId: string): unknown {
  const metadata: Partial<KubeObject['metadata']> = body.metadata ?? {}
  return {
    ...body,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [RUN_ANNOTATION]: runId } },
  }
}
