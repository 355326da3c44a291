import 'server-only'
import { z } from 'zod'
import { kubectl, resource } from '@/lib/operations/commands'
import { isReady } from '@/lib/operations/resolve-pods'
import type { Check } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import type { Finding } from '@/lib/verdicts/types'

const params = z.object({ namespace: z.string(), name: z.string() })

/** Usage of new pods takes about that long to appear (metrics-server scrapes every 15 s, the HPA looks every 15 s). */
const SETTLING_MS = 90_000

/** A HorizontalPodAutoscaler: there, able to see its metric, and below its maximum. */
export const autoscaler: Check<z.infer<typeof params>> = {
  id: 'kubernetes.autoscaler',
  title: 'Look at the autoscaler',
  effect: 'read',
  params,
  starts: ['kubectl get'],
  recognise(commands) {
    const command = kubectl(commands, 'get')
    const name =
      command && command.filters.length === 0 ? resource(command, 'HorizontalPodAutoscaler')?.name : undefined
    return command && name ? { namespace: command.namespace ?? 'default', name } : undefined
  },
  kubectl: (p) => `kubectl get hpa ${p.name} -n ${p.namespace}`,
  async run({ cluster }, p) {
    const [found, pods] = await Promise.all([
      cluster.get(RESOURCE.HorizontalPodAutoscaler, p.name, p.namespace),
      cluster.list(RESOURCE.Pod, { namespace: p.namespace }),
    ])
    const subject = { kind: 'HorizontalPodAutoscaler', namespace: p.namespace, name: p.name }
    if (!found.ok) {
      if (found.error.code !== 'not_found') return couldNotLook(found.error)
      return conclude({
        findings: [
          {
            severity: 'warn',
            code: 'autoscaler.missing',
            title: `${p.name} has no autoscaler: load beyond its pods is not answered`,
            evidence: [],
            subject,
            remedies: [{ operation: 'kubernetes.create-autoscaler', params: { namespace: p.namespace } }],
          },
        ],
        healthy: '',
      })
    }
    const { spec, status } = found.value
    const findings: Finding[] = []
    const active = (status?.conditions ?? []).find((one: { type: string }) => one.type === 'ScalingActive')
    // Scaled to zero switches an autoscaler off on purpose; that is for the workload's own check to say.
    // Without a ready pod it has nothing to look at (HPA sets pods that are not ready aside): the pods are the trouble.
    const target0 = String(spec.scaleTargetRef?.name ?? p.name)
    const anyReady =
      !pods.ok || pods.value.some((pod) => pod.metadata.name.startsWith(`${target0}-`) && isReady(pod))
    const young = Date.now() - Date.parse(active?.lastTransitionTime ?? '') < SETTLING_MS
    if (active?.status === 'False' && active.reason !== 'ScalingDisabled')
      findings.push({
        severity: anyReady && !young ? 'warn' : 'info',
        code: 'autoscaler.blind',
        title: `The autoscaler cannot see its metric: ${String(active.message).slice(0, 160)}`,
        evidence: [],
        subject,
        remedies: [],
        explainedBy: ['pods.not-ready', 'pods.oom-killed'],
      })
    if ((status?.currentReplicas ?? 0) >= spec.maxReplicas)
      findings.push({
        severity: 'warn',
        code: 'autoscaler.at-maximum',
        title: `The autoscaler is at its maximum of ${spec.maxReplicas} pods`,
        evidence: [],
        subject,
        remedies: [],
      })
    const target = spec.metrics?.[0]?.resource?.target?.averageUtilization
    const current = status?.currentMetrics?.[0]?.resource?.current?.averageUtilization
    return conclude({
      findings,
      healthy: `${status?.currentReplicas ?? 0} pods, between ${spec.minReplicas ?? 1} and ${spec.maxReplicas}`,
      figure: `${status?.currentReplicas ?? 0} of ${spec.maxReplicas}`,
      views: [
        {
          type: 'facts',
          items: [
            {
              label: 'Pods',
              value: `${status?.currentReplicas ?? 0} (${spec.minReplicas ?? 1} to ${spec.maxReplicas})`,
            },
            { label: 'CPU', value: `${current ?? 'unknown'} % of a target of ${target ?? 'none'} %` },
          ],
        },
      ],
    })
  },
}
