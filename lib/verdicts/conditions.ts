import type { KubeObject } from '../targets/types'
import { count, howLong } from './durations'
import { judgeRollout, rolloutCounts } from './rollout'
import type { Cell, Finding, View } from './types'

/** Conditions that are well when True (Kubernetes API conventions, "Typical status properties"). */
const WELL_WHEN_TRUE =
  /^(Ready|Available|Healthy|Established|NamesAccepted|Initialized|ContainersReady|PodScheduled|Complete|Succeeded|Bound|Synced|Reconciled|Upgradeable|Accepted|Programmed|ResolvedRefs|ScalingActive|AbleToScale|Serving|Active|Valid|Approved)$/
/** Conditions that are well when False. */
const WELL_WHEN_FALSE =
  /^(Degraded|Failed|Failing|Stalled|ReplicaFailure|.*Pressure|NetworkUnavailable|Unhealthy|Error|Failure|Denied|InvalidRequest|Restarting|FrequentKubeletRestart|KernelDeadlock|ReadonlyFilesystem|.*Problem)$/
/** Phases and states in words that mean trouble, and those that mean waiting. */
const BAD_STATE =
  /^(failed|error|errored|lost|invalid|faulted|degraded|crashloopbackoff|unknown|expired|revoked|denied)$/i
const WAITING_STATE =
  /^(pending|creating|attaching|detaching|terminating|released|deleting|progressing|processing)$/i
const AT_MOST = 30
const REQUEST = 'CertificateSigningRequest'
const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet'])

interface Condition {
  type?: string
  status?: string
  reason?: string
  message?: string
  lastTransitionTime?: string
}

/** The state of an object in a word: its phase, its readiness, or how many replicas are ready. */
export function stateOf(object: KubeObject): Cell {
  if (object.metadata.deletionTimestamp) return { text: 'Terminating', tone: 'warn' }
  const { status, spec } = object
  const worst = troubleOf(object)[0]
  const tone = worst?.severity === 'fail' ? 'fail' : worst ? 'warn' : 'neutral'
  for (const word of [status?.phase, status?.state, status?.health, status?.robustness])
    if (typeof word === 'string' && word !== '') return { text: word.slice(0, 60), tone }
  const wanted = spec?.replicas ?? status?.desiredNumberScheduled
  if (typeof wanted === 'number' && (status?.replicas !== undefined || status?.numberReady !== undefined))
    return { text: `${status?.readyReplicas ?? status?.numberReady ?? 0} of ${wanted} ready`, tone }
  const ready = conditionsOf(object).find((one) => one.type === 'Ready' || one.type === 'Available')
  if (ready) return { text: `${ready.type}: ${ready.status}`, tone }
  return { text: worst ? worst.title.slice(0, 80) : '', tone }
}

function conditionsOf(object: KubeObject): Condition[] {
  const { conditions } = object.status ?? {}
  return Array.isArray(conditions) ? conditions.filter((one) => one && typeof one === 'object') : []
}

/** What an object itself says is wrong with it, the worst first. */
export function troubleOf(object: KubeObject): Finding[] {
  const { kind = 'object', metadata, status, spec } = object
  const name = `${kind} ${metadata.name}`
  const subject = {
    kind,
    ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
    name: metadata.name,
  }
  const make = (
    severity: 'fail' | 'warn',
    code: string,
    title: string,
    evidence: string[],
    since?: string,
  ) => ({
    severity,
    code,
    title,
    evidence,
    ...(since ? { since } : {}),
    subject,
    remedies: [],
  })
  const findings: Finding[] = []
  const finished = status?.phase === 'Succeeded' || (kind === 'Job' && (status?.succeeded ?? 0) > 0)
  for (const condition of finished ? [] : conditionsOf(object)) {
    const { type = '', status: value, reason, message, lastTransitionTime } = condition
    const bad =
      (WELL_WHEN_TRUE.test(type) && value === 'False') || (WELL_WHEN_FALSE.test(type) && value === 'True')
    const unclear = value === 'Unknown' && (WELL_WHEN_TRUE.test(type) || WELL_WHEN_FALSE.test(type))
    // A Job is not complete until it is; nobody failed.
    if ((!bad && !unclear) || (kind === 'Job' && type === 'Complete')) continue
    // Somebody said no to it, which is an answer.
    if (kind === REQUEST && type === 'Denied') continue
    findings.push(
      make(
        unclear ? 'warn' : 'fail',
        `condition.${type}`.slice(0, 80),
        `${name}: ${type} is ${value}${reason ? ` (${reason})` : ''}`,
        message ? [message.slice(0, 500)] : [],
        lastTransitionTime,
      ),
    )
  }
  const state = [status?.phase, status?.state, status?.health, status?.robustness].find(
    (word) => typeof word === 'string' && (BAD_STATE.test(word) || WAITING_STATE.test(word)),
  )
  if (state)
    findings.push(
      make(
        BAD_STATE.test(state) ? 'fail' : 'warn',
        'state',
        `${name} is ${state}`,
        [status?.reason, status?.message].filter((one): one is string => typeof one === 'string'),
      ),
    )
  // What the status says is of an earlier spec: nothing in it is an answer to the present one.
  if (
    typeof status?.observedGeneration === 'number' &&
    status.observedGeneration < (metadata.generation ?? 0)
  )
    findings.push(
      make('warn', 'not-observed', `${name}: its controller has not seen the last change yet`, []),
    )
  if (kind === REQUEST && conditionsOf(object).length === 0)
    findings.push(
      make(
        'warn',
        'certificate-request.pending',
        `${name} waits for somebody to approve or deny it`,
        [`${spec?.username ?? 'somebody'} asks ${spec?.signerName ?? 'a signer'} for it`],
        metadata.creationTimestamp,
      ),
    )
  if (WORKLOADS.has(kind)) findings.push(...workloadTrouble(object))
  else {
    const ready = status?.readyReplicas ?? (status?.replicas === undefined ? undefined : 0)
    if (typeof spec?.replicas === 'number' && typeof ready === 'number' && ready < spec.replicas)
      findings.push(make('fail', 'replicas', `${name} has ${ready} of ${spec.replicas} ready`, []))
  }
  return findings.sort((a, b) => (a.severity === b.severity ? 0 : a.severity === 'fail' ? -1 : 1))
}

