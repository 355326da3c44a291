import 'server-only'
import { z } from 'zod'
import { grepOf, kubectl, podArgument, selectPods } from '@/lib/operations/commands'
import { podSelection } from '@/lib/operations/pod-selection'
import { resolvePods } from '@/lib/operations/resolve-pods'
import type { Check } from '@/lib/operations/types'
import { RESOURCE } from '@/lib/targets/resource-types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { count } from '@/lib/verdicts/durations'
import { judgeLimits, judgeProbes, limitsTable, probeFacts } from '@/lib/verdicts/pod-spec'

const params = podSelection.extend({ section: z.enum(['limits', 'liveness', 'readiness']).optional() })
type Section = 'limits' | 'liveness' | 'readiness'

/** Requests, limits, last terminations and probes of pods, as `kubectl describe pod` shows them. */
export const describePod: Check<z.infer<typeof params>> = {
  id: 'kubernetes.describe-pod',
  title: 'Describe pods',
  effect: 'read',
  params,
  starts: ['kubectl describe'],
  recognise(commands, hints) {
    const command = kubectl(commands, 'describe')
    const target = command?.resources[0]
    if (!command || target?.kind !== 'Pod') return undefined
    const grep = grepOf(command.filters)
    if (command.filters.length > 0 && !grep) return undefined
    const section =
      grep &&
      (['limits', 'liveness', 'readiness'] as Section[]).find((one) =>
        grep.pattern.toLowerCase().startsWith(one),
      )
    if (grep && !section) return undefined
    const pods = target.name
      ? selectPods(command.namespace, target, hints)
      : {
          namespace: command.namespace ?? 'default',
          ...(command.selector ? { selector: command.selector } : {}),
        }
    return pods ? { ...pods, ...(section ? { section } : {}) } : undefined
  },
  kubectl: (p) => {
    const pod = p.workload ? '<pod-name>' : podArgument(p)
    const grep = p.section
      ? ` | grep -A 5 ${p.section === 'limits' ? 'Limits' : p.section === 'liveness' ? 'Liveness' : 'Readiness'}`
      : ''
    return `kubectl describe pod ${pod} -n ${p.namespace}${grep}`
  },
  async run(context, p) {
    const [resolved, events, metrics] = await Promise.all([
      resolvePods(context, p),
      context.cluster.list(RESOURCE.Event, { namespace: p.namespace }),
      context.cluster.list(RESOURCE.PodMetrics, { namespace: p.namespace }),
    ])
    if (!resolved.ok) return couldNotLook(resolved.error)
    const { pods } = resolved.value
    const now = context.now().getTime()
    if (pods.length === 0)
      return conclude({
        findings: [
          {
            severity: 'unknown',
            code: 'pods.none-to-describe',
            title: 'Could not look: there is no pod to describe',
            evidence: [],
            remedies: [],
          },
        ],
        healthy: '',
      })
    const kind = p.section === 'liveness' || p.section === 'readiness' ? p.section : undefined
    if (kind) {
      // Probe failures stand in events and nowhere else.
      if (!events.ok) return couldNotLook(events.error)
      return conclude({
        findings: judgeProbes(pods, kind, events.value, now, context.since?.getTime()),
        healthy: `${kind === 'liveness' ? 'Liveness' : 'Readiness'} probe set and passing on ${count(pods.length, 'pod')}`,
        figure: 'probes pass',
        read: count(pods.length, 'pod'),
        views: [probeFacts(pods, kind)],
      })
    }
    return conclude({
      findings: judgeLimits(pods, metrics.ok ? metrics.value : [], now),
      healthy: `Limits set on ${count(pods.length, 'pod')}, none was killed for memory`,
      read: count(pods.length, 'pod'),
      views: [limitsTable(pods)],
    })
  },
}
