import type { KubeObject } from '../targets/types'
import { count, howLong } from './durations'
import { eventLines, newestWarning, type Warnings, warningsOf } from './pod-warnings'
import type { Finding, Remedy, View } from './types'

interface ContainerStatus {
  name: string
  ready?: boolean
  restartCount?: number
  state?: {
    waiting?: { reason?: string; message?: string }
    running?: { startedAt?: string }
    terminated?: { reason?: string; exitCode?: number }
  }
  lastState?: { terminated?: { reason?: string; exitCode?: number; finishedAt?: string; message?: string } }
}

const HOUR = 3_600_000
/** More than anybody reads at three in the morning; a whole cluster in trouble has thousands. */
const FINDINGS_AT_MOST = 30
const ROWS_AT_MOST = 200
const IMAGE_TROUBLE = new Set(['ImagePullBackOff', 'ErrImagePull', 'InvalidImageName', 'ErrImageNeverPull'])

/** Waiting on the way to a start. */
const PATIENT = new Set(['ContainerCreating', 'PodInitializing', 'CrashLoopBackOff'])

function statuses(pod: KubeObject): ContainerStatus[] {
  return pod.status?.containerStatuses ?? []
}

/** Whether the pod ran to its end and is fine. */
function isCompleted(pod: KubeObject): boolean {
  return pod.status?.phase === 'Succeeded'
}

export function isPodReady(pod: KubeObject): boolean {
  return (pod.status?.conditions ?? []).some(
    (one: { type: string; status: string }) => one.type === 'Ready' && one.status === 'True',
  )
}

function restarts(pod: KubeObject): number {
  return statuses(pod).reduce((sum, one) => sum + (one.restartCount ?? 0), 0)
}

/** The workload a pod belongs to, by its owner: `deployment/backend-api` from a ReplicaSet's name. */
export function workloadOf(pod: KubeObject): string | undefined {
  const owner = pod.metadata.ownerReferences?.find((one) => one.controller)
  if (!owner) return undefined
  if (owner.kind === 'ReplicaSet') return `deployment/${owner.name.replace(/-[a-z0-9]+$/, '')}`
  return `${owner.kind.toLowerCase()}/${owner.name}`
}

interface Trouble {
  code: string
  severity: 'warn' | 'fail'
  what: string
  explainedBy?: string[]
  remedy: 'restart' | 'undo' | 'resources' | 'none'
}

