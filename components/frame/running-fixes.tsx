'use client'
import { CircleHelp, LoaderCircle } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useConsole } from '@/components/live/console-context'
import type { FixRun } from '@/lib/engine/types'
import { MENU, MENU_ITEM } from './menu'

function Sign({ run }: { run: FixRun }) {
  return run.state === 'unknown' ? (
    <CircleHelp aria-hidden size={16} className="shrink-0 text-unknown" />
  ) : (
    <LoaderCircle aria-hidden size={16} className="shrink-0 animate-spin text-accent" />
  )
}

function words(run: FixRun): string {
  return run.state === 'unknown' ? 'outcome unknown' : (run.moments.at(-1)?.message ?? run.state)
}

const CHIP =
  'inline-flex h-8 min-w-0 shrink items-center gap-2 rounded-lg border border-line bg-surface px-2.5 text-meta hover:bg-sunken max-md:h-11'

/** What is being changed right now. A press opens its progress. */
export function RunningFixes() {
  const { runningFixes, openFix } = useConsole()
  const first = runningFixes[0]
  if (!first) return null
  if (runningFixes.length === 1)
    return (
      <button type="button" className={CHIP} onClick={() => openFix({ runId: first.id })}>
        <Sign run={first} />
        <span className="truncate font-medium max-md:sr-only">{first.act}</span>
        <span className="truncate text-third max-2xl:sr-only">{words(first)}</span>
      </button>
    )
  const unknown = runningFixes.find((run) => run.state === 'unknown')
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className={CHIP}>
        <Sign run={unknown ?? first} />
        <span className="font-medium">{runningFixes.length}</span>
        <span className="max-md:sr-only">fixes running</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={6} className={MENU}>
          {runningFixes.map((run) => (
            <DropdownMenu.Item key={run.id} className={MENU_ITEM} onSelect={() => openFix({ runId: run.id })}>
              <Sign run={run} />
              <span className="min-w-0">
                <span className="block font-medium">{run.act}</span>
                <span className="block text-meta text-third">{words(run)}</span>
              </span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
