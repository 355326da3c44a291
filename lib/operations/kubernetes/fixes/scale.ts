import 'server-only'
import { z } from 'zod'
import { fail, ok } from '@/lib/core/result'
import { kubectl, workloadIn } from '@/lib/operations/commands'
import { type Fix, RUN_ANNOTATION } from '@/lib/operations/types'
import { isPlaceholder } from '@/lib/runbooks/command'
import { RESOURCE } from '@/lib/targets/resource-types'
import { bind } from './bind'
import { managedBy, payloadOf, targetOf, watchRollout } from './rollout'

const params = z.object({
  namespace: z.string(),
  workload: z.string(),
  replicas: z.coerce.number().int().min(0).max(500),
})

interface Payload {
  namespace: string
  ref: string
  kind: 'Deployment' | 'StatefulSet'
  name: string
  resourceVersion: string
  from: number
  to: number
}

/** Sets how many pods a workload has. */
export const scale: Fix<z.infer<typeof params>> = {
  id: 'kubernetes.scale',
  title: 'Scale a workload',
  effect: 'write',
  needs: 'fix:run',
  risk: 'low',
  params,
  starts: ['kubectl scale'],
  recognise(commands) {
    const command = kubectl(commands, 'scale')
    const workload = workloadIn(command)
    const given = command?.flags.replicas
    // How many may be left to whoever presses it: the form asks for it.
    const open = typeof given === 'string' && isPlaceholder(given)
    const replicas = Number(given)
    if (
      !command ||
      !workload ||
      !(open || Number.isInteger(replicas)) ||
      replicas === 0 ||
      command.filters.length > 0
    )
      return undefined
    return {
      namespace: command.namespace ?? 'default',
      workload,
      ...(open ? {} : { replicas }),
    }
  },
  kubectl: (p) => `kubectl scale ${p.workload} --replicas=${p.replicas ?? '<replicas>'} -n ${p.namespace}`,
  inputs: (p) => [
    {
      name: 'replicas',
      label: 'Pods',
      type: 'integer',
      required: true,
      // To zero is an outage: that is "Stop a workload", with a second person. An undo may still go back to it.
      min: 1,
      max: 500,
      ...(p.replicas === undefined ? {} : { default: String(p.replicas) }),
    },
  ],
  async plan(context, p) {
    const found = await targetOf(context, p.namespace, p.workload)
    if (!found.ok) return found
    const { object, kind, ref, name, note } = found.value
    if (kind === 'DaemonSet')
      return fail('invalid_input', `${ref} runs one pod a node and has no count to set.`)
    const from: number = object.spec?.replicas ?? 1
    if (from === p.replicas)
      return fail('precondition_failed', `${ref} already wants ${from} pods; nothing would change.`)
    const body = {
      metadata: {
        resourceVersion: object.metadata.resourceVersion,
        annotations: { [RUN_ANNOTATION]: 'preview' },
      },
      spec: { replicas: p.replicas },
    }
    const [dry, scalers] = await Promise.all([
      context.dryRun.dryPatch(RESOURCE[kind], name, p.namespace, 'merge', body),
      context.cluster.list(RESOURCE.HorizontalPodAutoscaler, { namespace: p.namespace }),
    ])
    if (!dry.ok) return dry
    const scaler = scalers.ok
      ? scalers.value.find(
          (one) => one.spec?.scaleTargetRef?.name === name && one.spec.scaleTargetRef.kind === kind,
        )
      : undefined
    const min: number = scaler?.spec?.minReplicas ?? 1
    const overridden = scaler && p.replicas > 0 && (p.replicas < min || p.replicas > scaler.spec.maxReplicas)
    return ok({
      act: `Scale ${ref} to ${p.replicas}`,
      target: { kind, namespace: p.namespace, name },
      changes: [
        { type: 'diff', title: ref, before: `replicas: ${from}\n`, after: `replicas: ${p.replicas}\n` },
      ],
      touches:
        p.replicas < from
          ? [`${from - p.replicas} of ${from} pods of ${name} end`]
          : [`${p.replicas - from} new pods of ${name}`],
      warnings: [
        ...(note ? [{ level: 'info' as const, text: `${note}.` }] : []),
        ...(p.replicas === 0
          ? [{ level: 'danger' as const, text: `With 0 pods ${name} answers nobody.` }]
          : []),
        ...(scaler
          ? [
              {
                level: overridden ? ('warn' as const) : ('info' as const),
                text: overridden
                  ? `The autoscaler ${scaler.metadata.name} keeps ${min} to ${scaler.spec.maxReplicas} pods and will override this.`
                  : `The autoscaler ${scaler.metadata.name} (${min} to ${scaler.spec.maxReplicas}) may change the count again.`,
              },
            ]
          : []),
        ...(scalers.ok
          ? []
          : [
              {
                level: 'info' as const,
                text: `Whether an autoscaler would override this could not be looked up: ${scalers.error.message}`,
              },
            ]),
        ...managedBy(object),
      ],
      undo: { possible: true, text: `Back to ${from} pods at any time.` },
      confirmName: name,
      bindings: [bind(object, { replicas: from })],
      payload: {
        namespace: p.namespace,
        ref,
        kind,
        name,
        resourceVersion: object.metadata.resourceVersion ?? '',
        from,
        to: p.replicas,
      } satisfies Payload,
    })
  },
  async apply(context, plan) {
    const { kind, name, namespace, resourceVersion, ref, to } = payloadOf<Payload>(plan.payload)
    const at = context.now().toISOString()
    const done = await context.cluster.patch(RESOURCE[kind], name, namespace, 'merge', {
      metadata: { resourceVersion, annotations: { [RUN_ANNOTATION]: context.runId } },
      spec: { replicas: to },
    })
    return done.ok ? ok({ summary: `${ref} set to ${to} pods`, at, payload: {} }) : done
  },
  verify: (context, plan) => watchRollout(context, payloadOf<Payload>(plan.payload)),
  undo(plan) {
    const { namespace, ref, from } = payloadOf<Payload>(plan.payload)
    return { operation: 'kubernetes.scale', params: { namespace, workload: ref, replicas: from } }
  },
}

/** Scales a workload to zero, as `--replicas=0` says: an outage that is wanted, so a second person agrees. */
export const stop: Fix<z.infer<typeof params>> = {
  ...scale,
  id: 'kubernetes.stop',
  title: 'Stop a workload',
  risk: 'high',
  recognise(commands, hints) {
    const [command, ...more] = commands
    if (command?.program !== 'kubectl' || Number(command.flags.replicas) !== 0 || more.length > 0)
      return undefined
    // Everything else about it is as for one pod.
    const one = scale.recognise([{ ...command, flags: { ...command.flags, replicas: '1' } }], hints)
    return one && { ...one, replicas: 0 }
  },
  inputs: () => [],
}
