import 'server-only'
import type { KubeObject } from '../../targets/types'
import { Budget } from './limits'
import { alignColumns } from './tabwriter'

const MAX_OUTPUT = 1 << 20

/** `line` as kubectl prints it now, and whether it would then stop waiting; `failed` for what it refuses. */
export type RolloutStatus = { line: string; done: boolean } | { failed: string }

/** `kubectl rollout status` of one object as it is: after k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go. */
export function rolloutStatus(object: KubeObject): RolloutStatus {
  const status = of(object)
  return 'line' in status ? { ...status, line: `${status.line}\n` } : status
}

function of(object: KubeObject): RolloutStatus {
  const { kind, metadata, spec = {}, status = {} } = object
  const number = (name: string): number => (typeof status[name] === 'number' ? status[name] : 0)
  const name = JSON.stringify(metadata.name)
  const waiting = (line: string) => ({ line: `Waiting for ${line}...`, done: false })
  const generation = metadata.generation ?? 0
  const observed = number('observedGeneration')
  if (kind === 'Deployment') {
    if (generation > observed) return waiting('deployment spec update to be observed')
    const progressing = (status.conditions ?? []).find((one: { type?: string }) => one.type === 'Progressing')
    if (progressing?.reason === 'ProgressDeadlineExceeded')
      return { failed: `deployment ${name} exceeded its progress deadline` }
    const [updated, wanted] = [number('updatedReplicas'), spec.replicas as number | undefined]
    const rollout = (line: string) => waiting(`deployment ${name} rollout to finish: ${line}`)
    if (wanted !== undefined && updated < wanted)
      return rollout(`${updated} out of ${wanted} new replicas have been updated`)
    if (number('replicas') > updated)
      return rollout(`${number('replicas') - updated} old replicas are pending termination`)
    if (number('availableReplicas') < updated)
      return rollout(`${number('availableReplicas')} of ${updated} updated replicas are available`)
    return { line: `deployment ${name} successfully rolled out`, done: true }
  }
  if (kind === 'DaemonSet' || kind === 'StatefulSet') {
    if (spec.updateStrategy?.type !== 'RollingUpdate')
      return { failed: 'rollout status is only available for RollingUpdate strategy type' }
    return kind === 'DaemonSet'
      ? daemonSet(name, generation <= observed, number)
      : statefulSet(object, observed !== 0 && generation <= observed, number)
  }
  return { failed: `kubectl rollout status knows no ${kind}` }
}

function daemonSet(name: string, seen: boolean, number: (name: string) => number): RolloutStatus {
  const waiting = (line: string) => ({ line: `Waiting for daemon set ${line}...`, done: false })
  if (!seen) return waiting('spec update to be observed')
  const [updated, wanted] = [number('updatedNumberScheduled'), number('desiredNumberScheduled')]
  if (updated < wanted)
    return waiting(`${name} rollout to finish: ${updated} out of ${wanted} new pods have been updated`)
  if (number('numberAvailable') < wanted)
    return waiting(
      `${name} rollout to finish: ${number('numberAvailable')} of ${wanted} updated pods are available`,
    )
  return { line: `daemon set ${name} successfully rolled out`, done: true }
}

function statefulSet(
  { spec, status = {} }: KubeObject,
  seen: boolean,
  number: (name: string) => number,
): RolloutStatus {
  const waiting = (line: string) => ({ line: `${line}...`, done: false })
  if (!seen) return waiting('Waiting for statefulset spec update to be observed')
  const { replicas, updateStrategy } = spec
  if (replicas !== undefined && number('readyReplicas') < replicas)
    return waiting(`Waiting for ${replicas - number('readyReplicas')} pods to be ready`)
  const updated = number('updatedReplicas')
  const { rollingUpdate } = updateStrategy
  if (rollingUpdate) {
    const wanted = (replicas ?? 0) - (rollingUpdate.partition ?? 0)
    if (replicas !== undefined && rollingUpdate.partition !== undefined && updated < wanted)
      return waiting(
        `Waiting for partitioned roll out to finish: ${updated} out of ${wanted} new pods have been updated`,
      )
    return { line: `partitioned roll out complete: ${updated} new pods have been updated...`, done: true }
  }
  const { updateRevision = '', currentRevision = '' } = status
  if (updateRevision !== currentRevision)
    return waiting(
      `waiting for statefulset rolling update to complete ${updated} pods at revision ${updateRevision}`,
    )
  return {
    line: `statefulset rolling update complete ${number('currentReplicas')} pods at revision ${currentRevision}...`,
    done: true,
  }
}

const REVISION = 'deployment.kubernetes.io/revision'
const CAUSE = 'kubernetes.io/change-cause'

/**
 * `kubectl rollout history` of one object. `kept` are the ReplicaSets or ControllerRevisions that it controls. After
 * k8s.io/kubectl/pkg/polymorphichelpers/history.go.
 */
export function rolloutHistory(object: KubeObject, kept: readonly KubeObject[]): string {
  const causes = new Map<number, string>()
  const byAge = [...kept].sort(
    (a, b) =>
      Date.parse(a.metadata.creationTimestamp ?? '') - Date.parse(b.metadata.creationTimestamp ?? '') ||
      (a.metadata.name < b.metadata.name ? -1 : 1),
  )
  for (const one of object.kind === 'Deployment' ? byAge : kept) {
    const { annotations = {} } = one.metadata
    const revision = object.kind === 'Deployment' ? (annotations[REVISION] ?? '0') : String(one.revision ?? 0)
    // kubectl passes over a revision that is no number.
    if (!/^[-+]?\d+$/.test(revision)) continue
    const template = one.spec?.template?.metadata?.annotations?.[CAUSE]
    causes.set(Number(revision), annotations[CAUSE] || template || '<none>')
  }
  const rows = [...causes].sort(([a], [b]) => a - b).map(([revision, cause]) => [String(revision), cause])
  // A plain text/tabwriter of its own.
  const table = alignColumns([['REVISION', 'CHANGE-CAUSE'], ...rows], new Budget(MAX_OUTPUT), {
    narrowest: 0,
    padding: 2,
  })
  const history = rows.length === 0 ? 'No rollout history found.' : table
  return `${object.kind?.toLowerCase()}.apps/${object.metadata.name} \n${history}\n`
}
