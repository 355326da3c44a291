import 'server-only'
import { isDeepStrictEqual } from 'node:util'
import mergePatch from 'json-merge-patch'
import { z } from 'zod'
import { fail, type Result } from '@/lib/core/result'
import type { Fix } from '@/lib/operations/types'
import type { KubeObject } from '@/lib/targets/types'
import { planWrites } from './plan-writes'
import { sendWrites } from './send-writes'
import { watchWrites } from './watch-writes'
import { PUT_BACK, told, undoOf } from './way-back'
import type { Write } from './writes'

const type = z.object({
  group: z.string(),
  version: z.string(),
  plural: z.string(),
  kind: z.string(),
  namespaced: z.boolean(),
})
const params = z.object({
  writes: z
    .array(
      z.object({
        type,
        name: z.string(),
        namespace: z.string().optional(),
        uid: z.string(),
        /** Merge patch from what it was to what was made of it, and the way back (RFC 7396). */
        made: z.unknown(),
        back: z.unknown(),
      }),
    )
    .min(1)
    .max(50),
})
type Params = z.infer<typeof params>

/** Puts objects back as they were before a change that Crashcart made. No line of a runbook stands for it. */
export const putBack: Fix<Params> = {
  id: PUT_BACK,
  title: 'Put back as it was',
  effect: 'write',
  needs: 'fix:run',
  risk: 'medium',
  severalWrites: true,
  params,
  starts: [],
  recognise: () => undefined,
  kubectl: ({ writes }) =>
    writes
      .map(
        ({ type, name, namespace, back }) =>
          `kubectl patch ${type.plural} ${name}${namespace ? ` -n ${namespace}` : ''} --type=merge -p '${JSON.stringify(back)}'`,
      )
      .join('\n'),
  async plan(context, given) {
    const writes: Write[] = []
    for (const one of given.writes) {
      const target = {
        type: one.type,
        name: one.name,
        ...(one.namespace ? { namespace: one.namespace } : {}),
      }
      const object = await context.cluster.get(one.type, one.name, one.namespace)
      if (!object.ok) return object
      const refused = changedSince(object.value, one)
      if (refused) return refused
      writes.push({ ...target, does: 'patch', kind: 'merge', body: one.back, before: object.value })
    }
    return planWrites(context, writes, 'Put back')
  },
  apply: sendWrites,
  verify: watchWrites,
  undo: undoOf,
}

function changedSince(
  object: KubeObject,
  { uid, made, name }: Params['writes'][number],
): Result<never> | undefined {
  if (object.metadata.uid !== uid)
    return fail('precondition_failed', `${name} was made anew since; it is another object now.`)
  const now = told(object)
  // Applied once more, what was made of it must change nothing.
  return isDeepStrictEqual(mergePatch.apply(structuredClone(now), made as object), now)
    ? undefined
    : fail('precondition_failed', `${name} was changed again since, so the way back is no longer known.`, {
        hint: 'What it was before stands in the journal, under what changes.',
      })
}
