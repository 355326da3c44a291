'use client'
import { useQuery } from '@tanstack/react-query'
import { useConsole } from '@/components/live/console-context'
import { detailsQuery } from '@/lib/queries/details'
import type { ResultDetails } from '@/lib/verdicts/types'
import { RawBox } from './raw-box'
import { StructuredView } from './views/view'

/** The details of a step's latest result, or what to show while or instead of them. */
function useDetails(stepId: string): ResultDetails | React.ReactElement {
  const { board } = useConsole()
  const looked = board.steps.find((step) => step.stepId === stepId)?.finishedAt ?? ''
  const { data, error } = useQuery(detailsQuery(stepId, looked))
  if (error)
    return (
      <p role="alert" className="text-meta text-fail">
        It could not be fetched: {error.message}
      </p>
    )
  return data ?? <p className="text-meta text-third">Fetching …</p>
}

/** A long raw text, fetched when somebody opened it. */
export function KeptText({ stepId, index, label }: { stepId: string; index: number; label: string }) {
  const details = useDetails(stepId)
  return 'raw' in details ? <RawBox label={label} text={details.raw[index]?.text ?? ''} /> : details
}

/** A view, fetched when somebody opened it. */
export function KeptView({ stepId, index }: { stepId: string; index: number }) {
  const details = useDetails(stepId)
  if (!('raw' in details)) return details
  const view = details.views[index]
  return view && view.type !== 'kept' ? (
    <StructuredView view={view} />
  ) : (
    <p className="text-meta text-third">A newer result has taken its place.</p>
  )
}
