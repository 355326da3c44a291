import 'server-only'
import type { z } from 'zod'
import { fail, ok, type Result } from '@/lib/core/result'

/**
 * What a browser sent, checked: an action is an address anybody can post to.
 * @returns the parsed value, or `invalid_input` with the first complaint, which is written for people
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): Result<T> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return ok(parsed.data)
  return fail('invalid_input', parsed.error.issues[0]?.message ?? 'That input is not valid.')
}
