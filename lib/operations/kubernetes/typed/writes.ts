import 'server-only'
import { ok, type Result } from '@/lib/core/result'
import type { ReadContext } from '@/lib/operations/types'
import type { KubectlCommand } from '@/lib/runbooks/command'
import { graceOf } from '@/lib/runbooks/requests/changes'
import type { KubeObject, PatchKind, ResourceType, Subresource } from '@/lib/targets/types'
import { creations } from './creations'
import { named } from './named'
import { patchFor } from './patches'

/** One write to the API server, before it is sent. */
export type Write = { type: ResourceType; name: string; namespace?: string } & (
  | { does: 'patch'; kind: PatchKind; body: unknown; before: KubeObject; subresource?: Subresource }
  | { does: 'create'; body: KubeObject }
  | ({ does: 'delete'; before: KubeObject } & Removal)
)

/** How an object goes, where the line says so (DeleteOptions of the API). */
export interface Removal {
  graceSeconds?: number
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
}

/**
 * What a changing command would send, from the objects as they are now. Errors (invalid_input, precondition_failed):
 * what kubectl would refuse, and what cannot be told from the line.
 */
export async function writesOf(
  context: Pick<ReadContext, 'cluster'>,
  command: KubectlCommand,
): Promise<Result<Write[]>> {
  if (['create', 'apply', 'expose'].includes(command.verb)) return creations(context, command)
  const targets = await named(context, command)
  if (!targets.ok) return targets
  const writes: Write[] = []
  for (const { object, ...target } of targets.value) {
    const made = command.verb === 'delete' ? removal(command) : patchFor(command, object)
    if (!made.ok) return made
    writes.push({ ...target, ...made.value, before: object } as Write)
  }
  return ok(writes)
}

const CASCADES: Record<string, Removal['propagationPolicy']> = {
  background: 'Background',
  foreground: 'Foreground',
  orphan: 'Orphan',
  true: 'Background',
  false: 'Orphan',
}

function removal(command: KubectlCommand): Result<{ does: 'delete' } & Removal> {
  const grace = graceOf(command)
  const cascade = command.flags.cascade
  const propagationPolicy = cascade === undefined ? undefined : CASCADES[String(cascade)]
  return ok({
    does: 'delete',
    ...(grace === undefined || Number(grace) < 0 ? {} : { graceSeconds: Number(grace) }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
  })
}
