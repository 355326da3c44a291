import 'server-only'
import { z } from 'zod'
import { fail, ok, type Result } from '@/lib/core/result'
import { kubectl, resource } from '@/lib/operations/commands'
import type { Check } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { ClusterReader } from '@/lib/targets/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { count } from '@/lib/verdicts/durations'
import { type EndpointAddress, judgeEndpoints } from '@/lib/verdicts/service'

const params = z.object({ namespace: z.string(), service: z.string() })

interface Endpoint {
  addresses: string[]
  conditions?: { ready?: boolean; terminating?: boolean }
  targetRef?: { name?: string }
}

/** EndpointSlices of a Service, without those that are being taken away; Endpoints where the cluster serves no slices. */
export async function readAddresses(
  cluster: ClusterReader,
  namespace: string,
  service: string,
): Promise<Result<EndpointAddress[]>> {
  const slices = await cluster.list(RESOURCE.EndpointSlice, {
    namespace,
    labelSelector: `kubernetes.io/service-name=${service}`,
  })
  if (slices.ok) {
    return ok(
      slices.value.flatMap((slice) =>
        ((slice.endpoints ?? []) as Endpoint[])
          // A pod that is on its way out is never ready, and nothing is wrong with that.
          .filter((one) => one.conditions?.terminating !== true)
          .map((one) => ({
            ip: one.addresses[0] ?? '',
            // An absent `ready` means unknown, to be taken as true (EndpointConditions, discovery.k8s.io/v1).
            ready: one.conditions?.ready !== false,
            pod: one.targetRef?.name ?? '',
            ports: (slice.ports ?? []).map((port: { port?: number }) => port.port ?? 0),
          })),
      ),
    )
  }
  if (slices.error.code !== 'not_found') return slices
  const endpoints = await cluster.get(RESOURCE.Endpoints, service, namespace)
  if (!endpoints.ok)
    return endpoints.error.code === 'not_found'
      ? fail('not_found', `the service ${service} has no endpoints object in ${namespace}`)
      : endpoints
  const address = (ready: boolean) => (one: { ip: string; targetRef?: { name?: string } }) => ({
    ip: one.ip,
    ready,
    pod: one.targetRef?.name ?? '',
    ports: [] as number[],
  })
  return ok(
    (endpoints.value.subsets ?? []).flatMap((subset: { addresses?: []; notReadyAddresses?: [] }) => [
      ...(subset.addresses ?? []).map(address(true)),
      ...(subset.notReadyAddresses ?? []).map(address(false)),
    ]),
  )
}

/** Who stands behind a Service, and if nobody does, which of the three causes it is. */
export const endpoints: Check<z.infer<typeof params>> = {
  id: 'kubernetes.endpoints',
  title: 'Look at the endpoints of a service',
  effect: 'read',
  params,
  starts: ['kubectl get'],
  recognise(commands) {
    const command = kubectl(commands, 'get')
    if (!command || command.filters.length > 0) return undefined
    const name =
      resource(command, 'Endpoints')?.name ??
      (resource(command, 'EndpointSlice')
        ? /^kubernetes\.io\/service-name=([\w-]+)$/.exec(command.selector ?? '')?.[1]
        : undefined)
    return name ? { namespace: command.namespace ?? 'default', service: name } : undefined
  },
  kubectl: (p) => `kubectl get endpointslices -l kubernetes.io/service-name=${p.service} -n ${p.namespace}`,
  async run({ cluster }, p) {
    const [service, addresses, pods] = await Promise.all([
      cluster.get(RESOURCE.Service, p.service, p.namespace),
      readAddresses(cluster, p.namespace, p.service),
      cluster.list(RESOURCE.Pod, { namespace: p.namespace }),
    ])
    if (!service.ok) return couldNotLook(service.error)
    if (!addresses.ok) return couldNotLook(addresses.error)
    if (!pods.ok) return couldNotLook(pods.error)
    const ready = addresses.value.filter((one) => one.ready).length
    return conclude({
      findings: judgeEndpoints(service.value, addresses.value, pods.value),
      healthy: `${ready} of ${addresses.value.length} addresses ready`,
      figure: `${ready} ready`,
      read: count(addresses.value.length, 'address', 'addresses'),
      views: [
        {
          type: 'table',
          columns: [
            { key: 'pod', label: 'Pod' },
            { key: 'ip', label: 'Address' },
            { key: 'ports', label: 'Ports' },
            { key: 'ready', label: 'Ready' },
          ],
          rows: addresses.value.slice(0, 200).map((one) => ({
            pod: { text: one.pod, mono: true },
            ip: { text: one.ip, mono: true },
            ports: { text: one.ports.join(', ') },
            ready: {
              text: one.ready ? 'yes' : 'no',
              tone: one.ready ? ('pass' as const) : ('fail' as const),
            },
          })),
        },
      ],
    })
  },
}
