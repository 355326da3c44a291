'use client'
import dynamic from 'next/dynamic'
import { useConsole } from '@/components/live/console-context'
import { CHIP, RunSign, runWords } from './run-sign'

// Two at once are rare; the menu for them is fetched when it happens.
const RunningFixesMenu = dynamic(() => import('./running-fixes-menu').then((all) => all.RunningFixesMenu))

/** What is being changed right now. A press opens its progress. */
export function RunningFixes() {
  const { runningFixes, openFix } = useConsole()
  const first = runningFixes[0]
  if (!first) return null
  if (runningFixes.length === 1)
    return (
      <button type="button" className={CHIP} onClick={() => openFix({ runId: first.id })}>
        <RunSign run={first} />
        <span className="truncate font-medium max-md:sr-only">{first.act}</span>
        <span className="truncate text-third max-2xl:sr-only">{runWords(first)}</span>
      </button>
    )
  return <RunningFixesMenu runs={runningFixes} />
}
