import 'server-only'
import { z } from 'zod'
import { kubectl, resource } from '@/lib/operations/commands'
import type { Check } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { count } from '@/lib/verdicts/durations'
import { judgeUsage, usageOf, usageViews } from '@/lib/verdicts/usage'

const params = z.object({ namespace: z.string() })

/** CPU and memory in use against requests and limits. */
export const usage: Check<z.infer<typeof params>> = {
  id: 'kubernetes.usage',
  title: 'Look at resource usage',
  effect: 'read',
  params,
  starts: ['kubectl top'],
  recognise(commands) {
    const command = kubectl(commands, 'top')
    if (
      !command ||
      command.filters.length > 0 ||
      command.allNamespaces ||
      command.selector ||
      !resource(command, 'Pod') ||
      command.resources[0]?.name
    )
      return undefined
    return { namespace: command.namespace ?? 'default' }
  },
  kubectl: (p) => `kubectl top pods -n ${p.namespace}`,
  async run({ cluster }, p) {
    const [metrics, pods] = await Promise.all([
      cluster.list(RESOURCE.PodMetrics, { namespace: p.namespace }),
      cluster.list(RESOURCE.Pod, { namespace: p.namespace }),
    ])
    if (!pods.ok) return couldNotLook(pods.error)
    if (!metrics.ok) {
      const absent = metrics.error.code === 'not_found' || metrics.error.code === 'target_unavailable'
      return couldNotLook(
        absent
          ? {
              ...metrics.error,
              message: 'the cluster serves no metrics (metrics.k8s.io)',
              hint: 'Is metrics-server installed and running?',
            }
          : metrics.error,
      )
    }
    const rows = usageOf(pods.value, metrics.value)
    const highest = Math.max(0, ...rows.map((row) => row.memoryShare ?? 0))
    return conclude({
      findings: judgeUsage(rows),
      healthy: `Highest memory use is ${Math.round(highest * 100)} % of the limit`,
      figure: `${Math.round(highest * 100)} % of limit at most`,
      read: count(rows.length, 'pod'),
      views: usageViews(rows),
    })
  },
}
