'use client'
import { Hand } from 'lucide-react'
import { useId } from 'react'
import type { GuideStep as Guide } from '@/lib/runbooks/types'
import { Command } from './command'
import { GuideTick } from './guide-tick'
import { Notes, Words } from './notes'
import { slugOf } from './slug'

/** Something a person does: what, how, and why no button does it. */
export function GuideStep({ step }: { step: Guide }) {
  const title = useId()
  return (
    <article
      id={slugOf(step)}
      aria-labelledby={title}
      className="scroll-mt-20 px-4 py-3.5 target:bg-accent-ground/40 max-md:px-3.5"
    >
      <div className="flex items-start gap-3">
        <Hand aria-hidden size={18} className="mt-1 shrink-0 text-third" />
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-3">
            <h2 id={title} className="min-w-0 py-1 font-medium">
              {step.title}
            </h2>
            <span className="rounded border border-line px-1.5 text-meta text-second">by hand</span>
          </div>
          <Command step={step} />
          <p className="max-w-[92ch] whitespace-pre-line text-second">
            <Words text={step.reason} />
          </p>
          <Notes step={step} />
          <GuideTick stepId={step.id} />
        </div>
      </div>
    </article>
  )
}
