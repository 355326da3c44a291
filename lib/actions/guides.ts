'use server'

import { z } from 'zod'
import { requireAction } from '@/lib/access/session'
import { attempt } from '@/lib/core/attempt'
import type { Result } from '@/lib/core/result'
import * as guides from '@/lib/engine/guides'
import { parseInput } from './parse-input'

const Done = z.strictObject({
  stepId: z.string('That is not an identifier.').min(1, 'That is not an identifier.').max(200),
  note: z
    .string('The note is missing.')
    .trim()
    .min(3, 'Say in a few words what you did.')
    .max(1_000, 'The note is longer than 1,000 characters.'),
})

/** Ticks off a step that a person did by hand, with a note of what was done. */
export async function finishGuide(input: { stepId: string; note: string }): Promise<Result<null>> {
  return attempt('finishGuide', async () => {
    const actor = await requireAction('incident:write')
    if (!actor.ok) return actor
    const parsed = parseInput(Done, input)
    return parsed.ok ? guides.finishGuide(actor.value, parsed.value) : parsed
  })
}
