import 'server-only'
import { ok, type Result } from '@/lib/core/result'
import { containerOf, resolvePods } from '@/lib/operations/resolve-pods'
import type { Check, ReadContext } from '@/lib/operations/types'
import type { KubectlCommand } from '@/lib/runbooks/command'
import { secondsOf } from '@/lib/runbooks/requests/in-pods'
import { flag } from '@/lib/runbooks/requests/place'
import { parseLog } from '@/lib/targets/log-text'
import { RESOURCE } from '@/lib/targets/resource-types'
import type { KubeObject } from '@/lib/targets/types'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { count } from '@/lib/verdicts/durations'
import { judgeLog } from '@/lib/verdicts/log-lines'
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
  prints: true,
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

/** One container's log, as the API server gave it; each line begins with its time. */
interface ContainerLog {
  pod: string
  container: string
  text: string
  cut: boolean
}

async function readThem(context: ReadContext, command: KubectlCommand, pods: KubeObject[]) {
  const findings: Finding[] = []
  const tail = Number(command.flags.tail ?? (command.selector ? 10 : -1))
  const since = secondsOf(String(command.flags.since ?? ''))
  const sinceTime = flag(command, 'since-time')
  const limitBytes = flag(command, 'limit-bytes')
  const lines = tail >= 0 ? Math.min(tail, LINES_AT_MOST) : LINES_AT_MOST
  const read = await Promise.all(
    pods.slice(0, PODS_AT_MOST).flatMap((pod) =>
      containersOf(pod, command).map(async (container): Promise<ContainerLog[]> => {
        const answer = await context.cluster.logs({
          namespace: pod.metadata.namespace ?? '',
          pod: pod.metadata.name,
          container,
          tailLines: lines,
          ...(command.flags.previous === true ? { previous: true } : {}),
          ...(since === undefined ? {} : { sinceSeconds: since }),
          ...(sinceTime === undefined ? {} : { sinceTime }),
          ...(limitBytes === undefined ? {} : { limitBytes: Number(limitBytes) }),
        })
        if (answer.ok) {
          const { text } = answer.value
          const full = lines !== tail && text.split('\n').length > lines
          // What a line asks to be cut off is no gap.
          const stopped = answer.value.cut && limitBytes === undefined
          if (text.trim() === '' || parseLog(text, pod.metadata.name).length > 0)
            return [{ pod: pod.metadata.name, container, text, cut: full || stopped }]
          findings.push({
            severity: 'unknown',
            code: 'unknown.target_unavailable',
            title: `Could not read the log of ${pod.metadata.name} (${container}): ${text.trim().slice(0, 200)}`,
            evidence: [],
            remedies: [],
          })
          return []
        }
        // A container that has run without a break has no former log, which is well.
        if (/previous terminated container .* not found/.test(answer.error.message)) {
          findings.push({
            severity: 'info',
            code: 'logs.no-former',
            title: `${pod.metadata.name} (${container}) has not been restarted: it has no former log`,
            evidence: [],
            remedies: [],
          })
          return []
        }
        findings.push({
          severity: 'unknown',
          code: `unknown.${answer.error.code}`,
          title: `Could not read the log of ${pod.metadata.name} (${container}): ${answer.error.message}`,
          evidence: [],
          remedies: [],
        })
        return []
      }),
    ),
  )
  const logs = read.flat()
  if (pods.length > PODS_AT_MOST)
    findings.push({
      severity: 'info',
      code: 'logs.capped',
      title: `Only ${PODS_AT_MOST} of ${pods.length} pods were read`,
      evidence: [],
      remedies: [],
    })
  const entries = logs.flatMap(({ text, pod }) => parseLog(text, pod)).sort((a, b) => a.at - b.at)
  const judged = judgeLog(entries, context.now().getTime(), pods[0]?.metadata.name ?? 'pods')
  return conclude({
    findings: [...findings, ...judged.findings],
    healthy: `${count(entries.length, 'line')}, no trouble in them`,
    read: `${count(Math.min(pods.length, PODS_AT_MOST), 'pod')} of ${pods.length}`,
    views: judged.views,
    raw: entries.length > 0 ? [printed(logs, command, entries.length, pods.length > PODS_AT_MOST)] : [],
  })
}

/** The containers whose logs a command reads, in kubectl's order: with --all-containers those that start the pod come first. */
function containersOf(pod: KubeObject, command: KubectlCommand): string[] {
  if (command.flags['all-containers'] !== true) return [command.container ?? containerOf(pod)]
  const { initContainers = [], containers = [], ephemeralContainers = [] } = pod.spec ?? {}
  return [...initContainers, ...containers, ...ephemeralContainers].map((one: { name: string }) => one.name)
}

/**
 * The logs as kubectl prints them: one after the other, with times only where --timestamps asks for them. The newest
 * part when that is more than is kept.
 */
function printed(
  logs: readonly ContainerLog[],
  command: KubectlCommand,
  lines: number,
  podsLeftOut: boolean,
) {
  const withTimes = command.flags.timestamps === true
  const withPrefix = command.flags.prefix === true
  const whole = logs
    .map(({ pod, container, text }) =>
      (text.match(/[^\n]*\n|[^\n]+$/g) ?? [])
        .map((line) => {
          const own = withTimes ? line : line.replace(/^\d{4}-\d\d-\d\dT\S+ /, '')
          return withPrefix ? `[pod/${pod}/${container}] ${own}` : own
        })
        .join(''),
    )
    .join('')
  const cut = podsLeftOut || logs.some((one) => one.cut)
  return {
    label: `Last ${lines} lines`,
    text: whole.slice(-TEXT_AT_MOST),
    // How much the cluster kept back is not known; that it is more than nothing is.
    truncatedBytes: Math.max(cut ? 1 : 0, whole.length - TEXT_AT_MOST),
  }
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
