import { queryOptions } from '@tanstack/react-query'
import type { Result } from '@/lib/core/result'
import type { RawText } from '@/lib/verdicts/types'
import { ConsoleError } from './console'

/** The raw texts of a step's latest result. A new run of the step is a new text. Throws ConsoleError when refused. */
export function rawQuery(stepId: string, runId: string) {
  return queryOptions({
    queryKey: ['raw', stepId, runId],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }: { signal: AbortSignal }): Promise<RawText[]> => {
      const answer = await fetch(`/api/steps/${stepId.split('/').map(encodeURIComponent).join('/')}`, {
        signal,
      })
      const result = (await answer.json()) as Result<RawText[]>
      if (!result.ok) throw new ConsoleError(result.error)
      return result.value
    },
  })
}
