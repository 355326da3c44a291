'use server'

import { z } from 'zod'
import { requireAction } from '@/lib/access/session'
import { attempt } from '@/lib/core/attempt'
import { ok, type Result } from '@/lib/core/result'
import { startSweep } from '@/lib/engine/sweep'
import type { CheckScope } from '@/lib/engine/types'
import { parseInput } from './parse-input'

const id = z.string().min(1).max(200)
const fields = z.record(z.string().max(80), z.string().max(16_000))
const Scope = z.union(
  [
    z.strictObject({ scope: z.literal('all') }),
    z.strictObject({ cardId: id, inputs: fields.optional() }),
    z.strictObject({ stepId: id, inputs: fields.optional(), secrets: fields.optional() }),
  ],
  'Say what to check: everything, a card or a step.',
)

/** Starts checks; results arrive on /api/live under the sweep's id. */
export async function startCheck(scope: CheckScope): Promise<Result<{ sweepId: string }>> {
  return attempt('startCheck', async () => {
    const actor = await requireAction('check:run')
    if (!actor.ok) return actor
    const parsed = parseInput(Scope as z.ZodType<CheckScope>, scope)
    if (!parsed.ok) return parsed
    // A result stands on everybody's board: what somebody types into a check must come from who may also change things.
    const values = {
      ...('inputs' in parsed.value ? parsed.value.inputs : {}),
      ...('secrets' in parsed.value ? parsed.value.secrets : {}),
    }
    if (Object.values(values).some((value) => value.trim() !== '')) {
      const trusted = await requireAction('incident:write', 'checks with entered values')
      if (!trusted.ok) return trusted
    }
    const started = await startSweep(actor.value, parsed.value)
    return started.ok ? ok({ sweepId: started.value.sweepId }) : started
  })
}
