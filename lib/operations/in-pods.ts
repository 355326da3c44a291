import 'server-only'
import { type AppError, appError } from '../core/errors'
import { fail, ok, type Result } from '../core/result'
import type { ExecAnswer, KubeObject } from '../targets/types'
import type { PodSelection } from './pod-selection'
import { containerOf, resolvePods } from './resolve-pods'
import type { ReadContext, WriteContext } from './types'

/** The first pod of a selection, the primary of a database before its replicas, and a note when names differ. */
export async function onePod(
  context: Pick<ReadContext, 'cluster'>,
  selection: PodSelection,
): Promise<Result<{ pod: KubeObject; note?: string }>> {
  const found = await resolvePods(context, selection)
  if (!found.ok) return found
  const { pods, note } = found.value
  const pod = pods.find((one) => one.metadata.labels?.role === 'primary') ?? pods[0]
  if (!pod)
    return fail(
      'not_found',
      `there is no pod ${selection.pod ?? selection.workload ?? selection.prefix ?? ''} in ${selection.namespace}`,
    )
  return ok({ pod, ...(note ? { note } : {}) })
}

/** Runs a reading argv in one pod; a non-zero exit is an error with the program's own words. */
export async function runIn(
  context: Pick<ReadContext, 'cluster'>,
  pod: KubeObject,
  argv: string[],
  timeoutMs?: number,
): Promise<Result<ExecAnswer>> {
  const answer = await context.cluster.exec({
    namespace: pod.metadata.namespace ?? '',
    pod: pod.metadata.name,
    container: containerOf(pod),
    argv,
    ...(timeoutMs ? { timeoutMs } : {}),
  })
  if (!answer.ok) return answer
  return answer.value.exitCode === 0
    ? answer
    : { ok: false, error: programFailed(argv[0] ?? '', pod.metadata.name, answer.value) }
}

/** Runs a changing argv in one pod, once. */
export async function changeIn(
  context: Pick<WriteContext, 'cluster'>,
  target: { namespace: string; pod: string; container: string },
  argv: string[],
  timeoutMs?: number,
): Promise<Result<ExecAnswer>> {
  const answer = await context.cluster.execWrite({ ...target, argv, ...(timeoutMs ? { timeoutMs } : {}) })
  if (!answer.ok) return answer
  return answer.value.exitCode === 0
    ? answer
    : { ok: false, error: programFailed(argv[0] ?? '', target.pod, answer.value) }
}

/** A program's failure as an error; "cannot connect" is told apart from other failures. */
export function programFailed(program: string, pod: string, answer: ExecAnswer): AppError {
  const said = (answer.stderr || answer.stdout).trim().split('\n').slice(0, 3).join(' ').slice(0, 300)
  if (answer.exitCode === 127 || /executable file not found/.test(said))
    return appError('precondition_failed', `${program} is not in the image of ${pod}`)
  const refused =
    /connection refused|could not connect|no such file|connection to server|too many clients|reserved for/i.test(
      said,
    )
  return appError(
    refused ? 'target_unavailable' : 'internal',
    `${program} in ${pod} ended with code ${answer.exitCode}: ${said || 'it said nothing'}`,
  )
}
