import 'server-only'
import { z } from 'zod'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { count, howLong } from '@/lib/verdicts/durations'
import { judgeLog, type LogEntry, parseLog } from '@/lib/verdicts/log-lines'
import { judgeSilence } from '@/lib/verdicts/log-silence'
import type { Finding } from '@/lib/verdicts/types'
import { grepOf, kubectl, podArgument, selectPods } from '../../commands'
import { podSelection } from '../../pod-selection'
import { containerOf, resolvePods } from '../../resolve-pods'
import type { Check } from '../../types'

const params = podSelection.extend({
  match: z.string().optional(),
  ignoreCase: z.boolean().optional(),
  tail: z.number().int().min(1).max(10_000).optional(),
})

const MAX_PODS = 50
const WINDOW_SECONDS = 1_440
const AREAS = ['http', 'db', 'pool', 'auth', 'rate', 'cache', 'event', 'circuit', 'memory', 'main']

/** Logs of every pod meant, and of the former containers of restarted ones: kubectl would read one pod. */
export const logs: Check<z.infer<typeof params>> = {
  id: 'kubernetes.logs',
  title: 'Read logs',
  effect: 'read',
  params,
  recognise(commands, hints) {
    const command = kubectl(commands, 'logs')
    const target = command?.resources[0]
    if (!command || !target || command.resources.length > 1) return undefined
    const known = ['tail', 'all-containers', 'all-pods', 'timestamps', 'prefix']
    if (Object.keys(command.flags).some((flag) => !known.includes(flag))) return undefined
    const selection = selectPods(command.namespace, target, hints)
    if (!selection) return undefined
    const tail = Number(command.flags.tail)
    const grep = grepOf(command.filters)
    if (command.filters.length > 0 && (!grep || grep.invert)) return undefined
    return {
      ...selection,
      ...(Number.isInteger(tail) && tail > 0 ? { tail: Math.min(tail, 10_000) } : {}),
      ...(grep ? { match: grep.pattern, ignoreCase: grep.ignoreCase } : {}),
    }
  },
  kubectl: ({ match, ignoreCase, tail, ...selection }) =>
    `kubectl logs ${podArgument(selection)} -n ${selection.namespace}${tail ? ` --tail=${tail}` : ''}${match ? ` | grep ${ignoreCase ? '-i ' : ''}"${match}"` : ''}`,
  async run(context, { match, ignoreCase, tail, ...selection }) {
    const resolved = await resolvePods(context, selection)
    if (!resolved.ok) return couldNotLook(resolved.error)
    const { pods, note } = resolved.value
    const name = selection.workload ?? selection.pod ?? selection.namespace
    const findings: Finding[] = []
    const limit = tail ? { tailLines: tail } : { sinceSeconds: WINDOW_SECONDS }
    const answers = await Promise.all(
      pods.slice(0, MAX_PODS).flatMap((pod) => {
        const request = {
          namespace: selection.namespace,
          pod: pod.metadata.name,
          container: containerOf(pod),
          ...limit,
        }
        const restarted = (pod.status?.containerStatuses?.[0]?.restartCount ?? 0) > 0
        const read = async (previous: boolean) => ({
          pod: pod.metadata.name,
          previous,
          answer: await context.cluster.logs(previous ? { ...request, previous } : request),
        })
        return restarted ? [read(false), read(true)] : [read(false)]
      }),
    )
    const lines: LogEntry[] = []
    for (const { pod, previous, answer } of answers) {
      if (answer.ok) lines.push(...parseLog(answer.value.text, pod))
      // A former container's log may be gone, and a waiting container has none: neither hides the others.
      else if (!previous)
        findings.push({
          severity: answer.error.code === 'invalid_input' ? 'info' : 'unknown',
          code: `unknown.${answer.error.code}`,
          title: `Could not read the logs of ${pod}: ${answer.error.message}`,
          evidence: [],
          remedies: [],
        })
    }
    if (pods.length > MAX_PODS)
      findings.push({
        severity: 'info',
        code: 'logs.capped',
        title: `Read the first ${MAX_PODS} of ${pods.length} pods`,
        evidence: [],
        remedies: [],
      })
    if (pods.length === 0)
      findings.push({
        severity: 'unknown',
        code: 'logs.no-pods',
        title: `Could not look: ${name} has no pods, so no logs`,
        evidence: [],
        remedies: [],
      })
    const now = context.now().getTime()
    const since = context.since?.getTime() ?? 0
    const needle = ignoreCase ? match?.toLowerCase() : match
    const matched = lines.filter(
      (line) =>
        line.at >= since && (!needle || (ignoreCase ? line.text.toLowerCase() : line.text).includes(needle)),
    )
    // A line of another area that only contains the word belongs to that area's check.
    const area = AREAS.find((one) => one === needle?.toLowerCase())
    const weighs = (line: LogEntry) => {
      const own = /\[(\w+)\]/.exec(line.text)?.[1]
      return !area || !own || !AREAS.includes(own) || own === area
    }
    const judged = judgeLog(matched, now, name, weighs)
    if (tail && !match) {
      findings.push(...judgeSilence(lines, now, name, selection))
      // This check asks whether logs arrive; what they say is weighed by the checks of its subject.
      findings.push(...judged.findings.map((one) => ({ ...one, severity: 'info' as const })))
    } else findings.push(...judged.findings)
    const newest = lines.reduce((latest, line) => Math.max(latest, line.at), 0)
    return conclude({
      findings,
      healthy:
        tail && !match
          ? `Logs arrive; the newest line is ${howLong(now - newest)} old`
          : `${count(judged.matched, 'line')}${match ? ` with “${match}”` : ''}, no problem among them`,
      figure: count(judged.matched, 'line'),
      read: [
        count(pods.length, 'pod'),
        `${lines.length.toLocaleString('en')} lines`,
        ...(note ? [note] : []),
      ].join(' · '),
      views: judged.views,
      raw: [
        {
          label: 'Newest lines',
          text: matched
            .slice(-100)
            .map((line) => `${line.pod} ${line.text}`)
            .join('\n'),
          truncatedBytes: 0,
        },
      ],
    })
  },
}
