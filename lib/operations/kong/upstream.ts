import 'server-only'
import { z } from 'zod'
import { curlInside, podArgument } from '@/lib/operations/commands'
import { fromCurl } from '@/lib/operations/http/ask-pods'
import { podSelection } from '@/lib/operations/pod-selection'
import { containerOf } from '@/lib/operations/resolve-pods'
import type { Check } from '@/lib/operations/types'
import { mayRead } from '@/lib/targets/exec-allow-list'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { judgeHealth } from '@/lib/verdicts/http'
import { kongPods } from './admin'

const params = podSelection.extend({ url: z.string() })

/** A service as seen from inside each gateway pod: DNS, network and answer. */
export const upstream: Check<z.infer<typeof params>> = {
  id: 'kong.upstream',
  title: 'Ask a service from inside the gateway',
  effect: 'read',
  params,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const inside = curlInside(commands, hints)
    const elsewhere = inside && !['localhost', '127.0.0.1'].includes(inside.url.hostname)
    return inside &&
      elsewhere &&
      inside.curl.method === 'GET' &&
      Object.keys(inside.curl.headers).length === 0 &&
      inside.filters.length === 0 &&
      // What may not be asked from a pod must not look as if it were.
      mayRead(['curl', inside.curl.url])
      ? { ...inside.pods, url: inside.curl.url }
      : undefined
  },
  kubectl: (p) => `kubectl exec ${podArgument(p)} -n ${p.namespace} -- curl ${p.url}`,
  async run(context, { url, ...selection }) {
    const pods = await kongPods(context, selection)
    if (!pods.ok) return couldNotLook(pods.error)
    const all = await Promise.all(
      pods.value.map(async (pod) => ({
        name: pod.metadata.name,
        answer: await context.cluster.exec({
          namespace: selection.namespace,
          pod: pod.metadata.name,
          container: containerOf(pod),
          argv: ['curl', '-s', '-i', '-m', '5', url],
        }),
      })),
    )
    const failed = all.find((one) => !one.answer.ok)?.answer
    if (failed && !failed.ok) return couldNotLook(failed.error)
    const answers = all.flatMap(({ name, answer }) => (answer.ok ? [fromCurl(name, answer.value)] : []))
    const { host, pathname } = new URL(url)
    return conclude({
      ...judgeHealth(`GET ${host}${pathname}`, answers, []),
      read: `${pods.value.length} pods`,
      figure: `upstream ${answers.filter((one) => (one.status ?? 500) < 400).length} of ${answers.length}`,
    })
  },
}
