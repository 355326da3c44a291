import 'server-only'
import type { z } from 'zod'
import { podArgument, programInside } from '@/lib/operations/commands'
import { podSelection } from '@/lib/operations/pod-selection'
import { isRunning, resolvePods } from '@/lib/operations/resolve-pods'
import type { Check } from '@/lib/operations/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { bytes, count } from '@/lib/verdicts/durations'
import type { Finding, View } from '@/lib/verdicts/types'

const params = podSelection

/** The container's own share of memory from its cgroup (v2), beside `free`, which shows the node. */
export const memory: Check<z.infer<typeof params>> = {
  id: 'kubernetes.memory',
  title: 'Look at memory inside the container',
  effect: 'read',
  params,
  starts: ['kubectl exec'],
  recognise(commands, hints) {
    const free = programInside(commands, hints, 'free')
    if (free && free.filters.length === 0) return free.pods
    const cat = programInside(commands, hints, 'cat')
    return cat?.args.every((word) => word.startsWith('/sys/fs/cgroup/memory.')) ? cat.pods : undefined
  },
  kubectl: (p) =>
    `kubectl exec ${podArgument(p)} -n ${p.namespace} -- cat /sys/fs/cgroup/memory.current /sys/fs/cgroup/memory.max`,
  async run(context, p) {
    const resolved = await resolvePods(context, p)
    if (!resolved.ok) return couldNotLook(resolved.error)
    const pods = resolved.value.pods.filter(isRunning)
    if (pods.length === 0)
      return couldNotLook({
        code: 'not_found',
        message: 'there is no running pod to look into',
        retryable: true,
      })
    const answers = await Promise.all(
      pods.slice(0, 20).map(async (pod) => ({
        name: pod.metadata.name,
        answer: await context.cluster.exec({
          namespace: p.namespace,
          pod: pod.metadata.name,
          container: pod.spec?.containers?.[0]?.name,
          argv: ['cat', '/sys/fs/cgroup/memory.current', '/sys/fs/cgroup/memory.max'],
        }),
      })),
    )
    const findings: Finding[] = []
    const views: View[] = []
    let highest = 0
    for (const { name, answer } of answers) {
      if (!answer.ok) {
        findings.push({
          severity: 'unknown',
          code: `unknown.${answer.error.code}`,
          title: `Could not look into ${name}: ${answer.error.message}`,
          evidence: [],
          remedies: [],
          explainedBy: ['pods.oom-killed', 'pods.crash-loop'],
        })
        continue
      }
      const [current = Number.NaN, max = Number.NaN] = answer.value.stdout
        .split('\n')
        .map((line) => (line === 'max' ? Number.POSITIVE_INFINITY : Number.parseInt(line, 10)))
      if (Number.isNaN(current) || Number.isNaN(max)) {
        findings.push({
          severity: 'unknown',
          code: 'memory.unreadable',
          title: `Could not look: ${name} does not show its cgroup memory (${answer.value.stderr.trim().slice(0, 120) || 'no figures'})`,
          evidence: [],
          remedies: [],
        })
        continue
      }
      if (!Number.isFinite(max)) {
        findings.push({
          severity: 'warn',
          code: 'memory.no-limit',
          title: `${name} has no memory limit`,
          evidence: [],
          remedies: [{ operation: 'kubernetes.set-resources' }],
        })
        continue
      }
      const share = current / max
      highest = Math.max(highest, share)
      const tone = share >= 0.95 ? 'fail' : share >= 0.85 ? 'warn' : 'pass'
      views.push({
        type: 'gauge',
        label: name,
        value: Math.round(current / 2 ** 20),
        max: Math.round(max / 2 ** 20),
        unit: 'MiB',
        tone,
      })
      if (tone !== 'pass')
        findings.push({
          severity: tone,
          code: 'memory.near',
          title: `${name} uses ${Math.round(share * 100)} % of its memory limit (${bytes(current)} of ${bytes(max)})`,
          evidence: [],
          remedies: [{ operation: 'kubernetes.set-resources' }],
        })
    }
    return conclude({
      findings,
      healthy: `${Math.round(highest * 100)} % of the limit at most`,
      figure: `${Math.round(highest * 100)} %`,
      read: count(pods.length, 'pod'),
      views,
    })
  },
}
