import 'server-only'
import { z } from 'zod'
import { grepOf, kubectl, podArgument, selectPods } from '@/lib/operations/commands'
import { podSelection } from '@/lib/operations/pod-selection'
import { containerOf, resolvePods } from '@/lib/operations/resolve-pods'
import type { Check, ReadContext } from '@/lib/operations/types'
import type { KubeObject } from '@/lib/targets/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { count, howLong } from '@/lib/verdicts/durations'
import { judgeLog, type LogEntry } from '@/lib/verdicts/log-lines'
import type { Finding } from '@/lib/verdicts/types'

const params = podSelection.extend({
  /** Words any of which a line must contain. */
  match: z.array(z.string()).optional(),
  /** As `-c` names it; else the default one of each pod. */
  container: z.string().optional(),
  ignoreCase: z.boolean().optional(),
  tail: z.number().int().positive().optional(),
})

const AS_TYPED = ['follow', 'previous', 'since', 'since-time', 'all-containers', 'limit-bytes']
const MAX_PODS = 50
/** With nothing newer than this a chatty service has stopped writing. */
const SILENCE_MS = 15_000

/** Logs of every pod of a workload and of the previous containers of restarted ones. */
export const logs: Check<z.infer<typeof params>> = {
  id: 'kubernetes.logs',
  title: 'Read logs',
  effect: 'read',
  params,
  starts: ['kubectl logs'],
  recognise(commands, hints) {
    const command = kubectl(commands, 'logs')
    // What these ask for, no more and no less, is read as typed.
    if (!command || AS_TYPED.some((flag) => flag in command.flags)) return undefined
    const target = command.resources[0]
    const pods = target
      ? selectPods(command.namespace, target, hints)
      : command.selector
        ? { namespace: command.namespace ?? 'default', selector: command.selector }
        : undefined
    const grep = grepOf(command.filters)
    if (!pods || (command.filters.length > 0 && (!grep || grep.invert))) return undefined
    const tail = Number(command.flags.tail)
    if (command.flags.tail !== undefined && !Number.isInteger(tail)) return undefined
    const { container } = command
    return {
      ...pods,
      ...(container ? { container } : {}),
      ...(grep ? { match: grep.words, ignoreCase: grep.ignoreCase } : {}),
      ...(Number.isInteger(tail) && tail > 0 ? { tail } : {}),
    }
  },
  kubectl: (p) =>
    `kubectl logs ${podArgument(p)} -n ${p.namespace}${p.workload ? ' --all-pods' : ''}${p.container ? ` -c ${p.container}` : ''}${p.tail ? ` --tail=${p.tail}` : ''}${p.match ? ` | grep ${p.ignoreCase ? '-i ' : ''}${p.match.length > 1 ? '-E ' : ''}"${p.match.join('|')}"` : ''}`,
  async run(context, p) {
    const resolved = await resolvePods(context, p)
    if (!resolved.ok) return couldNotLook(resolved.error)
    const { pods, note } = resolved.value
    if (pods.length === 0)
      return conclude({
        findings: [
          {
            severity: 'unknown',
            code: 'logs.no-pods',
            title: 'Could not look: there is no pod whose logs could be read',
            evidence: [],
            remedies: [],
            explainedBy: [
              'workload.scaled-to-zero',
              'pods.none',
              'pods.image',
              'pods.crash-loop',
              'pods.oom-killed',
            ],
          },
        ],
        healthy: '',
      })
    const now = context.now().getTime()
    const { entries, findings, errors } = await readAll(context, pods, p.container)
    if (errors.length === pods.length && errors[0]) return couldNotLook(errors[0].error)
    const pattern = p.match
      ? new RegExp(
          p.match.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'),
          p.ignoreCase ? 'i' : '',
        )
      : undefined
    const since = context.since?.getTime() ?? 0
    const chosen = entries.filter((entry) => entry.at >= since && (!pattern || pattern.test(entry.text)))
    const judged = judgeLog(chosen, now, podArgument(p))
    // The step that looks at log output as such asks whether logs flow; what they complain of is for the other steps.
    const asSuch = !p.match && p.tail !== undefined
    findings.push(
      ...judged.findings.map((one) => (asSuch ? { ...one, severity: 'info' as const, remedies: [] } : one)),
    )
    const newest = entries.reduce((latest, entry) => Math.max(latest, entry.at), 0)
    // A filtered step may well be quiet.
    if (asSuch && errors.length === 0 && now - newest > SILENCE_MS) {
      findings.push({
        severity: 'fail',
        code: 'logs.silent',
        title:
          newest > 0
            ? `The newest line is ${howLong(now - newest)} old: ${podArgument(p)} has stopped writing`
            : `${podArgument(p)} has written nothing`,
        evidence: [],
        remedies: [{ operation: 'kubernetes.rollout-restart', params: { workload: p.workload } }],
      })
    }
    const shown = (p.tail ? chosen.slice(-p.tail * pods.length) : chosen).slice(-400)
    return conclude({
      findings,
      healthy: `${count(chosen.length, 'matching line')}, no trouble in them${note ? ` (${note})` : ''}`,
      ...(asSuch ? { figure: newest ? `newest line ${howLong(now - newest)} ago` : 'no lines' } : {}),
      read: `${count(pods.length, 'pod')} · ${entries.length.toLocaleString('en')} lines`,
      views: judged.views,
      raw: shown.length
        ? [
            {
              label: `Last ${shown.length} lines`,
              text: shown.map((entry) => `${entry.pod} ${entry.text}`).join('\n'),
              truncatedBytes: 0,
            },
          ]
        : [],
    })
  },
}

