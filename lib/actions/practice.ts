'use server'

import { z } from 'zod'
import { requireAction } from '@/lib/access/session'
import { attempt } from '@/lib/core/attempt'
import { fail, type Result } from '@/lib/core/result'
import { db } from '@/lib/db/client'
import type { Actor } from '@/lib/engine/types'
import { env } from '@/lib/env'
import { append } from '@/lib/journal/append'
import { publish } from '@/lib/live/hub'
import { resetFaults, switchFault } from '@/lib/targets/practice'
import { parseInput } from './parse-input'

const Switch = z.object({
  name: z.string().regex(/^[a-z0-9-]{1,60}$/, 'That is no name of a fault.'),
  on: z.boolean(),
})

/** Role, practice cluster, journal, then the switch. */
async function practise(
  what: string,
  text: (actor: Actor) => string,
  run: (url: string) => Promise<Result<null>>,
): Promise<Result<null>> {
  const actor = await requireAction('practice:use')
  if (!actor.ok) return actor
  const { CRASHCART_PRACTICE_URL: url } = env()
  if (!url) return fail('precondition_failed', 'This is a real cluster: there is nothing to practise on.')
  await db().$transaction((tx) =>
    append(tx, { action: 'practice', actor: actor.value, target: what, text: text(actor.value) }),
  )
  const done = await run(url)
  publish({ type: 'practice', at: new Date().toISOString() })
  return done
}

/** Switches a fault of the practice cluster on or off. */
export async function setFault(input: { name: string; on: boolean }): Promise<Result<null>> {
  return attempt('setFault', async () => {
    const parsed = parseInput(Switch, input)
    if (!parsed.ok) return parsed
    const { name, on } = parsed.value
    return practise(
      `fault ${name}`,
      (actor) => `${actor.name} switched the practice fault ${name} ${on ? 'on' : 'off'}.`,
      (url) => switchFault(url, name, on),
    )
  })
}

/** Brings the practice cluster back to its healthy start. */
export async function resetPractice(): Promise<Result<null>> {
  return attempt('resetPractice', () =>
    practise('practice cluster', (actor) => `${actor.name} reset the practice cluster.`, resetFaults),
  )
}
