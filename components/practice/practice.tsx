'use client'
import { RotateCcw } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect, useState, useTransition } from 'react'
import { usePageTitle } from '@/components/frame/page-title'
import { useConsole } from '@/components/live/console-context'
import { Button, buttonClasses } from '@/components/ui/button'
import { Problem } from '@/components/ui/problem'
import { unreachable } from '@/components/ui/use-action'
import { VerdictMark } from '@/components/ui/verdict-mark'
import { may, PERMISSIONS } from '@/lib/access/roles'
import { resetPractice, setFault } from '@/lib/actions/practice'
import type { AppError } from '@/lib/core/errors'
import type { Result } from '@/lib/core/result'
import type { FaultView } from '@/lib/loaders/types'
import { FaultRow } from './fault-row'
import { groupFaults } from './group-faults'

/** The practice page: break something on purpose, find it on the board, cure it. */
export function Practice({ faults }: { faults: Result<FaultView[]> }) {
  usePageTitle('Practice')
  if (!faults.ok)
    return (
      <div className="max-w-[64ch]">
        <h1 className="text-title font-semibold">Practice</h1>
        <p className="mt-2 text-second">
          {faults.error.code === 'precondition_failed'
            ? 'Faults can be switched on only on the practice cluster. This is a real one, and Crashcart breaks nothing here.'
            : faults.error.message}
        </p>
        {faults.error.hint ? <p className="mt-1 text-second">{faults.error.hint}</p> : null}
        <Link href="/" className={`${buttonClasses()} mt-5`}>
          Go to the board
        </Link>
      </div>
    )
  return <Faults faults={faults.value} />
}

function Faults({ faults }: { faults: FaultView[] }) {
  const { runbook, board, actor } = useConsole()
  const router = useRouter()
  // What a press wants, until the server's answer is on the page.
  const [wanted, setWanted] = useState<Record<string, boolean>>({})
  const [resetting, setResetting] = useState(false)
  const [problem, setProblem] = useState<AppError>()
  const [refreshing, refresh] = useTransition()
  const allowed = may(actor.role, 'practice:use')

  useEffect(() => {
    const look = () => refresh(() => router.refresh())
    window.addEventListener('crashcart:practice', look)
    return () => window.removeEventListener('crashcart:practice', look)
  }, [router])

  const send = async (action: () => Promise<Result<null>>) => {
    setProblem(undefined)
    const result = await action().catch(() => unreachable())
    if (!result.ok) setProblem(result.error)
    refresh(() => router.refresh())
    return result.ok
  }
  const flip = async (name: string, on: boolean) => {
    setWanted((before) => ({ ...before, [name]: on }))
    await send(() => setFault({ name, on }))
    refresh(() => setWanted(({ [name]: _done, ...rest }) => rest))
  }
  const reset = async () => {
    setResetting(true)
    await send(resetPractice)
    refresh(() => setResetting(false))
  }

  const shown = faults.map((fault) => ({ ...fault, active: wanted[fault.name] ?? fault.active }))
  const on = shown.filter((fault) => fault.active)
  const states = new Map(board.cards.map((card) => [card.cardId, card.verdict]))

  return (
    <div className="max-w-[960px]">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className="text-title font-semibold">Practice</h1>
          <p className="mt-0.5 max-w-[76ch] text-second">
            Switch a fault on, go to the board, and find it as you would at night: check, read the cause,
            preview the fix, press it. A fault goes off by itself when it is cured.
          </p>
          <p className="mt-1 text-meta text-third" role="status">
            {on.length === 0
              ? `None of ${faults.length} faults is on.`
              : `On now: ${on.map((fault) => fault.title).join(' · ')}.`}
          </p>
        </div>
        <div className="flex flex-wrap gap-2.5">
          <Button
            disabled={!allowed}
            busy={resetting}
            onClick={() => void reset()}
            icon={<RotateCcw aria-hidden size={15} />}
          >
            Reset the cluster
          </Button>
          <Link href="/" className={buttonClasses('accent')}>
            Go to the board
          </Link>
        </div>
      </div>
      {allowed ? null : (
        <p className="mt-4 rounded-lg border border-line bg-sunken px-3 py-2 text-second">
          Switching faults takes the role {PERMISSIONS['practice:use']}; you are signed in as {actor.role}.
        </p>
      )}
      {problem ? <Problem error={problem} className="mt-4" /> : null}
      {groupFaults(shown, runbook).map(({ card, faults: group }) => (
        <section key={card?.id ?? 'other'} aria-labelledby={`faults-${card?.id ?? 'other'}`} className="mt-6">
          <h2
            id={`faults-${card?.id ?? 'other'}`}
            className="flex items-center gap-2 text-[13px] font-semibold text-second"
          >
            {card ? <VerdictMark verdict={states.get(card.id) ?? 'unchecked'} size={15} /> : null}
            {card?.title ?? 'Elsewhere'}
          </h2>
          <ul className="mt-2 rounded-[10px] border border-line bg-surface">
            {group.map((fault) => (
              <FaultRow
                key={fault.name}
                fault={fault}
                busy={fault.name in wanted || (refreshing && resetting)}
                disabled={!allowed || resetting}
                onSwitch={(next) => void flip(fault.name, next)}
              />
            ))}
          </ul>
        </section>
      ))}
      {faults.length === 0 ? (
        <p className="mt-6 text-second">The practice cluster offers no faults.</p>
      ) : null}
    </div>
  )
}