/** Which run of a container it is; each start has another id. */
function instanceOf(pod: KubeObject, container: string): string | undefined {
  const statuses: { name: string; containerID?: string; state?: { running?: unknown } }[] =
    pod.status?.containerStatuses ?? []
  const status = statuses.find((one) => one.name === container)
  return status?.state?.running ? status.containerID : undefined
}

async function readAll(context: ReadContext, pods: KubeObject[], named?: string) {
  const entries: LogEntry[] = []
  const findings: Finding[] = []
  const errors: { error: Parameters<typeof couldNotLook>[0] }[] = []
  await Promise.all(
    pods.slice(0, MAX_PODS).flatMap((pod) => {
      const restarted = (pod.status?.containerStatuses ?? []).some(
        (one: { restartCount?: number }) => (one.restartCount ?? 0) > 0,
      )
      return [false, ...(restarted ? [true] : [])].map(async (previous) => {
        const container = named ?? containerOf(pod)
        const instance = instanceOf(pod, container)
        const answer = await context.cluster.recentLines({
          namespace: pod.metadata.namespace ?? '',
          pod: pod.metadata.name,
          ...(container ? { container } : {}),
          ...(previous ? { previous } : instance ? { instance } : {}),
        })
        if (answer.ok) {
          entries.push(...answer.value)
          return
        }
        if (previous) return // A container that was removed has no former log any more.
        const notStarted = answer.error.message.includes('waiting to start')
        errors.push({ error: answer.error })
        findings.push({
          severity: notStarted ? 'info' : 'unknown',
          code: notStarted ? 'logs.not-started' : `unknown.${answer.error.code}`,
          title: notStarted
            ? `${pod.metadata.name} has not started, so it has no log`
            : `Could not read the log of ${pod.metadata.name}: ${answer.error.message}`,
          evidence: [],
          remedies: [],
        })
      })
    }),
  )
  if (pods.length > MAX_PODS)
    findings.push({
      severity: 'info',
      code: 'logs.capped',
      title: `Only ${MAX_PODS} of ${pods.length} pods were read`,
      evidence: [],
      remedies: [],
    })
  entries.sort((a, b) => a.at - b.at)
  return { entries, findings, errors }
}
