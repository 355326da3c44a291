import 'server-only'
import { z } from 'zod'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { count } from '@/lib/verdicts/durations'
import { judgeAutoscaler, judgeCgroupMemory, judgeRollout, judgeUsage } from '@/lib/verdicts/resources'
import type { Finding, View } from '@/lib/verdicts/types'
import { RESOURCE } from '../../../targets/resource-types'
import { kubectl, podArgument, programInside, resource } from '../../commands'
import { podSelection } from '../../pod-selection'
import { containerOf, resolvePods, resolveWorkload } from '../../resolve-pods'
import type { Check } from '../../types'

const usageParams = z.object({ namespace: z.string() })

/** Memory and CPU of each container against its limits, from metrics.k8s.io. */
export const usage: Check<z.infer<typeof usageParams>> = {
  id: 'kubernetes.usage',
  title: 'Check resource usage',
  effect: 'read',
  params: usageParams,
  recognise(commands) {
    const command = kubectl(commands, 'top')
    if (!command || command.filters.length > 0 || command.allNamespaces || command.selector) return undefined
    const pods = command.subverb?.startsWith('pod') || resource(command, 'Pod')
    return pods ? { namespace: command.namespace ?? 'default' } : undefined
  },
  kubectl: ({ namespace }) => `kubectl top pods -n ${namespace}`,
  async run(context, { namespace }) {
    const [pods, metrics] = await Promise.all([
      context.cluster.list(RESOURCE.Pod, { namespace }),
      context.cluster.list(RESOURCE.PodMetrics, { namespace }),
    ])
    if (!pods.ok) return couldNotLook(pods.error)
    if (!metrics.ok)
      return couldNotLook(
        metrics.error.code === 'not_found' || metrics.error.code === 'target_unavailable'
          ? {
              ...metrics.error,
              message: 'this cluster does not answer for pod metrics',
              hint: 'Install metrics-server, or see whether it runs in kube-system.',
            }
          : metrics.error,
      )
    const running = pods.value.filter((pod) => pod.status?.phase === 'Running')
    const { findings, view } = judgeUsage(running, metrics.value)
    if (running.length > 0 && metrics.value.length === 0)
      findings.push({
        severity: 'unknown',
        code: 'usage.no-metrics',
        title: `Could not look: no pod of ${namespace} has been measured yet`,
        evidence: [],
        remedies: [],
      })
    return conclude({
      findings,
      healthy: `${count(running.length, 'pod')} below 90 % of their limits`,
      figure: count(running.length, 'pod'),
      views: [view],
    })
  },
}

/** The container's own share of memory, from its cgroup: `free` shows the node. */
export const memory: Check<z.infer<typeof podSelection>> = {
  id: 'kubernetes.memory',
  title: 'Check container memory',
  effect: 'read',
  params: podSelection,
  recognise(commands, hints) {
    const found = programInside(commands, hints, 'free')
    return found && found.filters.length === 0 ? found.pods : undefined
  },
  kubectl: (selection) =>
    `kubectl exec ${podArgument(selection)} -n ${selection.namespace} -- cat /sys/fs/cgroup/memory.current /sys/fs/cgroup/memory.max`,
  async run(context, selection) {
    const resolved = await resolvePods(context, selection)
    if (!resolved.ok) return couldNotLook(resolved.error)
    const running = resolved.value.pods
      .filter((pod) => pod.status?.containerStatuses?.[0]?.state?.running)
      .slice(0, 50)
    const findings: Finding[] = []
    const views: View[] = []
    await Promise.all(
      running.map(async (pod) => {
        const answer = await context.cluster.exec({
          namespace: selection.namespace,
          pod: pod.metadata.name,
          container: containerOf(pod),
          argv: ['cat', '/sys/fs/cgroup/memory.current', '/sys/fs/cgroup/memory.max'],
        })
        const [current, max] = answer.ok ? answer.value.stdout.trim().split(/\s+/) : []
        if (!answer.ok || !/^\d+$/.test(current ?? '') || !/^(\d+|max)$/.test(max ?? '')) {
          findings.push({
            severity: 'unknown',
            code: 'memory.unreadable',
            title: `Could not read the memory of ${pod.metadata.name}: ${answer.ok ? answer.value.stderr.slice(0, 200) || 'it has no cgroup v2 files' : answer.error.message}`,
            evidence: [],
            remedies: [],
          })
          return
        }
        const judged = judgeCgroupMemory(
          pod.metadata.name,
          Number(current),
          max === 'max' ? undefined : Number(max),
        )
        findings.push(...judged.findings)
        views.push(judged.view)
      }),
    )
    if (running.length === 0)
      findings.push({
        severity: 'unknown',
        code: 'memory.no-pods',
        title: `Could not look: no container runs in ${selection.namespace} for this`,
        evidence: [],
        remedies: [],
      })
    return conclude({
      findings,
      healthy: `${count(running.length, 'container')} below 90 % of the memory limit`,
      views,
    })
  },
}