/** What is wrong with one pod, from container state and its newest warning event; undefined when it is well. */
function troubleOf(pod: KubeObject, warnings: Warnings, now: number): Trouble | undefined {
  if (isCompleted(pod)) return undefined
  if (pod.status?.reason === 'Evicted')
    return {
      code: 'pods.evicted',
      severity: 'warn',
      what: `was evicted: ${pod.status.message ?? 'no reason given'}`,
      remedy: 'none',
    }
  const init: ContainerStatus[] = pod.status?.initContainerStatuses ?? []
  for (const status of [...init, ...statuses(pod)]) {
    const waiting = status.state?.waiting
    const last = status.lastState?.terminated
    if (waiting?.reason && IMAGE_TROUBLE.has(waiting.reason))
      return {
        code: 'pods.image',
        severity: 'warn',
        what: `cannot pull its image (${waiting.reason}): ${(waiting.message ?? '').slice(0, 160)}`,
        remedy: 'undo',
      }
    const recently = last?.finishedAt !== undefined && now - Date.parse(last.finishedAt) < HOUR
    if (last?.reason === 'OOMKilled' && (recently || waiting))
      return {
        code: 'pods.oom-killed',
        severity: 'warn',
        what: `was killed for using more memory than its limit (OOMKilled), ${count(status.restartCount ?? 1, 'restart')}`,
        remedy: 'resources',
      }
    if (waiting?.reason === 'CrashLoopBackOff')
      return {
        code: 'pods.crash-loop',
        severity: 'warn',
        what: `keeps crashing (exit code ${last?.exitCode ?? 'unknown'}), ${count(status.restartCount ?? 0, 'restart')}`,
        remedy: 'undo',
      }
    // CreateContainerConfigError and its like: what is missing stands in the message, and no restart brings it.
    if (waiting?.reason && !PATIENT.has(waiting.reason))
      return {
        code: 'pods.cannot-start',
        severity: 'warn',
        what: `cannot start (${waiting.reason}): ${(waiting.message ?? 'no reason given').slice(0, 160)}`,
        remedy: 'none',
      }
    if (recently)
      return {
        code: 'pods.restarted',
        severity: 'warn',
        what: `restarted ${howLong(now - Date.parse(last?.finishedAt ?? ''))} ago (exit code ${last?.exitCode ?? 'unknown'})`,
        remedy: 'none',
      }
  }
  const event = newestWarning(pod, warnings)
  if (pod.status?.phase === 'Pending' && !pod.spec?.nodeName)
    return {
      code: 'pods.unschedulable',
      severity: 'warn',
      what: `finds no node: ${event?.message ?? 'the scheduler has not said why'}`,
      remedy: 'none',
    }
  const { deletionTimestamp } = pod.metadata
  if (deletionTimestamp)
    return now - Date.parse(deletionTimestamp) < 60_000
      ? undefined
      : {
          code: 'pods.stuck-terminating',
          severity: 'warn',
          what: `should have ended ${howLong(now - Date.parse(deletionTimestamp))} ago and has not`,
          remedy: 'none',
        }
  if (!isPodReady(pod)) {
    const fresh = now - Date.parse(pod.metadata.creationTimestamp ?? '') < 8_000
    if (fresh) return undefined
    return {
      code: 'pods.not-ready',
      severity: 'warn',
      what: `runs and is not ready${event ? `: ${event.message}${event.count > 1 ? `, ${event.count} times` : ''}` : ''}`,
      explainedBy: [
        'postgres.down',
        'logs.pool-exhausted',
        'logs.credentials',
        'logs.too-many-clients',
        'postgres.connections-exhausted',
        'logs.workers-blocked',
      ],
      remedy: 'restart',
    }
  }
  return undefined
}

function remediesFor(trouble: Trouble, pod: KubeObject): Remedy[] {
  const workload = workloadOf(pod)
  const params = { namespace: pod.metadata.namespace, ...(workload ? { workload } : {}) }
  if (trouble.remedy === 'restart') return [{ operation: 'kubernetes.rollout-restart', params }]
  if (trouble.remedy === 'undo')
    return [
      { operation: 'kubernetes.rollout-undo', params },
      { operation: 'kubernetes.rollout-restart', params },
    ]
  if (trouble.remedy === 'resources') return [{ operation: 'kubernetes.set-resources', params }]
  return []
}

/**
 * Findings about pods: one per kind of trouble and workload, naming the pods. When no pod of a workload that
 * has some is ready, that is a failure; anything less is a warning.
 */
export function judgePods(pods: KubeObject[], events: KubeObject[], now: number): Finding[] {
  const warnings = warningsOf(events)
  const groups = new Map<string, { trouble: Trouble; pods: KubeObject[] }>()
  const families = new Map<string, KubeObject[]>()
  for (const pod of pods) {
    const family = familyOf(pod)
    if (!isCompleted(pod)) {
      const siblings = families.get(family)
      if (siblings) siblings.push(pod)
      else families.set(family, [pod])
    }
    const trouble = troubleOf(pod, warnings, now)
    if (!trouble) continue
    const id = `${trouble.code}|${family}`
    const group = groups.get(id) ?? { trouble, pods: [] }
    group.pods.push(pod)
    groups.set(id, group)
  }
  const findings = [...groups.values()].map(({ trouble, pods: sick }): Finding => {
    const first = sick[0] as KubeObject
    const workload = workloadOf(first)
    const siblings = families.get(familyOf(first)) ?? []
    const ready = siblings.filter(isPodReady).length
    const name = workload?.split('/')[1] ?? first.metadata.name
    const who =
      sick.length === 1 ? first.metadata.name : `${sick.length} of ${siblings.length} pods of ${name}`
    return {
      severity: ready === 0 ? 'fail' : trouble.severity,
      code: trouble.code,
      title:
        ready === 0
          ? `0 of ${siblings.length} pods of ${name} ready: ${who === first.metadata.name ? 'it' : 'each'} ${trouble.what}`
          : `${who}${sick.length === 1 ? '' : ': each'} ${trouble.what}`,
      evidence: sick.flatMap((pod) => eventLines(pod, warnings)).slice(0, 12),
      subject: { kind: 'Pod', namespace: first.metadata.namespace ?? '', name: first.metadata.name },
      remedies: remediesFor(trouble, first),
      ...(trouble.explainedBy ? { explainedBy: trouble.explainedBy } : {}),
    }
  })
  return atMost(FINDINGS_AT_MOST, findings)
}

