import 'server-only'
import type { FixRun as StoredRun } from '../generated/prisma/client'
import { type Plan, RUN_ANNOTATION } from '../operations/types'
import { RESOURCE } from '../targets/resource-types'
import { targetCluster } from './target'

/**
 * Whether the target carries this run's annotation, which every Kubernetes write puts there. Undefined when that
 * cannot be seen: the target is no Kubernetes object, or the cluster does not answer.
 */
export async function marked(row: StoredRun): Promise<boolean | undefined> {
  const { target } = row.plan as unknown as Plan
  const type = RESOURCE[target.kind as keyof typeof RESOURCE]
  const cluster = targetCluster()
  if (!type || !cluster.ok) return undefined
  const found = await cluster.value.reader.get(type, target.name, target.namespace)
  return found.ok ? found.value.metadata.annotations?.[RUN_ANNOTATION] === row.id : undefined
}
