import 'server-only'
import type { z } from 'zod'
import { curlInside, podArgument } from '@/lib/operations/commands'
import { podSelection } from '@/lib/operations/pod-selection'
import type { Check } from '@/lib/operations/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { judgeKongStatus } from '@/lib/verdicts/kong'
import { askAdmin, kongPods } from './admin'

/** Whether each Kong pod answers on its admin port, and reaches its database. */
export const status: Check<z.infer<typeof podSelection>> = {
  id: 'kong.status',
  title: 'Look at the status of Kong',
  effect: 'read',
  params: podSelection,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const inside = curlInside(commands, hints)
    return inside?.curl.method === 'GET' &&
      inside.url.port === '8001' &&
      inside.url.pathname === '/status' &&
      inside.filters.length === 0
      ? inside.pods
      : undefined
  },
  kubectl: (p) => `kubectl exec ${podArgument(p)} -n ${p.namespace} -- curl http://localhost:8001/status`,
  async run(context, p) {
    const pods = await kongPods(context, p)
    if (!pods.ok) return couldNotLook(pods.error)
    const asked = await askAdmin(context, pods.value, '/status')
    if (asked.error) return couldNotLook(asked.error)
    return conclude({ ...judgeKongStatus(asked.answers), read: `${pods.value.length} pods` })
  },
}
