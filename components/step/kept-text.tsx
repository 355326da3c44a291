'use client'
import { useQuery } from '@tanstack/react-query'
import { useConsole } from '@/components/live/console-context'
import { rawQuery } from '@/lib/queries/raw'
import { RawBox } from './result-view'

/** A long raw text, fetched when somebody opened it. */
export function KeptText({ stepId, index, label }: { stepId: string; index: number; label: string }) {
  const { board } = useConsole()
  const runId = board.steps.find((step) => step.stepId === stepId)?.runId ?? ''
  const { data, error } = useQuery(rawQuery(stepId, runId))
  if (error)
    return (
      <p role="alert" className="text-meta text-fail">
        The text could not be fetched: {error.message}
      </p>
    )
  if (!data) return <p className="text-meta text-third">Fetching the text …</p>
  return <RawBox label={label} text={data[index]?.text ?? ''} />
}