/** A rollout that is not at its end. No pods wanted is a choice here; that some are left is not. */
function workloadTrouble(object: KubeObject): Finding[] {
  const { wanted, total } = rolloutCounts(object)
  if (wanted > 0) return judgeRollout(object, 0)
  return total > 0
    ? [
        {
          severity: 'warn',
          code: 'workload.rolling',
          title: `${count(total, 'pod')} of ${object.metadata.name} still end`,
          evidence: [],
          remedies: [],
        },
      ]
    : []
}

/** Warning events of the last hour, one finding for each reason, the most frequent first. */
export function judgeEvents(events: KubeObject[], now: number): Finding[] {
  const recent = events.filter((event) => event.type === 'Warning' && now - timeOf(event) <= 3_600_000)
  const byReason = new Map<string, KubeObject[]>()
  for (const event of recent) {
    const reason = String(event.reason ?? 'Warning')
    const known = byReason.get(reason)
    if (known) known.push(event)
    else byReason.set(reason, [event])
  }
  return [...byReason]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, 10)
    .map(([reason, all]) => ({
      severity: 'warn',
      code: `event.${reason}`.slice(0, 80),
      title: `${count(all.length, 'warning')} ${reason} in the last hour, the newest ${howLong(now - Math.max(...all.map(timeOf)))} ago`,
      evidence: all
        .sort((a, b) => timeOf(b) - timeOf(a))
        .slice(0, 3)
        .map((event) => `${event.involvedObject?.kind}/${event.involvedObject?.name}: ${event.message}`),
      remedies: [],
    }))
}

/** When an event was last seen, in ms. */
export function timeOf(event: KubeObject): number {
  const time =
    event.lastTimestamp ??
    event.series?.lastObservedTime ??
    event.eventTime ??
    event.metadata.creationTimestamp
  return Date.parse(String(time ?? '')) || 0
}

/** Objects as a table, those with trouble first, and what is wrong with them. */
export function judgeObjects(objects: KubeObject[], now: number): { findings: Finding[]; view: View } {
  const looked = objects.map((object) => ({ object, trouble: troubleOf(object) }))
  const rank = ({ trouble }: { trouble: Finding[] }) =>
    trouble.some((one) => one.severity === 'fail') ? 0 : trouble.length > 0 ? 1 : 2
  looked.sort((a, b) => rank(a) - rank(b))
  const all = looked.flatMap(({ trouble }) => trouble)
  const findings = all.slice(0, AT_MOST)
  if (all.length > AT_MOST)
    findings.push({
      severity: 'warn',
      code: 'more',
      title: `${(all.length - AT_MOST).toLocaleString('en')} more troubles of this kind are not listed`,
      evidence: [],
      remedies: [],
    })
  const places = new Set(objects.map((one) => one.metadata.namespace))
  const kinds = new Set(objects.map((one) => one.kind))
  return {
    findings,
    view: {
      type: 'table',
      columns: [
        ...(places.size > 1 ? [{ key: 'namespace', label: 'Namespace' }] : []),
        ...(kinds.size > 1 ? [{ key: 'kind', label: 'Kind' }] : []),
        { key: 'name', label: 'Name' },
        { key: 'state', label: 'State' },
        { key: 'age', label: 'Age', align: 'right' },
      ],
      rows: looked.slice(0, 200).map(({ object }) => ({
        namespace: { text: object.metadata.namespace ?? '' },
        kind: { text: object.kind ?? '' },
        name: { text: object.metadata.name, mono: true },
        state: stateOf(object),
        age: {
          text: object.metadata.creationTimestamp
            ? howLong(now - Date.parse(object.metadata.creationTimestamp))
            : '',
        },
      })),
      ...(looked.length > 200 ? { more: looked.length - 200 } : {}),
    },
  }
}
