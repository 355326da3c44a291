import 'server-only'
import { stringify } from 'yaml'
import { z } from 'zod'
import { fail, ok } from '@/lib/core/result'
import { kubectl } from '@/lib/operations/commands'
import { type Fix, type InputSpec, type Json, type Plan, RUN_ANNOTATION } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import { parseQuantity } from '@/lib/verdicts/quantity'
import { bind } from './bind'
import { payloadOf, podsOf, refuseRollout, rolloutWarnings, targetOf, watchRollout } from './rollout'

const quantity = z
  .string()
  .refine((text) => parseQuantity(text) !== undefined, 'It must be a quantity like 512Mi, 2Gi or 500m.')
const amounts = z.object({ cpu: quantity.optional(), memory: quantity.optional() })
const params = z.object({
  namespace: z.string(),
  workload: z.string(),
  container: z.string(),
  limits: amounts,
  requests: amounts.optional(),
})
type Amounts = z.infer<typeof amounts>

interface Payload {
  namespace: string
  ref: string
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet'
  name: string
  resourceVersion: string
  container: string
  limits: Amounts
  requests?: Amounts
  former: { limits?: Amounts; requests?: Amounts }
}

const template = z
  .object({
    spec: z
      .object({
        template: z
          .object({
            spec: z
              .object({
                containers: z
                  .array(
                    z
                      .object({
                        name: z.string(),
                        resources: z
                          .object({ limits: amounts.optional(), requests: amounts.optional() })
                          .strict(),
                      })
                      .strict(),
                  )
                  .length(1),
              })
              .strict(),
          })
          .strict(),
      })
      .strict(),
  })
  .strict()

function patch(p: Pick<Payload, 'container' | 'limits' | 'requests' | 'resourceVersion'>, runId: string) {
  return {
    metadata: { resourceVersion: p.resourceVersion, annotations: { [RUN_ANNOTATION]: runId } },
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: p.container,
              resources: { limits: p.limits, ...(p.requests ? { requests: p.requests } : {}) },
            },
          ],
        },
      },
    },
  }
}

function limitInput(name: string, label: string, help: string, preset: string | undefined): InputSpec {
  return { name, label, type: 'quantity', required: true, help, ...(preset ? { default: preset } : {}) }
}

