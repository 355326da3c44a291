'use client'
import { Play } from 'lucide-react'
import { useId, useState } from 'react'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { VerdictMark } from '@/components/ui/verdict-mark'
import { When } from '@/components/ui/when'
import type { ShownResult } from '@/lib/engine/types'
import { runsUnasked } from '@/lib/runbooks/asks'
import type { BoundStep } from '@/lib/runbooks/types'
import { Command } from './command'
import { Notes } from './notes'
import { ResultView } from './result-view'
import { slugOf } from './slug'
import { StepInputs } from './step-inputs'

function took(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`
}

function Meta({ latest, running }: { latest: ShownResult | undefined; running: boolean }) {
  return (
    <p className="text-meta text-third max-md:min-w-0 max-md:flex-1">
      {running ? (
        <span className="text-accent">{latest ? 'checking again' : 'checking'}</span>
      ) : latest ? (
        <>
          {latest.result.read ? `${latest.result.read} · ` : ''}
          {took(latest.ms)} · <When at={latest.finishedAt} />{' '}
          <span className="max-lg:hidden">by {latest.by}</span>
        </>
      ) : (
        'not checked yet'
      )}
    </p>
  )
}

/** A check: its verdict, what it read, the command, and what it found. */
export function CheckStep({ step }: { step: BoundStep }) {
  const { board, check } = useConsole()
  const title = useId()
  const [pressed, setPressed] = useState(false)
  const latest = board.steps.find((one) => one.stepId === step.id)
  const running = board.runningStepIds.includes(step.id)
  const unasked = runsUnasked(step)
  const run = (filled?: { inputs: Record<string, string>; secrets: Record<string, string> }) => {
    setPressed(true)
    void check({ stepId: step.id, ...filled })
  }
  return (
    <article
      id={slugOf(step)}
      aria-labelledby={title}
      aria-busy={running || undefined}
      className="scroll-mt-20 px-4 py-3.5 target:bg-accent-ground/40 max-md:px-3.5"
    >
      <div className="flex items-start gap-3">
        <VerdictMark
          verdict={running ? 'running' : (latest?.result.verdict ?? 'unchecked')}
          className="mt-1"
        />
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-3">
            <h2 id={title} className="min-w-0 flex-1 basis-48 py-1 font-medium max-md:basis-full">
              {step.title}
            </h2>
            <Meta latest={latest} running={running} />
            {unasked ? (
              <Button
                size="small"
                kind="quiet"
                data-row
                busy={running}
                aria-label={`Run: ${step.title}`}
                icon={<Play aria-hidden size={14} />}
                onClick={() => run()}
              >
                Run
              </Button>
            ) : null}
          </div>
          <Command step={step} />
          <Notes step={step} />
          {step.inputs.length > 0 ? <StepInputs specs={step.inputs} busy={running} onRun={run} /> : null}
          {latest ? (
            // Not dimmed while it is looked at again: the mark and the words above say so, and it must stay readable.
            <ResultView
              stepId={step.id}
              result={latest.result}
              cardId={step.cardId}
              open={pressed || latest.result.verdict !== 'pass'}
            />
          ) : null}
        </div>
      </div>
    </article>
  )
}
