import 'server-only'
import { fail, ok, type Result } from '@/lib/core/result'
import { isFinished, isReady } from '@/lib/operations/resolve-pods'
import type { ReadContext } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { KubeObject } from '@/lib/targets/types'

export interface ResolvedService {
  service: KubeObject
  namespace: string
  /** The Service's port that the URL means. */
  port: { name?: string; port: number; targetPort?: number | string }
}

/**
 * The Service a URL's host means inside the cluster: `name`, `name.namespace[.svc…]`, or a host of an Ingress.
 * Errors: not_found with what would help, and whatever reading returned.
 */
export async function resolveHost(
  context: Pick<ReadContext, 'cluster'>,
  host: string,
  port: number,
): Promise<Result<ResolvedService>> {
  const [name = '', namespace] = host.split('.')
  let service: KubeObject | undefined
  if (namespace && /^[\w-]+\.[\w-]+(\.svc(\.cluster\.local)?)?$/.test(host)) {
    const found = await context.cluster.get(RESOURCE.Service, name, namespace)
    if (found.ok) service = found.value
    else if (found.error.code !== 'not_found') return found
  }
  if (!service && !host.includes('.')) {
    const found = await context.cluster.list(RESOURCE.Service, { fieldSelector: `metadata.name=${name}` })
    if (!found.ok) return found
    service = found.value[0]
    if (found.value.length > 1)
      return fail(
        'precondition_failed',
        `there are ${found.value.length} services named ${name}: ${found.value.map((one) => one.metadata.namespace).join(', ')}`,
        { hint: `Write the namespace into the runbook: http://${name}.<namespace>:${port}` },
      )
  }
  if (!service) {
    const backend = await ingressBackend(context, host)
    if (!backend.ok) return backend
    if (backend.value) return withPort(backend.value.service, backend.value.port)
    return fail('not_found', `${host} is neither a service of this cluster nor the host of an ingress`, {
      hint: 'Name the service in the runbook: http://<service>.<namespace>:<port>/…',
    })
  }
  return withPort(service, port)
}

function withPort(service: KubeObject, port: number | string): Result<ResolvedService> {
  const ports: ResolvedService['port'][] = service.spec?.ports ?? []
  const found =
    ports.find((one) => one.port === port || one.name === port) ?? (ports.length === 1 ? ports[0] : undefined)
  return found
    ? ok({ service, namespace: service.metadata.namespace ?? '', port: found })
    : fail('not_found', `the service ${service.metadata.name} has no port ${port}`, {
        hint: `Its ports: ${ports.map((one) => `${one.port}${one.name ? ` (${one.name})` : ''}`).join(', ')}`,
      })
}

async function ingressBackend(
  context: Pick<ReadContext, 'cluster'>,
  host: string,
): Promise<Result<{ service: KubeObject; port: number | string } | undefined>> {
  const ingresses = await context.cluster.list(RESOURCE.Ingress, {})
  if (!ingresses.ok) return ingresses.error.code === 'not_found' ? ok(undefined) : ingresses
  for (const ingress of ingresses.value) {
    const rule = (ingress.spec?.rules ?? []).find((one: { host?: string }) => one.host === host)
    const backend = rule?.http?.paths?.[0]?.backend?.service as
      | { name: string; port?: { number?: number; name?: string } }
      | undefined
    if (!backend) continue
    const service = await context.cluster.get(RESOURCE.Service, backend.name, ingress.metadata.namespace)
    if (!service.ok) return service
    return ok({ service: service.value, port: backend.port?.number ?? backend.port?.name ?? 80 })
  }
  return ok(undefined)
}

/** The pods a Service selects, ready or not, and the port number to ask on each. */
export async function podsBehind(
  context: Pick<ReadContext, 'cluster'>,
  resolved: ResolvedService,
): Promise<Result<{ pod: KubeObject; port: number; ready: boolean }[]>> {
  const selector = Object.entries((resolved.service.spec?.selector ?? {}) as Record<string, string>)
  if (selector.length === 0)
    return fail('precondition_failed', `the service ${resolved.service.metadata.name} selects no pods`)
  const pods = await context.cluster.list(RESOURCE.Pod, { namespace: resolved.namespace })
  if (!pods.ok) return pods
  const target = resolved.port.targetPort ?? resolved.port.port
  return ok(
    pods.value
      .filter(
        (pod) =>
          !isFinished(pod) &&
          !pod.metadata.deletionTimestamp &&
          selector.every(([key, value]) => pod.metadata.labels?.[key] === value),
      )
      .map((pod) => ({
        pod,
        ready: isReady(pod),
        port: typeof target === 'number' ? target : (numberOf(pod, target) ?? resolved.port.port),
      })),
  )
}

function numberOf(pod: KubeObject, name: string): number | undefined {
  const ports = (pod.spec?.containers ?? []).flatMap(
    (one: { ports?: { name?: string; containerPort: number }[] }) => one.ports ?? [],
  ) as { name?: string; containerPort: number }[]
  return ports.find((one) => one.name === name)?.containerPort
}
