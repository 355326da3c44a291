'use client'
import { Users, Wrench } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { useConsole } from '@/components/live/console-context'
import { Button } from '@/components/ui/button'
import { classes } from '@/components/ui/classes'
import { PERMISSIONS } from '@/lib/access/roles'
import type { BoundStep } from '@/lib/runbooks/types'
import { Command } from './command'
import { Notes } from './notes'
import { slugOf } from './slug'

function Chip({ children, loud = false }: { children: ReactNode; loud?: boolean }) {
  return (
    <span
      className={classes(
        'inline-flex items-center gap-1.5 rounded border px-1.5 text-meta',
        loud ? 'border-warn-line bg-warn-ground text-warn' : 'border-line text-second',
      )}
    >
      {children}
    </span>
  )
}

/** A fix: what it would do, who may press it, how risky it is; and the way to its preview. */
export function FixStep({ step, suggested }: { step: BoundStep; suggested: boolean }) {
  const { openFix, runningFixes } = useConsole()
  const title = useId()
  const running = runningFixes.find((run) => run.stepId === step.id)
  return (
    <article
      id={slugOf(step)}
      aria-labelledby={title}
      className="scroll-mt-20 px-4 py-3.5 target:bg-accent-ground/40 max-md:px-3.5"
    >
      <div className="flex items-start gap-3">
        <Wrench aria-hidden size={18} className="mt-1 shrink-0 text-third" />
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h2 id={title} className="min-w-0 py-1 font-medium max-md:basis-full">
              {step.title}
            </h2>
            <span className="flex min-w-0 flex-1 flex-wrap md:basis-56 items-center gap-2">
              <Chip>{PERMISSIONS[step.needs ?? 'fix:run']}</Chip>
              {step.risk ? <Chip loud={step.risk === 'high'}>{step.risk} risk</Chip> : null}
              {step.risk === 'high' ? (
                <Chip loud>
                  <Users aria-hidden size={13} /> needs a second person
                </Chip>
              ) : null}
              {suggested ? <span className="text-meta font-medium text-accent">suggested now</span> : null}
            </span>
            {running ? (
              <Button size="small" onClick={() => openFix({ runId: running.id })} data-row>
                Show progress
              </Button>
            ) : (
              <Button
                size="small"
                kind={suggested ? 'accent' : 'plain'}
                data-row
                aria-label={`Preview: ${step.title}`}
                onClick={() => openFix({ stepId: step.id })}
              >
                Preview…
              </Button>
            )}
          </div>
          <Command step={step} />
          <Notes step={step} />
        </div>
      </div>
    </article>
  )
}
