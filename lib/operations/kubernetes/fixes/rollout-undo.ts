import 'server-only'
import { stringify } from 'yaml'
import { z } from 'zod'
import { type AppError, appError } from '@/lib/core/errors'
import { fail, ok } from '@/lib/core/result'
import { kubectl, wholeNumber } from '@/lib/operations/commands'
import { type Fix, type Json, RUN_ANNOTATION } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { KubeObject } from '@/lib/targets/types'
import { bind } from './bind'
import { payloadOf, podsOf, refuseRollout, rolloutWarnings, targetOf, watchRollout } from './rollout'

const params = z.object({
  namespace: z.string(),
  workload: z.string(),
  toRevision: z.coerce.number().int().nonnegative().optional(),
})
const REVISION = 'deployment.kubernetes.io/revision'
const HASH = 'pod-template-hash'

interface Payload {
  namespace: string
  ref: string
  name: string
  generation: number
  from: number
  to: number
  template: Json
}

function revisionOf(set: KubeObject): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0)
}

function withoutHash(template: KubeObject): KubeObject {
  const { [HASH]: _hash, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}

/**
 * JSON Patch that puts a whole template back, as kubectl's rollbacker does, if nothing else was asked of the Deployment
 * meanwhile. Its generation counts that; its resourceVersion would change with each pod that comes or goes.
 */
function patch(p: Payload, runId: string, hadAnnotations: boolean) {
  return [
    { op: 'test', path: '/metadata/generation', value: p.generation },
    { op: 'replace', path: '/spec/template', value: p.template },
    ...(hadAnnotations ? [] : [{ op: 'add', path: '/metadata/annotations', value: {} }]),
    { op: 'add', path: `/metadata/annotations/${RUN_ANNOTATION.replace('/', '~1')}`, value: runId },
  ]
}

/** The API server's words for a patch whose test does not hold: 422, and nothing of what did not. */
function changedMeanwhile(error: AppError): AppError {
  return error.code === 'invalid_input' && /rejected our request due to an error/.test(error.message)
    ? appError('stale', 'It was changed while this was prepared. Preview again.')
    : error
}

/** Rolls a Deployment back to its former revision, or to a given one. */
export const rolloutUndo: Fix<z.infer<typeof params>> = {
  id: 'kubernetes.rollout-undo',
  title: 'Roll back a deployment',
  effect: 'write',
  needs: 'fix:run',
  risk: 'medium',
  params,
  starts: ['kubectl rollout'],
  recognise(commands) {
    const command = kubectl(commands, 'rollout', 'undo')
    const target = command?.resources[0]
    if (!command || target?.kind !== 'Deployment' || !target.name || command.filters.length > 0)
      return undefined
    const revision = wholeNumber(command.flags['to-revision'])
    return {
      namespace: command.namespace ?? 'default',
      workload: `deployment/${target.name}`,
      // kubectl reads 0 as the one before.
      ...(revision ? { toRevision: revision } : {}),
    }
  },
  kubectl: (p) =>
    `kubectl rollout undo ${p.workload} -n ${p.namespace}${p.toRevision ? ` --to-revision=${p.toRevision}` : ''}`,
  async plan(context, p) {
    const found = await targetOf(context, p.namespace, p.workload)
    if (!found.ok) return found
    const target = found.value
    if (target.kind !== 'Deployment')
      return fail('invalid_input', `${target.ref} keeps no revisions that could be rolled back to here.`)
    const refused = refuseRollout(target)
    if (!refused.ok) return refused
    const sets = await context.cluster.list(RESOURCE.ReplicaSet, { namespace: p.namespace })
    if (!sets.ok) return sets
    const own = sets.value
      .filter((set) => set.metadata.ownerReferences?.some((one) => one.uid === target.object.metadata.uid))
      .sort((a, b) => revisionOf(b) - revisionOf(a))
    const current = Number(target.object.metadata.annotations?.[REVISION] ?? revisionOf(own[0] as KubeObject))
    const wanted = p.toRevision
      ? own.find((set) => revisionOf(set) === p.toRevision)
      : own.find((set) => revisionOf(set) < current)
    if (!wanted)
      return fail(
        'precondition_failed',
        p.toRevision
          ? `Revision ${p.toRevision} of ${target.ref} is no longer kept.`
          : `${target.ref} has no earlier revision to go back to.`,
      )
    const template = withoutHash(wanted.spec.template)
    const [pods, warnings] = await Promise.all([podsOf(context, target), rolloutWarnings(context, target)])
    if (!pods.ok) return pods
    const payload: Payload = {
      namespace: p.namespace,
      ref: target.ref,
      name: target.name,
      generation: target.object.metadata.generation ?? 0,
      from: current,
      to: revisionOf(wanted),
      template: template as unknown as Json,
    }
    const dry = await context.dryRun.dryPatch(
      RESOURCE.Deployment,
      target.name,
      p.namespace,
      'json',
      patch(payload, 'preview', target.object.metadata.annotations !== undefined),
    )
    if (!dry.ok) return { ok: false, error: changedMeanwhile(dry.error) }
    return ok({
      act: `Roll ${target.ref} back to revision ${payload.to}`,
      target: { kind: 'Deployment', namespace: p.namespace, name: target.name },
      changes: [
        {
          type: 'diff',
          title: `Pod template of ${target.ref}`,
          before: stringify(target.object.spec?.template),
          after: stringify(dry.value.spec?.template),
        },
      ],
      touches: pods.value.map((pod) => pod.metadata.name),
      warnings,
      undo: { possible: true, text: `Going back to revision ${current} is possible.` },
      confirmName: target.name,
      bindings: [bind(target.object, { template: target.object.spec?.template })],
      payload: payload as unknown as Json,
    })
  },
  async apply(context, plan) {
    const payload = payloadOf<Payload>(plan.payload)
    const at = context.now().toISOString()
    const done = await context.cluster.patch(
      RESOURCE.Deployment,
      payload.name,
      payload.namespace,
      'json',
      patch(payload, context.runId, true),
    )
    return done.ok
      ? ok({ summary: `${payload.ref} set back to revision ${payload.to}`, at, payload: {} })
      : { ok: false, error: changedMeanwhile(done.error) }
  },
  verify: (context, plan) => watchRollout(context, payloadOf<Payload>(plan.payload)),
  undo(plan) {
    const { namespace, ref, from } = payloadOf<Payload>(plan.payload)
    return { operation: 'kubernetes.rollout-undo', params: { namespace, workload: ref, toRevision: from } }
  },
}
