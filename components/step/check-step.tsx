'use client'
import { Play } from 'lucide-react'
import { useId, useState } from 'react'
import { given, useCardValues } from '@/components/card/card-values'
import { fieldId } from '@/components/card/values-panel'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { VerdictMark } from '@/components/ui/verdict-mark'
import { useNow, When } from '@/components/ui/when'
import type { ShownResult } from '@/lib/engine/types'
import type { InputSpec } from '@/lib/operations/types'
import { missing, sharedInputs } from '@/lib/runbooks/asks'
import type { BoundStep } from '@/lib/runbooks/types'
import { isOld } from '@/lib/verdicts/freshness'
import type { CheckResult } from '@/lib/verdicts/types'
import { Command } from './command'
import { Notes } from './notes'
import { ResultView } from './result-view'
import { slugOf } from './slug'
import { type Filled, StepInputs } from './step-inputs'

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

/** What a step takes of the values that were given for its card, or that one is lacking. */
function Taken({
  step,
  specs,
  values,
}: {
  step: BoundStep
  specs: InputSpec[]
  values: Record<string, string>
}) {
  return (
    <p className="mt-1 flex flex-wrap gap-x-3 text-meta text-third">
      {specs.map((spec) => (
        <span key={spec.name}>
          {spec.label}:{' '}
          {values[spec.name] ? (
            <span className="font-mono text-second [overflow-wrap:anywhere]">{values[spec.name]}</span>
          ) : spec.default !== undefined ? (
            <span className="font-mono text-second">{spec.default}</span>
          ) : (
            <button
              type="button"
              className="text-accent underline underline-offset-2 max-md:min-h-11"
              onClick={() => document.getElementById(fieldId(step.cardId, spec.name))?.focus()}
            >
              give it above
            </button>
          )}
        </span>
      ))}
    </p>
  )
}

/** Whether a result is about just the values that would be taken now. */
function sameAs(about: CheckResult['about'], specs: InputSpec[], values: Record<string, string>): boolean {
  return (
    about !== undefined &&
    specs.every((spec) => about.find((one) => one.label === spec.label)?.value === values[spec.name])
  )
}

/** What the result below is about, as somebody said: others see it too, and the next look may be about something else. */
function About({ about }: { about: NonNullable<CheckResult['about']> }) {
  return (
    <p className="mt-1 text-meta text-second">
      Found for{' '}
      {about.map(({ label, value }, index) => (
        <span key={label}>
          {index > 0 ? ', ' : ''}
          {label} <span className="font-mono text-ink [overflow-wrap:anywhere]">{value}</span>
        </span>
      ))}
    </p>
  )
}

/** A check: its verdict, what it read, the command, and what it found. */
export function CheckStep({ step }: { step: BoundStep }) {
  const { board, runbook, check } = useConsole()
  const title = useId()
  const now = useNow()
  const [pressed, setPressed] = useState(false)
  const latest = board.steps.find((one) => one.stepId === step.id)
  const running = board.runningStepIds.includes(step.id)
  const card = runbook.cards.find((one) => one.id === step.cardId)
  const shared = (card ? sharedInputs(card) : []).map((spec) => spec.name)
  const ofCard = useCardValues(step.cardId)
  const own = step.inputs.filter((spec) => !shared.includes(spec.name))
  const taken = step.inputs.filter((spec) => shared.includes(spec.name))
  const values = given(
    ofCard.values,
    taken.map((spec) => spec.name),
  )
  const run = (filled?: Filled) => {
    const [lacking] = missing({ ...step, inputs: taken }, values)
    if (lacking) return document.getElementById(fieldId(step.cardId, lacking.name))?.focus()
    setPressed(true)
    const inputs = { ...values, ...filled?.inputs }
    void check({
      stepId: step.id,
      ...(step.inputs.length > 0 ? { inputs, secrets: filled?.secrets ?? {} } : {}),
    })
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
          old={isOld(latest?.finishedAt, now)}
          className="mt-1"
        />
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-3">
            <h2 id={title} className="min-w-0 flex-1 basis-48 py-1 font-medium max-md:basis-full">
              {step.title}
            </h2>
            <Meta latest={latest} running={running} />
            {missing({ ...step, inputs: own }, {}).length === 0 ? (
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
          {taken.length > 0 && !sameAs(latest?.result.about, taken, values) ? (
            <Taken step={step} specs={taken} values={values} />
          ) : null}
          {own.length > 0 ? <StepInputs specs={own} busy={running} onRun={run} /> : null}
          {latest?.result.about ? <About about={latest.result.about} /> : null}
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
