import 'server-only'
import { pause, watchRollout } from '@/lib/operations/kubernetes/fixes/rollout'
import type { Plan, Progress, ReadContext } from '@/lib/operations/types'
import { troubleOf } from '@/lib/verdicts/conditions'
import type { Sent } from './plan-writes'

const WATCH_MS = 120_000
const STEP_MS = 1_000

/** Watches what the writes of a plan of `planWrites` are about. */
export function watchWrites(context: ReadContext, plan: Plan): AsyncIterable<Progress> {
  return watch(context, (plan.payload as unknown as { writes: Sent[] }).writes)
}

const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet'])

/** Whether a write leads to a rollout that has an end. */
function rollsOut(write: Sent): boolean {
  const paused = (write.body as { spec?: { paused?: boolean | null } } | undefined)?.spec?.paused === true
  return WORKLOADS.has(write.type.kind) && write.does !== 'delete' && !paused
}

/** Until every object is as it should be: gone, rolled out, or without trouble of its own. */
async function* watch(context: ReadContext, writes: Sent[]): AsyncIterable<Progress> {
  for (const write of writes.filter(rollsOut)) {
    const workload = {
      namespace: write.namespace ?? 'default',
      ref: `${write.type.kind.toLowerCase()}/${write.name}`,
    }
    for await (const progress of watchRollout(context, workload)) {
      if (progress.state === 'done') break
      yield progress
      if (progress.state !== 'running') return
    }
  }
  yield* watchObjects(
    context,
    writes.filter((write) => !rollsOut(write)),
  )
}

async function* watchObjects(context: ReadContext, writes: Sent[]): AsyncIterable<Progress> {
  const end = Date.now() + WATCH_MS
  let open = writes
  while (!context.signal.aborted) {
    const left: string[] = []
    const still: Sent[] = []
    for (const write of open) {
      const now = await context.cluster.get(write.type, write.name, write.namespace)
      const gone = !now.ok && now.error.code === 'not_found'
      const name = `${write.type.kind} ${write.name}`
      if (write.does === 'delete') {
        if (gone || (now.ok && now.value.metadata.uid !== write.uid)) continue
        left.push(`${name} is still there`)
      } else if (!now.ok) left.push(now.error.message)
      else {
        const [trouble] = troubleOf({ ...now.value, kind: write.type.kind }).filter(
          // That a rollout stands still is what was asked for.
          (one) => one.code !== 'workload.paused',
        )
        if (!trouble) continue
        left.push(trouble.title)
      }
      still.push(write)
    }
    if (left.length === 0) {
      yield { state: 'done', message: 'Everything is as wanted' }
      return
    }
    if (Date.now() > end) {
      yield { state: 'failed', message: `After ${WATCH_MS / 60_000} min: ${left[0]}` }
      return
    }
    open = still
    yield {
      state: 'running',
      message: left[0] ?? '',
      done: writes.length - left.length,
      total: writes.length,
    }
    await pause(STEP_MS, context.signal)
  }
  yield { state: 'unknown', message: 'It was sent; nobody watched it to its end.' }
}