/** Sets requests and limits of a container; rolls the workload. */
export const setResources: Fix<z.infer<typeof params>> = {
  id: 'kubernetes.set-resources',
  title: 'Set resource limits',
  effect: 'write',
  needs: 'fix:run',
  risk: 'medium',
  params,
  starts: ['kubectl patch'],
  recognise(commands) {
    const command = kubectl(commands, 'patch')
    const target = command?.resources[0]
    if (
      !command ||
      !target?.name ||
      !['Deployment', 'StatefulSet', 'DaemonSet'].includes(target.kind) ||
      typeof command.flags.patch !== 'string'
    )
      return undefined
    try {
      const text = JSON.parse(command.flags.patch)
      const read = template.safeParse(text)
      const container = read.success ? read.data.spec.template.spec.containers[0] : undefined
      if (!container?.resources.limits) return undefined
      return {
        namespace: command.namespace ?? 'default',
        workload: `${target.kind.toLowerCase()}/${target.name}`,
        container: container.name,
        limits: container.resources.limits,
        ...(container.resources.requests ? { requests: container.resources.requests } : {}),
      }
    } catch {
      return undefined
    }
  },
  kubectl: (p) =>
    `kubectl patch ${p.workload.replace('/', ' ')} -n ${p.namespace} -p '${JSON.stringify({ spec: { template: { spec: { containers: [{ name: p.container, resources: { limits: p.limits, ...(p.requests ? { requests: p.requests } : {}) } }] } } } })}'`,
  // Of the two the line may name one: the other stays as it is.
  inputs: ({ limits = {} }) => [
    ...(limits.memory !== undefined || limits.cpu === undefined
      ? [limitInput('limits.memory', 'Memory limit', 'for example 2Gi', limits.memory)]
      : []),
    ...(limits.cpu !== undefined || limits.memory === undefined
      ? [limitInput('limits.cpu', 'CPU limit', 'for example 1000m', limits.cpu)]
      : []),
  ],
  async plan(context, p) {
    const found = await targetOf(context, p.namespace, p.workload)
    if (!found.ok) return found
    const target = found.value
    const refused = refuseRollout(target)
    if (!refused.ok) return refused
    const containers: { name: string; resources?: { limits?: Amounts; requests?: Amounts } }[] =
      target.object.spec?.template?.spec?.containers ?? []
    const container = containers.find((one) => one.name === p.container)
    if (!container)
      return fail(
        'not_found',
        `${target.ref} has no container ${p.container}; it has ${containers.map((one) => one.name).join(', ')}.`,
      )
    const former = container.resources ?? {}
    const requests = { ...former.requests, ...p.requests }
    for (const resource of ['cpu', 'memory'] as const) {
      const request = parseQuantity(requests[resource])
      const limit = parseQuantity(p.limits[resource] ?? former.limits?.[resource])
      if (request !== undefined && limit !== undefined && request > limit)
        return fail(
          'invalid_input',
          `The ${resource} request (${requests[resource]}) would be above the limit (${p.limits[resource] ?? former.limits?.[resource]}).`,
          { hint: 'Raise the limit, or lower the request too.' },
        )
    }
    const payload: Payload = {
      namespace: p.namespace,
      ref: target.ref,
      kind: target.kind,
      name: target.name,
      resourceVersion: target.object.metadata.resourceVersion ?? '',
      container: p.container,
      limits: p.limits,
      ...(p.requests ? { requests: p.requests } : {}),
      former,
    }
    const dry = await context.dryRun.dryPatch(
      RESOURCE[target.kind],
      target.name,
      p.namespace,
      'strategic',
      patch(payload, 'preview'),
    )
    if (!dry.ok) return dry
    const after = (dry.value.spec?.template?.spec?.containers ?? []).find(
      (one: { name: string }) => one.name === p.container,
    )?.resources
    if (JSON.stringify(after) === JSON.stringify(former))
      return fail('precondition_failed', 'These limits are set already; nothing would change.')
    const [pods, warnings, nodes] = await Promise.all([
      podsOf(context, target),
      rolloutWarnings(context, target),
      context.cluster.list(RESOURCE.Node),
    ])
    if (!pods.ok) return pods
    const more: Plan['warnings'] = []
    if (nodes.ok) {
      const largest = Math.max(
        ...nodes.value.map((node) => parseQuantity(node.status?.allocatable?.memory) ?? 0),
      )
      if ((parseQuantity(requests.memory) ?? 0) > largest)
        more.push({
          level: 'danger',
          text: 'The memory request is larger than any node; the pods would find no place.',
        })
    } else
      more.push({
        level: 'info',
        text: `Whether it fits a node could not be looked up: ${nodes.error.message}`,
      })
    return ok({
      act: `Set the limits of ${target.ref}`,
      target: { kind: target.kind, namespace: p.namespace, name: target.name },
      changes: [
        {
          type: 'diff',
          title: `Resources of container ${p.container}`,
          before: stringify(former),
          after: stringify(after),
        },
      ],
      touches: pods.value.map((pod) => pod.metadata.name),
      warnings: [...warnings, ...more],
      undo: { possible: true, text: 'The former limits can be put back; the pods are replaced once more.' },
      confirmName: target.name,
      bindings: [bind(target.object, { resources: former })],
      payload: payload as unknown as Json,
    })
  },
  async apply(context, plan) {
    const payload = payloadOf<Payload>(plan.payload)
    const at = context.now().toISOString()
    const done = await context.cluster.patch(
      RESOURCE[payload.kind],
      payload.name,
      payload.namespace,
      'strategic',
      patch(payload, context.runId),
    )
    return done.ok ? ok({ summary: `Limits of ${payload.ref} set`, at, payload: {} }) : done
  },
  verify: (context, plan) => watchRollout(context, payloadOf<Payload>(plan.payload)),
  undo(plan) {
    const { namespace, ref, container, former } = payloadOf<Payload>(plan.payload)
    if (!former.limits)
      return { irreversible: 'There were no limits before; taking them away again is not offered.' }
    return {
      operation: 'kubernetes.set-resources',
      params: {
        namespace,
        workload: ref,
        container,
        limits: former.limits,
        ...(former.requests ? { requests: former.requests } : {}),
      } as unknown as Json,
    }
  },
}
