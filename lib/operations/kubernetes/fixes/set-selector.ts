import 'server-only'
import { stringify } from 'yaml'
import { z } from 'zod'
import { fail, ok } from '@/lib/core/result'
import { kubectl } from '@/lib/operations/commands'
import { type Fix, type Json, RUN_ANNOTATION } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import { bind } from './bind'
import { managedBy, pause, payloadOf } from './rollout'

const params = z.object({
  namespace: z.string(),
  service: z.string(),
  selector: z.record(z.string(), z.string()),
})

interface Payload {
  namespace: string
  service: string
  selector: Record<string, string | null>
  former: Record<string, string>
  resourceVersion: string
}

/** Points a Service at other pods. */
export const setSelector: Fix<z.infer<typeof params>> = {
  id: 'kubernetes.set-selector',
  title: 'Set the selector of a service',
  effect: 'write',
  needs: 'fix:run',
  risk: 'medium',
  params,
  starts: ['kubectl set'],
  recognise(commands) {
    const command = kubectl(commands, 'set', 'selector')
    const [target, ...pairs] = command?.resources ?? []
    if (!command || target?.kind !== 'Service' || !target.name || pairs.length === 0) return undefined
    const selector = Object.fromEntries(
      pairs
        .flatMap((pair) => (pair.name ?? '').split(','))
        .map((pair) => pair.split('=') as [string, string]),
    )
    return { namespace: command.namespace ?? 'default', service: target.name, selector }
  },
  kubectl: (p) =>
    `kubectl set selector service ${p.service} ${Object.entries(p.selector)
      .map(([key, value]) => `${key}=${value}`)
      .join(',')} -n ${p.namespace}`,
  async plan(context, p) {
    const found = await context.cluster.get(RESOURCE.Service, p.service, p.namespace)
    if (!found.ok) return found
    const former: Record<string, string> = found.value.spec?.selector ?? {}
    const text = (selector: Record<string, string>) =>
      Object.entries(selector)
        .map(([key, value]) => `${key}=${value}`)
        .join(',')
    if (text(former) === text(p.selector))
      return fail(
        'precondition_failed',
        `The selector of ${p.service} is ${text(former)} already; nothing would change.`,
      )
    const pods = await context.cluster.list(RESOURCE.Pod, {
      namespace: p.namespace,
      labelSelector: text(p.selector),
    })
    if (!pods.ok) return pods
    const serving = pods.value.filter((pod) => pod.status?.phase === 'Running')
    // A merge patch keeps keys it does not name, so former keys are taken out by name.
    const selector = { ...Object.fromEntries(Object.keys(former).map((key) => [key, null])), ...p.selector }
    const payload: Payload = {
      namespace: p.namespace,
      service: p.service,
      selector,
      former,
      resourceVersion: found.value.metadata.resourceVersion ?? '',
    }
    const dry = await context.dryRun.dryPatch(RESOURCE.Service, p.service, p.namespace, 'merge', {
      metadata: { resourceVersion: payload.resourceVersion },
      spec: { selector },
    })
    if (!dry.ok) return dry
    return ok({
      act: `Point service ${p.service} at ${text(p.selector)}`,
      target: { kind: 'Service', namespace: p.namespace, name: p.service },
      changes: [
        {
          type: 'diff',
          title: `Selector of service ${p.service}`,
          before: stringify(former),
          after: stringify(dry.value.spec?.selector),
        },
      ],
      touches: serving.map((pod) => pod.metadata.name),
      warnings: [
        ...(serving.length === 0
          ? [
              {
                level: 'danger' as const,
                text: `No running pod carries ${text(p.selector)}: the service would stay empty.`,
              },
            ]
          : []),
        ...managedBy(found.value),
      ],
      undo: { possible: true, text: `Back to ${text(former)} at any time.` },
      confirmName: p.service,
      bindings: [bind({ ...found.value, kind: 'Service' }, { selector: former })],
      payload: payload as unknown as Json,
    })
  },
  async apply(context, plan) {
    const { namespace, service, selector, resourceVersion } = payloadOf<Payload>(plan.payload)
    const at = context.now().toISOString()
    const done = await context.cluster.patch(RESOURCE.Service, service, namespace, 'merge', {
      metadata: { resourceVersion, annotations: { [RUN_ANNOTATION]: context.runId } },
      spec: { selector },
    })
    return done.ok ? ok({ summary: `Selector of ${service} written`, at, payload: {} }) : done
  },
  async *verify(context, plan) {
    const { namespace, service } = payloadOf<Payload>(plan.payload)
    const end = Date.now() + 30_000
    while (Date.now() < end && !context.signal.aborted) {
      const slices = await context.cluster.list(RESOURCE.EndpointSlice, {
        namespace,
        labelSelector: `kubernetes.io/service-name=${service}`,
      })
      const ready = slices.ok
        ? slices.value
            .flatMap((slice) => slice.endpoints ?? [])
            .filter((one: { conditions?: { ready?: boolean } }) => one.conditions?.ready !== false).length
        : 0
      if (ready > 0) {
        yield { state: 'done', message: `${ready} ready addresses behind ${service}` }
        return
      }
      yield { state: 'running', message: `Waiting for ready addresses behind ${service}` }
      await pause(500, context.signal)
    }
    yield { state: 'failed', message: `There is still no ready address behind ${service}` }
  },
  undo(plan) {
    const { namespace, service, former } = payloadOf<Payload>(plan.payload)
    return { operation: 'kubernetes.set-selector', params: { namespace, service, selector: former } }
  },
}
