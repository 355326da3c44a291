import 'server-only'
import { stringify } from 'yaml'
import { z } from 'zod'
import { fail, ok } from '@/lib/core/result'
import { kubectl, wholeNumber, workloadIn } from '@/lib/operations/commands'
import { type Fix, type Json, RUN_ANNOTATION } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { KubeObject } from '@/lib/targets/types'
import { bind } from './bind'
import { payloadOf, targetOf } from './rollout'

const params = z.object({
  namespace: z.string(),
  workload: z.string(),
  min: z.coerce.number().int().min(1),
  max: z.coerce.number().int().min(1),
  cpuPercent: z.coerce.number().int().min(1).max(200),
})

/** What the API server sets for an autoscaler that names no measure (autoscaling/v1, SetDefaults). */
const USUAL_CPU_PERCENT = 80

/** Creates a HorizontalPodAutoscaler on CPU for a workload that has none. */
export const createAutoscaler: Fix<z.infer<typeof params>> = {
  id: 'kubernetes.create-autoscaler',
  title: 'Create an autoscaler',
  effect: 'write',
  needs: 'fix:run',
  risk: 'medium',
  params,
  starts: ['kubectl autoscale'],
  recognise(commands) {
    const command = kubectl(commands, 'autoscale')
    const workload = workloadIn(command)
    const [min, max, cpuPercent] = ['min', 'max', 'cpu-percent'].map((flag) =>
      wholeNumber(command?.flags[flag]),
    )
    if (!command || !workload || !max) return undefined
    return {
      namespace: command.namespace ?? 'default',
      workload,
      min: min || 1,
      max,
      cpuPercent: cpuPercent ?? USUAL_CPU_PERCENT,
    }
  },
  kubectl: (p) =>
    `kubectl autoscale ${p.workload} --min=${p.min} --max=${p.max} --cpu-percent=${p.cpuPercent} -n ${p.namespace}`,
  async plan(context, p) {
    if (p.max < p.min) return fail('invalid_input', `The maximum (${p.max}) is below the minimum (${p.min}).`)
    const found = await targetOf(context, p.namespace, p.workload)
    if (!found.ok) return found
    const { name, kind, object } = found.value
    const existing = await context.cluster.get(RESOURCE.HorizontalPodAutoscaler, name, p.namespace)
    if (existing.ok) return fail('precondition_failed', `${name} already has an autoscaler.`)
    if (existing.error.code !== 'not_found') return existing
    const body: KubeObject = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name, namespace: p.namespace },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind, name },
        minReplicas: p.min,
        maxReplicas: p.max,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: p.cpuPercent } },
          },
        ],
      },
    }
    const dry = await context.dryRun.dryCreate(RESOURCE.HorizontalPodAutoscaler, p.namespace, body)
    if (!dry.ok) return dry
    const requests = object.spec?.template?.spec?.containers?.every(
      (one: { resources?: { requests?: { cpu?: string } } }) => one.resources?.requests?.cpu,
    )
    return ok({
      act: `Create the autoscaler of ${name}`,
      target: { kind: 'HorizontalPodAutoscaler', namespace: p.namespace, name },
      changes: [
        { type: 'diff', title: `HorizontalPodAutoscaler ${name}`, before: '', after: stringify(body) },
      ],
      touches: [found.value.ref],
      warnings: requests
        ? []
        : [
            {
              level: 'warn',
              text: `A container of ${name} has no CPU request, so utilisation cannot be computed.`,
            },
          ],
      undo: { possible: false, text: 'It can be deleted by hand; the pods it started then stay.' },
      confirmName: name,
      bindings: [bind(object, { autoscaler: 'absent' })].map(({ generation: _generation, ...one }) => one),
      payload: { namespace: p.namespace, name, body } as unknown as Json,
    })
  },
  async apply(context, plan) {
    const { namespace, name, body } = payloadOf<{ namespace: string; name: string; body: KubeObject }>(
      plan.payload,
    )
    const at = context.now().toISOString()
    const done = await context.cluster.create(RESOURCE.HorizontalPodAutoscaler, namespace, {
      ...body,
      metadata: { ...body.metadata, annotations: { [RUN_ANNOTATION]: context.runId } },
    })
    return done.ok ? ok({ summary: `Autoscaler ${name} created`, at, payload: {} }) : done
  },
  async *verify(context, plan) {
    const { namespace, name } = payloadOf<{ namespace: string; name: string }>(plan.payload)
    const read = await context.cluster.get(RESOURCE.HorizontalPodAutoscaler, name, namespace)
    yield read.ok
      ? { state: 'done', message: `Autoscaler ${name} is there` }
      : { state: 'unknown', message: `It could not be read again: ${read.error.message}` }
  },
}
