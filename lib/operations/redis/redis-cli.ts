import 'server-only'
import type { AppError } from '@/lib/core/errors'
import { ok, type Result } from '@/lib/core/result'
import { programInside } from '@/lib/operations/commands'
import { onePod, runIn } from '@/lib/operations/in-pods'
import type { PodSelection } from '@/lib/operations/pod-selection'
import type { ReadContext, RecogniseHints } from '@/lib/operations/types'
import type { Command, Filter } from '@/lib/runbooks/command'
import { conclude, couldNotLook } from '@/lib/verdicts/conclude'
import { redisDown } from '@/lib/verdicts/redis'
import type { CheckResult } from '@/lib/verdicts/types'

/** Most keys one SCAN of ours collects. */
export const SCAN_LIMIT = 100_000

/** A redis-cli call inside pods: its command in capitals, its arguments, its filters. */
export function redisInside(
  commands: readonly Command[],
  hints: RecogniseHints,
): { pods: PodSelection; name: string; rest: string[]; filters: Filter[] } | undefined {
  const [command] = commands
  const call = commands.length === 1 && command ? programInside(commands, hints, 'redis-cli') : undefined
  const [name, ...rest] = call?.args ?? []
  return call && name
    ? { pods: call.pods, name: name.startsWith('-') ? name : name.toUpperCase(), rest, filters: call.filters }
    : undefined
}

/** Runs a reading redis-cli in the first pod of the selection. */
export async function ask(
  context: Pick<ReadContext, 'cluster'>,
  pods: PodSelection,
  words: string[],
): Promise<Result<{ text: string; pod: string; ms: number; note?: string }>> {
  const found = await onePod(context, pods)
  if (!found.ok) return found
  const answer = await runIn(context, found.value.pod, ['redis-cli', ...words])
  if (!answer.ok) return answer
  return ok({
    text: answer.value.stdout.replace(/\r?\n$/, ''),
    pod: found.value.pod.metadata.name,
    ms: answer.value.ms,
    ...(found.value.note ? { note: found.value.note } : {}),
  })
}

/** An error of `ask` as a result: Redis that refuses is a finding, everything else could not be looked at. */
export function judgeSilence(error: AppError, pods: PodSelection): CheckResult {
  return error.code === 'target_unavailable' && /redis-cli/.test(error.message)
    ? conclude({ findings: [redisDown(error.message, pods.pod ?? pods.workload ?? 'its pod')], healthy: '' })
    : couldNotLook(error)
}

/** Keys of a pattern, by SCAN (never KEYS, which blocks the server). */
export async function scan(
  context: Pick<ReadContext, 'cluster'>,
  pods: PodSelection,
  pattern: string,
): Promise<Result<string[]>> {
  const answer = await ask(context, pods, ['--scan', '--pattern', pattern])
  return answer.ok ? ok(answer.value.text.split('\n').filter(Boolean).slice(0, SCAN_LIMIT)) : answer
}

/** Counts of keys by what stands before their first colon, most first. */
export function byPrefix(keys: readonly string[]): { prefix: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const key of keys) {
    const prefix = key.includes(':') ? `${key.slice(0, key.indexOf(':'))}:*` : key
    counts.set(prefix, (counts.get(prefix) ?? 0) + 1)
  }
  return [...counts].map(([prefix, count]) => ({ prefix, count })).sort((a, b) => b.count - a.count)
}