const namedParams = z.object({ namespace: z.string(), name: z.string() })

/** Whether there is an autoscaler, sees metrics and has room. */
export const autoscaler: Check<z.infer<typeof namedParams>> = {
  id: 'kubernetes.autoscaler',
  title: 'Check the autoscaler',
  effect: 'read',
  params: namedParams,
  recognise(commands) {
    const command = kubectl(commands, 'get')
    const name = command && resource(command, 'HorizontalPodAutoscaler')?.name
    return command && name && command.filters.length === 0
      ? { namespace: command.namespace ?? 'default', name }
      : undefined
  },
  kubectl: ({ namespace, name }) => `kubectl get hpa ${name} -n ${namespace}`,
  async run(context, { namespace, name }) {
    const found = await context.cluster.get(RESOURCE.HorizontalPodAutoscaler, name, namespace)
    if (!found.ok && found.error.code !== 'not_found') return couldNotLook(found.error)
    if (!found.ok)
      return conclude({
        findings: [
          {
            severity: 'warn',
            code: 'autoscaler.missing',
            title: `There is no autoscaler ${name} in ${namespace}`,
            evidence: [],
            remedies: [{ operation: 'kubernetes.create-autoscaler', params: { namespace } }],
          },
        ],
        healthy: '',
      })
    const { spec = {}, status = {} } = found.value
    return conclude({
      findings: judgeAutoscaler(found.value),
      healthy: `${status.currentReplicas ?? 0} pods, between ${spec.minReplicas ?? 1} and ${spec.maxReplicas}`,
      figure: `${status.currentReplicas ?? 0} of at most ${spec.maxReplicas}`,
    })
  },
}

const workloadParams = z.object({ namespace: z.string(), workload: z.string() })

/** Whether a workload has what it wants, all of its newest revision. */
export const rolloutStatus: Check<z.infer<typeof workloadParams>> = {
  id: 'kubernetes.rollout-status',
  title: 'Check a rollout',
  effect: 'read',
  params: workloadParams,
  recognise(commands) {
    const command = kubectl(commands, 'rollout', 'status')
    const target = command?.resources[0]
    if (!command || !target?.name || command.filters.length > 0) return undefined
    return {
      namespace: command.namespace ?? 'default',
      workload: `${target.kind.toLowerCase()}/${target.name}`,
    }
  },
  kubectl: ({ namespace, workload }) => `kubectl rollout status ${workload} -n ${namespace}`,
  async run(context, { namespace, workload }) {
    const found = await resolveWorkload(context, namespace, workload)
    if (!found.ok) return couldNotLook(found.error)
    const { findings, figure } = judgeRollout(found.value.object, found.value.kind)
    return conclude({
      findings,
      healthy: `${workload}: ${figure}, all of the newest revision`,
      figure,
      ...(found.value.note ? { read: found.value.note } : {}),
    })
  },
}

/** Whether a DaemonSet runs ready on every node it is wanted on. */
export const daemonSet: Check<z.infer<typeof namedParams>> = {
  id: 'kubernetes.daemonset',
  title: 'Check a DaemonSet',
  effect: 'read',
  params: namedParams,
  recognise(commands) {
    const command = kubectl(commands, 'get')
    const name = command && resource(command, 'DaemonSet')?.name
    return command && name && command.filters.length === 0
      ? { namespace: command.namespace ?? 'default', name }
      : undefined
  },
  kubectl: ({ namespace, name }) => `kubectl get daemonset ${name} -n ${namespace}`,
  async run(context, { namespace, name }) {
    const found = await context.cluster.get(RESOURCE.DaemonSet, name, namespace)
    if (!found.ok) return couldNotLook(found.error)
    const { findings, figure } = judgeRollout(found.value, 'DaemonSet')
    return conclude({ findings, healthy: `${name}: ${figure}, one per node`, figure })
  },
}