function familyOf(pod: KubeObject): string {
  return `${pod.metadata.namespace}|${workloadOf(pod)}`
}

/** The worst findings; how many more there are is one of its own, as bad as the worst of those left out. */
function atMost(limit: number, findings: Finding[]): Finding[] {
  if (findings.length <= limit) return findings
  const failing = (one: Finding) => one.severity === 'fail'
  const sorted = [...findings.filter(failing), ...findings.filter((one) => !failing(one))]
  const left = sorted.slice(limit)
  const failed = left.filter(failing).length
  return [
    ...sorted.slice(0, limit),
    {
      severity: failed > 0 ? 'fail' : 'warn',
      code: 'pods.more',
      title: `${left.length} more workloads have pods in trouble${failed > 0 ? `, ${failed} of them without a ready pod` : ''}`,
      evidence: [],
      remedies: [],
    },
  ]
}

function statusText(pod: KubeObject): { text: string; tone: 'pass' | 'warn' | 'fail' | 'neutral' } {
  if (isCompleted(pod)) return { text: 'Completed', tone: 'neutral' }
  if (pod.metadata.deletionTimestamp) return { text: 'Terminating', tone: 'neutral' }
  const waiting = statuses(pod).find((one) => one.state?.waiting)?.state?.waiting?.reason
  if (waiting) return { text: waiting, tone: waiting === 'ContainerCreating' ? 'neutral' : 'fail' }
  if (pod.status?.phase === 'Running')
    return isPodReady(pod) ? { text: 'Running', tone: 'pass' } : { text: 'Running, not ready', tone: 'warn' }
  return { text: pod.status?.reason ?? pod.status?.phase ?? 'Unknown', tone: 'warn' }
}

/** The pods as a table, the sick ones first, at most 200 rows. */
export function podTable(pods: KubeObject[], now: number): View {
  const RANK = { fail: 0, warn: 1, neutral: 3, pass: 2 }
  const { compare } = new Intl.Collator()
  const sorted = pods
    .map((pod) => ({ pod, rank: RANK[statusText(pod).tone] }))
    .sort((a, b) => a.rank - b.rank || compare(a.pod.metadata.name, b.pod.metadata.name))
    .map(({ pod }) => pod)
  const namespaces = new Set(pods.map((pod) => pod.metadata.namespace))
  return {
    type: 'table',
    columns: [
      ...(namespaces.size > 1 ? [{ key: 'namespace', label: 'Namespace' }] : []),
      { key: 'name', label: 'Pod' },
      { key: 'ready', label: 'Ready', align: 'right' as const },
      { key: 'status', label: 'Status' },
      { key: 'restarts', label: 'Restarts', align: 'right' as const },
      { key: 'age', label: 'Age', align: 'right' as const },
    ],
    rows: sorted.slice(0, ROWS_AT_MOST).map((pod) => {
      const status = statusText(pod)
      return {
        namespace: { text: pod.metadata.namespace ?? '' },
        name: { text: pod.metadata.name, mono: true },
        ready: {
          text: `${statuses(pod).filter((one) => one.ready).length}/${pod.spec?.containers?.length ?? 0}`,
        },
        status,
        restarts: { text: String(restarts(pod)), tone: restarts(pod) > 0 ? 'warn' : 'neutral' },
        age: { text: howLong(now - Date.parse(pod.metadata.creationTimestamp ?? '')) },
      }
    }),
    ...(sorted.length > ROWS_AT_MOST ? { more: sorted.length - ROWS_AT_MOST } : {}),
  }
}
