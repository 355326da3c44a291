import 'server-only'
import type { z } from 'zod'
import { curlInside, podArgument } from '@/lib/operations/commands'
import { resolveHost } from '@/lib/operations/http/resolve-host'
import { readAddresses } from '@/lib/operations/kubernetes/checks/endpoints'
import { podSelection } from '@/lib/operations/pod-selection'
import type { Check } from '@/lib/operations/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { judgeKongServices, type KongService, servicesOf } from '@/lib/verdicts/kong'
import { askAdmin, kongPods } from './admin'

/** Which services Kong knows, and whether something stands behind each. */
export const services: Check<z.infer<typeof podSelection>> = {
  id: 'kong.services',
  title: 'Look at the services Kong knows',
  effect: 'read',
  params: podSelection,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const inside = curlInside(commands, hints)
    return inside?.curl.method === 'GET' &&
      inside.url.port === '8001' &&
      inside.url.pathname === '/services' &&
      inside.filters.length === 0
      ? inside.pods
      : undefined
  },
  kubectl: (p) => `kubectl exec ${podArgument(p)} -n ${p.namespace} -- curl http://localhost:8001/services`,
  async run(context, p) {
    const pods = await kongPods(context, p)
    if (!pods.ok) return couldNotLook(pods.error)
    const asked = await askAdmin(context, pods.value, '/services')
    if (asked.error) return couldNotLook(asked.error)
    const hosts = new Map<string, KongService>()
    for (const one of asked.answers.flatMap((answer) => servicesOf(answer.body ?? '')))
      hosts.set(`${one.host}:${one.port}`, one)
    const behind = await Promise.all(
      [...hosts].slice(0, 50).map(async ([key, one]) => {
        const resolved = await resolveHost(context, one.host, one.port)
        if (!resolved.ok)
          return [
            key,
            resolved.error.code === 'not_found' ? resolved.error.message : { unseen: resolved.error.message },
          ] as const
        const addresses = await readAddresses(
          context.cluster,
          resolved.value.namespace,
          resolved.value.service.metadata.name,
        )
        return [
          key,
          addresses.ok
            ? addresses.value.filter((address) => address.ready).length
            : { unseen: addresses.error.message },
        ] as const
      }),
    )
    return conclude({
      ...judgeKongServices(asked.answers, new Map<string, number | string | { unseen: string }>(behind)),
      read: `${pods.value.length} pods`,
    })
  },
}
