import 'server-only'
import type { z } from 'zod'
import { fail, ok } from '@/lib/core/result'
import { podArgument, programInside } from '@/lib/operations/commands'
import { changeIn } from '@/lib/operations/in-pods'
import { asJson, type PodTarget } from '@/lib/operations/pod-fix'
import { podSelection } from '@/lib/operations/pod-selection'
import { containerOf } from '@/lib/operations/resolve-pods'
import type { Fix } from '@/lib/operations/types'
import { servicesOf } from '@/lib/verdicts/kong'
import { askAdmin, kongPods } from './admin'

interface Payload {
  namespace: string
  pods: PodTarget[]
}

/** `kong reload` in every Kong pod: workers take the configuration anew without dropping connections. */
export const reload: Fix<z.infer<typeof podSelection>> = {
  id: 'kong.reload',
  title: 'Reload Kong',
  effect: 'write',
  needs: 'fix:run',
  risk: 'medium',
  params: podSelection,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const [command] = commands
    const call = commands.length === 1 && command ? programInside(commands, hints, 'kong') : undefined
    return call?.args.length === 1 && call.args[0] === 'reload' && call.filters.length === 0
      ? call.pods
      : undefined
  },
  kubectl: (p) => `# on every pod\nkubectl exec ${podArgument(p)} -n ${p.namespace} -- kong reload`,
  async plan(context, p) {
    const pods = await kongPods(context, p)
    if (!pods.ok) return pods
    const targets = pods.value.map((pod) => ({
      namespace: p.namespace,
      pod: pod.metadata.name,
      container: containerOf(pod),
    }))
    return ok({
      act: `Reload Kong in ${targets.length} pods`,
      target: { kind: 'Kong', namespace: p.namespace, name: 'kong' },
      changes: [{ type: 'list', title: 'kong reload in', items: targets.map((one) => one.pod) }],
      touches: targets.map((one) => one.pod),
      warnings: [{ level: 'info', text: 'Open connections are finished by the old workers.' }],
      undo: {
        possible: false,
        text: 'A reload takes the configuration that is there; there is nothing to go back to.',
      },
      confirmName: 'kong',
      bindings: pods.value.map((pod) => ({
        object: `Pod/${p.namespace}/${pod.metadata.name}`,
        uid: pod.metadata.uid ?? '',
        fields: '',
      })),
      payload: asJson({ namespace: p.namespace, pods: targets } satisfies Payload),
    })
  },
  async apply(context, plan) {
    const p = plan.payload as unknown as Payload
    const at = context.now().toISOString()
    const done = await Promise.all(
      p.pods.map((target) => changeIn(context, target, ['kong', 'reload'], 20_000)),
    )
    const failed = done.find((one) => !one.ok)
    if (failed && !failed.ok)
      return fail(
        failed.error.code,
        `${done.filter((one) => !one.ok).length} of ${done.length} pods did not reload: ${failed.error.message}`,
        { retryable: false },
      )
    return ok({ summary: `Kong reloaded in ${done.length} pods`, at, payload: {} })
  },
  async *verify(context, plan) {
    const p = plan.payload as unknown as Payload
    const pods = await kongPods(context, { namespace: p.namespace, workload: 'deployment/kong' })
    const asked = pods.ok ? await askAdmin(context, pods.value, '/services') : undefined
    if (!asked || asked.error) yield { state: 'unknown', message: 'Kong could not be asked after the reload' }
    else if (asked.answers.every((one) => servicesOf(one.body ?? '').length > 0))
      yield { state: 'done', message: `All ${asked.answers.length} pods know their services` }
    else yield { state: 'failed', message: 'A pod knows no service after the reload' }
  },
}
