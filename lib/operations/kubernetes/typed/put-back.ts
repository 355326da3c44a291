import 'server-only'
import { isDeepStrictEqual } from 'node:util'
import mergePatch from 'json-merge-patch'
import { z } from 'zod'
import { fail, type Result } from '@/lib/core/result'
import type { Fix, Risk } from '@/lib/operations/types'
import type { KubeObject } from '@/lib/targets/types'
import { planWrites } from './plan-writes'
import { sendWrites } from './send-writes'
import { watchWrites } from './watch-writes'
import { PUT_BACK, PUT_BACK_APPROVED, told, undoOf } from './way-back'
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

function puttingBack(id: string, risk: Risk): Fix<Params> {
  return {
    id,
    title: 'Put back as it was',
    effect: 'write',
    needs: 'fix:run',
    risk,
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
        // It is so already: an undo that broke off is gone on with.
        if (refused && changesNothing(object.value, one.back) && object.value.metadata.uid === one.uid)
          continue
        if (refused) return refused
        writes.push({ ...target, does: 'patch', kind: 'merge', body: one.back, before: object.value })
      }
      return writes.length > 0
        ? planWrites(context, writes, 'Put back')
        : fail('precondition_failed', 'Everything is as it was already.')
    },
    apply: sendWrites,
    verify: watchWrites,
    undo: undoOf(risk),
  }
}

/** Puts objects back as they were before a change that Crashcart made. No line of a runbook stands for it. */
export const putBack = puttingBack(PUT_BACK, 'medium')
/** The same, of a change that a second person had to agree to, or that leaves nothing running. */
export const putBackApproved = puttingBack(PUT_BACK_APPROVED, 'high')

function changedSince(
  object: KubeObject,
  { uid, made, name }: Params['writes'][number],
): Result<never> | undefined {
  if (object.metadata.uid !== uid)
    return fail('precondition_failed', `${name} was made anew since; it is another object now.`)
  // Applied once more, what was made of it must change nothing.
  return changesNothing(object, made)
    ? undefined
    : fail('precondition_failed', `${name} was changed again since, so the way back is no longer known.`, {
        hint: 'What it was before stands in the journal, under what changes.',
      })
}

function changesNothing(object: KubeObject, patch: unknown): boolean {
  const now = told(object)
  return isDeepStrictEqual(mergePatch.apply(structuredClone(now), patch as object), now)
}
