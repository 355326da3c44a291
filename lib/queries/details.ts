import { queryOptions } from '@tanstack/react-query'
import type { Result } from '@/lib/core/result'
import type { ResultDetails } from '@/lib/verdicts/types'
import { ConsoleError } from './console'

/** The views and raw texts of a step's latest result. A new run of the step has new ones. Throws ConsoleError when refused. */
export function detailsQuery(stepId: string, finishedAt: string) {
  return queryOptions({
    queryKey: ['details', stepId, finishedAt],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }: { signal: AbortSignal }): Promise<ResultDetails> => {
      const answer = await fetch(`/api/steps/${stepId.split('/').map(encodeURIComponent).join('/')}`, {
        signal,
      })
      const result = (await answer.json()) as Result<ResultDetails>
      if (!result.ok) throw new ConsoleError(result.error)
      return result.value
    },
  })
}
