import 'server-only'
import { stringify } from 'yaml'
import { z } from 'zod'
import { kubectl, resource } from '@/lib/operations/commands'
import type { Check } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { judgeService } from '@/lib/verdicts/service'

const params = z.object({ namespace: z.string(), service: z.string() })

/** How a Service is set up: type, selector, ports, and whether they fit its pods. */
export const service: Check<z.infer<typeof params>> = {
  id: 'kubernetes.service',
  title: 'Look at a service',
  effect: 'read',
  params,
  starts: ['kubectl get'],
  recognise(commands) {
    const command = kubectl(commands, 'get')
    const name = command && command.filters.length === 0 ? resource(command, 'Service')?.name : undefined
    return command && name ? { namespace: command.namespace ?? 'default', service: name } : undefined
  },
  kubectl: (p) => `kubectl get service ${p.service} -n ${p.namespace} -o yaml`,
  async run({ cluster }, p) {
    const [found, pods] = await Promise.all([
      cluster.get(RESOURCE.Service, p.service, p.namespace),
      cluster.list(RESOURCE.Pod, { namespace: p.namespace }),
    ])
    if (!found.ok) return couldNotLook(found.error)
    if (!pods.ok) return couldNotLook(pods.error)
    const { spec } = found.value
    const ports: { port: number; targetPort?: number | string }[] = spec?.ports ?? []
    const selector = Object.entries(spec?.selector ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(', ')
    const { managedFields: _managed, ...metadata } = found.value.metadata
    const findings = judgeService(found.value, pods.value)
    return conclude({
      findings,
      healthy: findings[0]?.title ?? `${spec?.type ?? 'ClusterIP'}, selector ${selector} matches pods`,
      views: [
        {
          type: 'facts',
          items: [
            { label: 'Type', value: spec?.type ?? 'ClusterIP' },
            { label: 'Selector', value: selector || 'none' },
            ...ports.map((port) => ({
              label: `Port ${port.port}`,
              value: `→ ${port.targetPort ?? port.port}`,
            })),
          ],
        },
      ],
      raw: [{ label: 'YAML', text: stringify({ ...found.value, metadata }), truncatedBytes: 0 }],
    })
  },
}
