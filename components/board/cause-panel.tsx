'use client'
import { Crosshair } from 'lucide-react'
import Link from 'next/link'
import { stepsById } from '@/components/card/remedies'
import { useConsole } from '@/components/live/console-context'
import { Button, buttonClasses } from '@/components/ui/button'
import { When } from '@/components/ui/when'
import type { LikelyCause } from '@/lib/engine/types'

/** What most likely lies behind the findings, what changed before it, and the way out. */
export function CausePanel({ cause, old }: { cause: LikelyCause; old: boolean }) {
  const { runbook, openFix } = useConsole()
  const fixes = stepsById(runbook, cause.suggests).slice(0, 2)
  const slug = cause.stepId.split('/').at(-1)
  return (
    <section
      aria-labelledby="likely-cause"
      className="mt-5 flex items-center gap-4 rounded-[10px] border border-fail-line bg-fail-ground px-4 py-3.5 max-lg:flex-wrap"
    >
      <Crosshair aria-hidden size={20} className="shrink-0 self-start text-fail lg:self-center" />
      <div className="min-w-0 flex-1 basis-60">
        <h2 id="likely-cause" className="font-semibold">
          {old ? 'Most likely cause then' : 'Most likely cause'}: {cause.title}
        </h2>
        <p className="text-second">
          {cause.of > 1
            ? `It explains ${cause.explains} of ${cause.of} findings.`
            : 'It is the only finding.'}
          {cause.changedBefore ? (
            <>
              {' '}
              Shortly before: {cause.changedBefore.text}, <When at={cause.changedBefore.at} />.
            </>
          ) : null}
        </p>
      </div>
      <div className="flex flex-wrap gap-2.5 max-lg:pl-9">
        <Link href={`/cards/${cause.cardId}#${slug}`} className={buttonClasses('plain', 'small')}>
          Show evidence
        </Link>
        {fixes.map((fix, index) => (
          <Button
            key={fix.id}
            size="small"
            kind={index === 0 ? 'accent' : 'plain'}
            onClick={() => openFix({ stepId: fix.id })}
          >
            {fix.title}
          </Button>
        ))}
      </div>
    </section>
  )
}
