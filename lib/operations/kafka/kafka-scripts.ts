import 'server-only'
import { type AppError, appError } from '@/lib/core/errors'
import { err, fail, ok, type Result } from '@/lib/core/result'
import { runIn } from '@/lib/operations/in-pods'
import type { PodSelection } from '@/lib/operations/pod-selection'
import { resolvePods } from '@/lib/operations/resolve-pods'
import type { ReadContext } from '@/lib/operations/types'
import type { KubeObject } from '@/lib/targets/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import type { CheckResult } from '@/lib/verdicts/types'

/** The pods of the brokers, the named one in front. Errors: not_found when there is none, and what reading returned. */
export async function brokerPods(
  context: Pick<ReadContext, 'cluster'>,
  pods: PodSelection,
): Promise<Result<KubeObject[]>> {
  const found = await resolvePods(context, pods)
  if (!found.ok) return found
  const first = found.value.pods[0]
  if (!first)
    return fail('not_found', `there is no pod ${pods.pod ?? pods.workload ?? ''} in ${pods.namespace}`)
  const app = first.metadata.labels?.app
  const kin = app ? await resolvePods(context, { namespace: pods.namespace, selector: `app=${app}` }) : found
  const others = kin.ok ? kin.value.pods.filter((pod) => pod.metadata.name !== first.metadata.name) : []
  return ok([first, ...others])
}

/** Runs a Kafka script in the first broker; when that one does not answer, in the next, and says so. */
export async function askBrokers(
  context: Pick<ReadContext, 'cluster'>,
  pods: KubeObject[],
  argv: string[],
): Promise<Result<{ text: string; pod: string; silentPods: string[] }>> {
  let failure: AppError = appError('not_found', 'there is no broker to ask')
  const silentPods: string[] = []
  for (const pod of pods.slice(0, 3)) {
    const answer = await runIn(context, pod, argv, 15_000)
    if (answer.ok) return ok({ text: answer.value.stdout, pod: pod.metadata.name, silentPods })
    if (silentPods.length === 0) failure = answer.error
    silentPods.push(pod.metadata.name)
  }
  return err(failure)
}

/** No broker answered: a finding when Kafka itself said so, else could not look. */
export function judgeNoBroker(error: AppError): CheckResult {
  return /kafka-[\w-]+\.sh in .* ended/.test(error.message)
    ? conclude({
        findings: [
          {
            severity: 'fail',
            code: 'kafka.down',
            title: 'No Kafka broker answers',
            evidence: [error.message],
            remedies: [
              { operation: 'kubernetes.rollout-restart', params: { workload: 'statefulset/kafka' } },
            ],
          },
        ],
        healthy: '',
      })
    : couldNotLook(error)
}
