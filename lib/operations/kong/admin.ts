import 'server-only'
import type { AppError } from '@/lib/core/errors'
import { fail, ok, type Result } from '@/lib/core/result'
import { asAnswer, fromCurl } from '@/lib/operations/http/ask-pods'
import type { PodSelection } from '@/lib/operations/pod-selection'
import { containerOf, resolvePods } from '@/lib/operations/resolve-pods'
import type { ReadContext } from '@/lib/operations/types'
import type { KubeObject } from '@/lib/targets/types'
import type { Answer } from '@/lib/verdicts/http'

/** Kong's admin port (https://developer.konghq.com/admin-api/). */
const ADMIN_PORT = 8001

/** All Kong pods of the selection; none is an error. */
export async function kongPods(
  context: Pick<ReadContext, 'cluster'>,
  selection: PodSelection,
): Promise<Result<KubeObject[]>> {
  const found = await resolvePods(context, selection)
  if (!found.ok) return found
  return found.value.pods.length > 0
    ? ok(found.value.pods)
    : fail('not_found', `there is no Kong pod in ${selection.namespace}`)
}

/** GET on the admin port of each pod; by curl inside the pod where that port listens on loopback only. */
export async function askAdmin(
  context: Pick<ReadContext, 'cluster'>,
  pods: KubeObject[],
  path: string,
): Promise<{ answers: Answer[]; error?: AppError }> {
  const all = await Promise.all(
    pods.map(async (pod) => {
      const name = pod.metadata.name
      const namespace = pod.metadata.namespace ?? ''
      const proxied = asAnswer(
        name,
        await context.cluster.podGet({ namespace, name, port: ADMIN_PORT }, { path }),
      )
      if (!('code' in proxied) && proxied.status !== undefined) return proxied
      const inside = await context.cluster.exec({
        namespace,
        pod: name,
        container: containerOf(pod),
        argv: ['curl', '-s', '-i', '-m', '5', `http://localhost:${ADMIN_PORT}${path}`],
      })
      return inside.ok ? fromCurl(name, inside.value) : proxied
    }),
  )
  const error = all.find((one): one is AppError => 'code' in one)
  return { answers: all.filter((one): one is Answer => !('code' in one)), ...(error ? { error } : {}) }
}
