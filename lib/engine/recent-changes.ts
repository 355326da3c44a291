import 'server-only'
import type { Runbook } from '../runbooks/types'
import { RESOURCE } from '../targets/resource-types'
import type { ClusterReader, KubeObject } from '../targets/types'

/** A change somebody made, in a sentence, with its ISO time. */
export interface RecentChange {
  text: string
  at: string
}

/** Older changes are no explanation for something that began now. */
const KEPT_MS = 60 * 60_000
const CHANGES_AT_MOST = 50
/** Managers that act by themselves: what they write is a consequence. */
const CONTROLLERS =
  /^(kube-|k8s-|metrics-server|horizontal-pod-autoscaler|deployment-controller|replicaset-controller)/
const KINDS = ['ConfigMap', 'Secret', 'Service', 'Deployment'] as const

interface Memory {
  /** By UID: what was seen last. Values of Secrets are never kept. */
  seen: Map<string, { resourceVersion: string; facts: Record<string, string> }>
  changes: Map<string, RecentChange>
}

const kept = globalThis as typeof globalThis & { crashcartChanges?: Memory }

function memory(): Memory {
  kept.crashcartChanges ??= { seen: new Map(), changes: new Map() }
  return kept.crashcartChanges
}

/** The namespace that the runbook's steps speak of most. */
function mainNamespace(runbook: Runbook): string | undefined {
  const counts = new Map<string, number>()
  for (const step of runbook.cards.flatMap((card) => card.steps)) {
    const namespace = step.kind === 'guide' ? undefined : step.params.namespace
    if (typeof namespace === 'string') counts.set(namespace, (counts.get(namespace) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** What of an object is worth comparing, as short texts; of a Secret nothing is kept. */
function factsOf(kind: string, object: KubeObject): Record<string, string> {
  if (kind === 'ConfigMap') return object.data ?? {}
  if (kind === 'Secret') return {}
  if (kind === 'Service') return { selector: JSON.stringify(object.spec?.selector ?? {}) }
  const container = object.spec?.template?.spec?.containers?.[0]
  return {
    image: String(container?.image ?? ''),
    replicas: String(object.spec?.replicas ?? 1),
    'memory limit': String(container?.resources?.limits?.memory ?? 'none'),
    'cpu limit': String(container?.resources?.limits?.cpu ?? 'none'),
  }
}

/** Who wrote an object's own fields last, and when; controllers and status do not count. */
function lastWrite(object: KubeObject): { by: string; at: string } | undefined {
  const writes = (object.metadata.managedFields ?? []).filter(
    (one) =>
      one.time &&
      !CONTROLLERS.test(one.manager ?? '') &&
      (one as { subresource?: string }).subresource === undefined,
  )
  const newest = writes.sort((a, b) => String(b.time).localeCompare(String(a.time)))[0]
  return newest?.time ? { by: newest.manager ?? 'somebody', at: newest.time } : undefined
}

/** What differs, in a few words; a text that is too long to show is only named. */
function difference(before: Record<string, string>, after: Record<string, string>): string {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => before[key] !== after[key],
  )
  const short = (text: string | undefined) =>
    text === undefined ? 'nothing' : text.length > 40 || text.includes('\n') ? undefined : text
  return keys
    .slice(0, 2)
    .map((key) => {
      const [from, to] = [short(before[key]), short(after[key])]
      return from === undefined || to === undefined ? key : `${key} ${from} → ${to}`
    })
    .join(', ')
}

/**
 * Looks at settings, secrets, services and workloads of the runbook's main namespace and remembers what changed since
 * the last look. What cannot be read is left out: this only adds to an explanation.
 */
export async function noteChanges(runbook: Runbook, reader: ClusterReader, now = new Date()): Promise<void> {
  const namespace = mainNamespace(runbook)
  if (!namespace) return
  const { seen, changes } = memory()
  const lists = await Promise.all(
    KINDS.map(async (kind) => ({ kind, listed: await reader.list(RESOURCE[kind], { namespace }) })),
  )
  for (const { kind, listed } of lists) {
    if (!listed.ok) continue
    for (const object of listed.value) {
      const uid = object.metadata.uid ?? `${kind}/${object.metadata.name}`
      const facts = factsOf(kind, object)
      const before = seen.get(uid)
      const write = lastWrite(object)
      const version = object.metadata.resourceVersion ?? ''
      if (write && now.getTime() - Date.parse(write.at) < KEPT_MS && before?.resourceVersion !== version) {
        const changed = before ? difference(before.facts, facts) : ''
        const by = write.by === 'crashcart' ? 'a fix from here' : write.by
        // A new version without a difference we look at (a status, an annotation) is no change worth telling.
        if (!before || changed || kind === 'Secret')
          changes.set(`${uid} ${write.at}`, {
            text: `${kind} ${object.metadata.name} changed${changed ? ` (${changed})` : ''} by ${by}`,
            at: write.at,
          })
      }
      seen.set(uid, { resourceVersion: version, facts })
    }
  }
  for (const [key, change] of changes)
    if (now.getTime() - Date.parse(change.at) > KEPT_MS || changes.size > CHANGES_AT_MOST) changes.delete(key)
}

/** The newest change before a moment (with half a minute of grace for clocks), or undefined. */
export function changeBefore(at: Date, within = 30 * 60_000): RecentChange | undefined {
  return [...memory().changes.values()]
    .filter(
      (change) =>
        Date.parse(change.at) <= at.getTime() + 30_000 && at.getTime() - Date.parse(change.at) < within,
    )
    .sort((a, b) => b.at.localeCompare(a.at))[0]
}
