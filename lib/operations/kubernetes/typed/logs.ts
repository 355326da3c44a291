import 'server-only'
import { ok, type Result } from '@/lib/core/result'
import { containerOf, resolvePods } from '@/lib/operations/resolve-pods'
import type { Check, ReadContext } from '@/lib/operations/types'
import type { KubectlCommand } from '@/lib/runbooks/command'
import { secondsOf } from '@/lib/runbooks/requests/in-pods'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { KubeObject } from '@/lib/targets/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { count } from '@/lib/verdicts/durations'
import { judgeLog, type LogEntry, parseLog } from '@/lib/verdicts/log-lines'
import type { Finding } from '@/lib/verdicts/types'
import { commandOf, type Line, line, lineOf, typedLine } from './line'

const PODS_AT_MOST = 20
const LINES_AT_MOST = 4_000
const TEXT_AT_MOST = 262_144

/** `kubectl logs` of anything that has pods, with its flags. */
export const typedLogs: Check<Line> = {
  id: 'kubernetes.logs-as-typed',
  title: 'Read logs',
  effect: 'read',
  params: line,
  starts: ['kubectl logs'],
  recognise: (commands) => lineOf(commands, new Set(['logs'])),
  kubectl: typedLine,
  async run(context, given) {
    const command = commandOf(given)
    if (!command.ok) return couldNotLook(command.error)
    const pods = await podsOf(context, command.value)
    if (!pods.ok) return couldNotLook(pods.error)
    if (pods.value.length === 0)
      return conclude({
        findings: [
          {
            severity: 'unknown',
            code: 'logs.no-pods',
            title: 'Could not look: there is no pod whose logs could be read',
            evidence: [],
            remedies: [],
          },
        ],
        healthy: '',
      })
    return readThem(context, command.value, pods.value)
  },
}

async function readThem(context: ReadContext, command: KubectlCommand, pods: KubeObject[]) {
  const entries: LogEntry[] = []
  const findings: Finding[] = []
  const tail = Number(command.flags.tail ?? (command.selector ? 10 : -1))
  const since = secondsOf(String(command.flags.since ?? ''))
  const everyContainer = command.flags['all-containers'] === true
  await Promise.all(
    pods.slice(0, PODS_AT_MOST).flatMap((pod) => {
      const containers = everyContainer
        ? (pod.spec?.containers ?? []).map((one: { name: string }) => one.name)
        : [command.container ?? containerOf(pod)]
      return containers.map(async (container: string) => {
        const answer = await context.cluster.logs({
          namespace: pod.metadata.namespace ?? '',
          pod: pod.metadata.name,
          container,
          tailLines: tail >= 0 ? Math.min(tail, LINES_AT_MOST) : LINES_AT_MOST,
          ...(command.flags.previous === true ? { previous: true } : {}),
          ...(since === undefined ? {} : { sinceSeconds: since }),
        })
        if (answer.ok) entries.push(...parseLog(answer.value.text, pod.metadata.name))
        else
          findings.push({
            severity: 'unknown',
            code: `unknown.${answer.error.code}`,
            title: `Could not read the log of ${pod.metadata.name} (${container}): ${answer.error.message}`,
            evidence: [],
            remedies: [],
          })
      })
    }),
  )
  if (pods.length > PODS_AT_MOST)
    findings.push({
      severity: 'info',
      code: 'logs.capped',
      title: `Only ${PODS_AT_MOST} of ${pods.length} pods were read`,
      evidence: [],
      remedies: [],
    })
  entries.sort((a, b) => a.at - b.at)
  const judged = judgeLog(entries, context.now().getTime(), pods[0]?.metadata.name ?? 'pods')
  const whole = entries.map((entry) => entry.text).join('\n')
  return conclude({
    findings: [...findings, ...judged.findings],
    healthy: `${count(entries.length, 'line')}, no trouble in them`,
    read: `${count(Math.min(pods.length, PODS_AT_MOST), 'pod')} of ${pods.length}`,
    views: judged.views,
    raw:
      entries.length > 0
        ? [
            {
              label: `Last ${entries.length} lines`,
              text: whole.slice(-TEXT_AT_MOST),
              truncatedBytes: Math.max(0, whole.length - TEXT_AT_MOST),
            },
          ]
        : [],
  })
}

async function podsOf(context: ReadContext, command: KubectlCommand): Promise<Result<KubeObject[]>> {
  const namespace = command.namespace ?? 'default'
  const [object] = command.resources
  if (object?.kind === 'Pod' && object.name !== undefined) {
    const pod = await context.cluster.get(RESOURCE.Pod, object.name, namespace)
    return pod.ok ? ok([pod.value]) : pod
  }
  if (object?.name !== undefined) {
    const found = await resolvePods(context, {
      namespace,
      workload: `${object.kind.toLowerCase()}/${object.name}`,
    })
    return found.ok ? ok(found.value.pods) : found
  }
  return context.cluster.list(RESOURCE.Pod, {
    namespace,
    ...(command.selector ? { labelSelector: command.selector } : {}),
  })
}
