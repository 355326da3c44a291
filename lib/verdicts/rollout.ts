import type { KubeObject } from '../targets/types'
import type { Finding } from './types'

export interface RolloutCounts {
  wanted: number
  updated: number
  ready: number
  /** All pods, of the new and the old template. */
  total: number
  /** The controller has seen the newest spec. */
  observed: boolean
}

/** Replica counts of a Deployment, StatefulSet or DaemonSet. */
export function rolloutCounts(workload: KubeObject): RolloutCounts {
  const { spec, status, metadata } = workload
  const observed = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  if (workload.kind === 'DaemonSet') {
    return {
      wanted: status?.desiredNumberScheduled ?? 0,
      updated: status?.updatedNumberScheduled ?? 0,
      ready: status?.numberReady ?? 0,
      total: status?.currentNumberScheduled ?? 0,
      observed,
    }
  }
  return {
    wanted: spec?.replicas ?? 1,
    updated: status?.updatedReplicas ?? 0,
    ready: status?.readyReplicas ?? 0,
    total: status?.replicas ?? 0,
    observed,
  }
}

/** Whether a rollout has come to its end: all pods new, all ready, none left over (as kubectl's rollout status). */
export function isComplete(workload: KubeObject): boolean {
  const counts = rolloutCounts(workload)
  return (
    counts.observed &&
    counts.updated >= counts.wanted &&
    counts.ready >= counts.wanted &&
    counts.total === counts.wanted
  )
}

const EXPLAINED = [
  'postgres.down',
  'logs.pool-exhausted',
  'logs.credentials',
  'logs.too-many-clients',
  'logs.workers-blocked',
  'pods.oom-killed',
  'pods.image',
  'pods.not-ready',
]

/** Findings about a workload: scaled to zero, nothing ready, a rollout that does not end, paused. */
export function judgeRollout(workload: KubeObject, _now: number): Finding[] {
  const counts = rolloutCounts(workload)
  const { name, namespace } = workload.metadata
  const target = `${(workload.kind ?? 'deployment').toLowerCase()}/${name}`
  const base = {
    evidence: [] as string[],
    subject: { kind: workload.kind ?? 'Deployment', namespace: namespace ?? '', name },
  }
  const params = { namespace, workload: target }
  if (counts.wanted === 0)
    return [
      {
        ...base,
        severity: 'fail',
        code: 'workload.scaled-to-zero',
        title: `${name} is scaled to zero`,
        remedies: [{ operation: 'kubernetes.scale', params }],
      },
    ]
  const findings: Finding[] = []
  if (workload.spec?.paused)
    findings.push({
      ...base,
      severity: 'warn',
      code: 'workload.paused',
      title: `The rollout of ${name} is paused`,
      remedies: [],
    })
  if (counts.ready === 0)
    findings.push({
      ...base,
      severity: 'fail',
      code: 'workload.none-ready',
      title: `0 of ${counts.wanted} pods of ${name} ready`,
      remedies: [
        { operation: 'kubernetes.rollout-restart', params },
        { operation: 'kubernetes.rollout-undo', params },
      ],
      explainedBy: EXPLAINED,
    })
  else if (counts.ready < counts.wanted)
    findings.push({
      ...base,
      severity: 'warn',
      code: 'workload.some-ready',
      title: `${counts.ready} of ${counts.wanted} pods of ${name} ready`,
      remedies: [{ operation: 'kubernetes.rollout-restart', params }],
      explainedBy: EXPLAINED,
    })
  if (counts.total > counts.wanted || counts.updated < counts.wanted) {
    findings.push({
      ...base,
      severity: 'warn',
      code: 'workload.rolling',
      title: `A rollout of ${name} is not finished: ${counts.updated} of ${counts.wanted} updated, ${counts.total} pods in all`,
      remedies: [{ operation: 'kubernetes.rollout-undo', params }],
      explainedBy: EXPLAINED,
    })
  }
  return findings
}
