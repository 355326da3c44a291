import 'server-only'
import { appError } from '@/lib/core/errors'
import { err, fail, ok, type Result } from '@/lib/core/result'
import { asAnswer } from '@/lib/operations/http/ask-pods'
import { resolveHost } from '@/lib/operations/http/resolve-host'
import type { ReadContext } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { PrometheusError } from '@/lib/verdicts/prometheus'

/** `name.namespace` says it all; a bare name or an outer host is looked up. */
async function serviceOf(
  context: ReadContext,
  host: string,
  port: number,
): Promise<Result<{ namespace: string; name: string; port: string }>> {
  const [name = '', namespace = ''] = host.split('.')
  if (/^[a-z0-9-]+\.[a-z0-9-]+(\.svc(\.cluster\.local)?)?$/.test(host))
    return ok({ namespace, name, port: String(port) })
  const resolved = await resolveHost(context, host, port)
  if (!resolved.ok) return resolved
  const found = resolved.value
  return ok({
    namespace: found.namespace,
    name: found.service.metadata.name,
    port: found.port.name ?? String(found.port.port),
  })
}

/** A GET on Prometheus' HTTP API (https://prometheus.io/docs/prometheus/latest/querying/api/) through its Service; `data` of the answer. */
export async function askPrometheus<T>(
  context: ReadContext,
  host: string,
  port: number,
  path: string,
): Promise<Result<T, PrometheusError>> {
  const service = await serviceOf(context, host, port)
  if (!service.ok) return service
  const answer = asAnswer(
    'Prometheus',
    await context.cluster.serviceGet(service.value, { path, timeoutMs: 10_000 }),
  )
  if ('code' in answer) return { ok: false, error: answer }
  if (answer.status === undefined) {
    // Was it Prometheus that did not answer, or the cluster? Whoever cannot read the Service has not looked.
    const there = await context.cluster.get(RESOURCE.Service, service.value.name, service.value.namespace)
    if (!there.ok) return there
    return err({
      ...appError('target_unavailable', `Prometheus does not answer: ${answer.error}`),
      silent: true,
    })
  }
  try {
    const body = JSON.parse(answer.body ?? '') as { status?: string; data?: T; error?: string }
    if (body.status === 'success' && body.data !== undefined) return ok(body.data)
    return fail('internal', `Prometheus answered ${body.error ?? `HTTP ${answer.status}`}`)
  } catch {
    return fail('internal', `Prometheus answered HTTP ${answer.status} with something that is not JSON`)
  }
}

/** host and port of a curl URL. */
export function hostOf(url: URL): { host: string; port: number } {
  return { host: url.hostname, port: Number(url.port || 80) }
}
