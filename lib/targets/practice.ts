import 'server-only'
import { z } from 'zod'
import { fail, ok, type Result } from '../core/result'

const faultList = z.object({
  faults: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      teaches: z.string(),
      cards: z.array(z.string()),
      cure: z.string(),
      active: z.boolean(),
    }),
  ),
})
export type PracticeFault = z.infer<typeof faultList>['faults'][number]

async function call(base: string, method: string, path: string, timeoutMs: number): Promise<Result<unknown>> {
  try {
    const answer = await fetch(`${base}${path}`, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      cache: 'no-store',
    })
    const body: unknown = await answer.json()
    if (answer.ok) return ok(body)
    const said = z.object({ error: z.string() }).safeParse(body)
    return fail(
      answer.status === 404 ? 'not_found' : 'target_unavailable',
      said.success ? said.data.error : `The practice cluster answered HTTP ${answer.status}.`,
    )
  } catch (cause) {
    return fail(
      'target_unavailable',
      `The practice cluster does not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
    )
  }
}

/** The faults of the practice cluster and which are on. */
export async function practiceFaults(base: string): Promise<Result<PracticeFault[]>> {
  const answer = await call(base, 'GET', '/sandbox/faults', 5_000)
  if (!answer.ok) return answer
  const parsed = faultList.safeParse(answer.value)
  return parsed.success
    ? ok(parsed.data.faults)
    : fail('internal', 'The practice cluster answered something that is not a list of faults.')
}

/** Switches a fault; returns when it is there or gone, its symptoms follow. */
export async function switchFault(base: string, name: string, on: boolean): Promise<Result<null>> {
  const answer = await call(
    base,
    on ? 'POST' : 'DELETE',
    `/sandbox/faults/${encodeURIComponent(name)}?settle=no`,
    45_000,
  )
  return answer.ok ? ok(null) : answer
}

/** Takes all faults away. */
export async function resetFaults(base: string): Promise<Result<null>> {
  const answer = await call(base, 'POST', '/sandbox/reset', 90_000)
  return answer.ok ? ok(null) : answer
}
