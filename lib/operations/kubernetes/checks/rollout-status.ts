import 'server-only'
import { z } from 'zod'
import { kubectl, workloadIn } from '@/lib/operations/commands'
import { resolveWorkload } from '@/lib/operations/resolve-pods'
import type { Check } from '@/lib/operations/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { judgeRollout, rolloutCounts } from '@/lib/verdicts/rollout'

const params = z.object({ namespace: z.string(), workload: z.string() })

/** Whether a workload has what it wants, and whether its last rollout came to its end. */
export const rolloutStatus: Check<z.infer<typeof params>> = {
  id: 'kubernetes.rollout-status',
  title: 'Look at the rollout',
  effect: 'read',
  params,
  starts: ['kubectl rollout'],
  recognise(commands) {
    const command = kubectl(commands, 'rollout', 'status')
    const workload = workloadIn(command)
    // A pipe is given what kubectl prints.
    return command?.filters.length === 0 && workload
      ? { namespace: command.namespace ?? 'default', workload }
      : undefined
  },
  kubectl: (p) => `kubectl rollout status ${p.workload} -n ${p.namespace} --watch=false`,
  async run(context, p) {
    const found = await resolveWorkload(context, p.namespace, p.workload)
    if (!found.ok) return couldNotLook(found.error)
    const counts = rolloutCounts(found.value.object)
    return conclude({
      findings: judgeRollout(found.value.object, context.now().getTime()),
      healthy: `${counts.ready} of ${counts.wanted} pods ready, rollout complete`,
      figure: `${counts.ready} of ${counts.wanted} ready`,
      views: [
        {
          type: 'facts',
          items: [
            { label: 'Wanted', value: String(counts.wanted) },
            { label: 'Updated', value: String(counts.updated) },
            {
              label: 'Ready',
              value: String(counts.ready),
              tone: counts.ready < counts.wanted ? 'warn' : 'pass',
            },
            {
              label: 'Revision',
              value: found.value.object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? '–',
            },
          ],
        },
      ],
    })
  },
}
