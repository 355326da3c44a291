'use client'
import { DropdownMenu } from 'radix-ui'
import { useConsole } from '@/components/live/console-context'
import type { FixRun } from '@/lib/engine/types'
import { MENU, MENU_ITEM } from './menu'
import { CHIP, RunSign, runWords } from './run-sign'

/** Several fixes at once: their number, and a menu that leads to each. */
export function RunningFixesMenu({ runs }: { runs: FixRun[] }) {
  const { openFix } = useConsole()
  const first = runs.find((run) => run.state === 'unknown') ?? runs[0]
  if (!first) return null
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className={CHIP}>
        <RunSign run={first} />
        <span className="font-medium">{runs.length}</span>
        <span className="max-md:sr-only">fixes running</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={6} className={MENU}>
          {runs.map((run) => (
            <DropdownMenu.Item key={run.id} className={MENU_ITEM} onSelect={() => openFix({ runId: run.id })}>
              <RunSign run={run} />
              <span className="min-w-0">
                <span className="block font-medium">{run.act}</span>
                <span className="block text-meta text-third">{runWords(run)}</span>
              </span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
