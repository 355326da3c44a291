'use client'
import { QueryClient, QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Toaster, toast } from 'sonner'
import { Announcer } from '@/components/frame/announcer'
import { Banners } from '@/components/frame/banners'
import { BottomBar } from '@/components/frame/bottom-bar'
import { useShortcuts } from '@/components/frame/shortcuts'
import { TopBar } from '@/components/frame/top-bar'
import { unreachable } from '@/components/ui/use-action'
import { startCheck } from '@/lib/actions/checks'
import type { FixRun, LiveEvent } from '@/lib/engine/types'
import type { ConsoleView } from '@/lib/loaders/types'
import { applyEvent, isRunning, markRunning } from '@/lib/queries/apply-event'
import { CONSOLE_KEY, ConsoleError, consoleQuery, fixKey, RECOVERED_KEY } from '@/lib/queries/console'
import { laterRun } from '@/lib/queries/fix-run'
import { type Console, ConsoleContext } from './console-context'
import { useLiveStream } from './live-stream'
import { stepsInScope } from './scope'
import { useCatchUp } from './use-catch-up'

const FixDrawer = dynamic(() => import('@/components/fix/fix-drawer').then((all) => all.FixDrawer))
const Palette = dynamic(() => import('@/components/palette/palette').then((all) => all.Palette))
const HelpSheet = dynamic(() => import('@/components/frame/help-sheet').then((all) => all.HelpSheet))

type Opened = Parameters<Console['openFix']>[0]

/** Puts a run into what is known of it, whatever else is known (a FixView, or a Result of one). */
function withRun(before: unknown, run: FixRun): unknown {
  if (before === null || typeof before !== 'object') return undefined
  if ('value' in before) return { ...before, value: withRun(before.value, run) }
  return 'run' in before ? { ...before, run: laterRun(before.run as FixRun, run) } : before
}

const ENDED: Partial<Record<FixRun['state'], 'success' | 'error' | 'warning'>> = {
  verified: 'success',
  succeeded: 'success',
  failed: 'error',
  unknown: 'warning',
  rejected: 'warning',
  stale: 'warning',
}

/** The frame around every page of the console, and the data that every part of it reads. */
export function ConsoleFrame({ initial, children }: { initial: ConsoleView; children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: { queries: { refetchOnWindowFocus: false, refetchOnReconnect: false, retry: 1 } },
      }),
  )
  return (
    <QueryClientProvider client={client}>
      <LiveConsole initial={initial}>{children}</LiveConsole>
    </QueryClientProvider>
  )
}

function LiveConsole({ initial, children }: { initial: ConsoleView; children: ReactNode }) {
  const client = useQueryClient()
  const router = useRouter()
  const { data: view, error } = useQuery({ ...consoleQuery(), initialData: initial })
  const [fix, setFix] = useState<Opened | null>(null)
  const [searching, setSearching] = useState(false)
  const [helping, setHelping] = useState(false)
  const watched = useRef(new Set(initial.runningFixes.map((run) => run.id)))

  const update = useCallback(
    (change: (view: ConsoleView) => ConsoleView) =>
      client.setQueryData<ConsoleView>(CONSOLE_KEY, (before) => (before ? change(before) : before)),
    [client],
  )
  const { catchUp, heard } = useCatchUp()

  useEffect(() => {
    if (error instanceof ConsoleError && error.reason.code === 'unauthenticated') router.refresh()
  }, [error, router])

  const onFix = (run: FixRun) => {
    client.setQueryData(fixKey(run.id), (before: unknown) => withRun(before, run))
    window.dispatchEvent(new CustomEvent('crashcart:fix', { detail: { runId: run.id, run } }))
    const shown = fix && 'runId' in fix && fix.runId === run.id
    if (run.state === 'verified') client.setQueryData(RECOVERED_KEY, run.endedAt ?? new Date().toISOString())
    const tone = ENDED[run.state]
    if (tone && watched.current.has(run.id) && !shown)
      toast[tone](run.act, {
        id: run.id,
        description: run.outcome ?? run.error?.message ?? `The fix is ${run.state}.`,
        action: { label: 'Show', onClick: () => setFix({ runId: run.id }) },
      })
    if (isRunning(run) && run.state !== 'unknown') watched.current.add(run.id)
    else watched.current.delete(run.id)
    // How many wait for approval is counted by the server.
    if (run.state !== 'verifying') catchUp()
  }

  const connection = useLiveStream({
    onOpen: () => {
      catchUp()
      // A page knows what was there when it was rendered; what happened until now nobody has told it.
      window.dispatchEvent(new CustomEvent('crashcart:live'))
    },
    onEvent: (event: LiveEvent) => {
      heard(event)
      update((before) => applyEvent(before, event))
      if (event.type === 'fix') onFix(event.run)
      if (event.type === 'incident') {
        catchUp()
        window.dispatchEvent(
          new CustomEvent('crashcart:incident', { detail: { incidentId: event.incidentId } }),
        )
      }
      if (event.type === 'practice') window.dispatchEvent(new CustomEvent('crashcart:practice'))
    },
  })

  const check = useCallback<Console['check']>(
    async (scope) => {
      const current = client.getQueryData<ConsoleView>(CONSOLE_KEY)
      const marked = current
        ? stepsInScope(current.runbook, scope).filter((id) => !current.board.runningStepIds.includes(id))
        : []
      update((before) => markRunning(before, marked, true))
      try {
        const started = await startCheck(scope)
        if (started.ok) {
          if (connection !== 'live') setTimeout(catchUp, 3_000)
          return
        }
        update((before) => markRunning(before, marked, false))
        toast.error(started.error.message, { description: started.error.hint })
      } catch {
        update((before) => markRunning(before, marked, false))
        const { error: away } = unreachable()
        toast.error(away.message, { description: away.hint })
      }
    },
    [client, connection, catchUp, update],
  )

  const openFix = useCallback<Console['openFix']>((what) => setFix(what), [])

  useShortcuts({
    check: () => void check({ scope: 'all' }),
    search: () => setSearching(true),
    help: () => setHelping(true),
  })

  const value = useMemo<Console>(
    () => ({ ...view, connection, check, openFix }),
    [view, connection, check, openFix],
  )

  return (
    <ConsoleContext.Provider value={value}>
      <a
        href="#main"
        className="sr-only z-50 rounded-lg bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:left-3 focus:top-3"
      >
        Skip to content
      </a>
      <TopBar onSearch={() => setSearching(true)} onHelp={() => setHelping(true)} />
      <Banners />
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-[1280px] px-10 pb-16 pt-6 outline-none max-lg:px-6 max-md:px-3.5 max-md:pb-36 max-md:pt-4"
      >
        {children}
      </main>
      <BottomBar onSearch={() => setSearching(true)} />
      <Announcer />
      {fix ? <FixDrawer what={fix} onClose={() => setFix(null)} /> : null}
      {searching ? (
        <Palette
          onClose={() => setSearching(false)}
          onHelp={() => {
            setSearching(false)
            setHelping(true)
          }}
        />
      ) : null}
      {helping ? <HelpSheet open onOpenChange={setHelping} /> : null}
      <Toaster
        position="bottom-right"
        mobileOffset={{ bottom: 72 }}
        toastOptions={{
          classNames: {
            toast: 'font-sans! bg-surface! text-ink! border-line-strong! shadow-float! rounded-xl!',
            description: 'text-second!',
            actionButton: 'bg-accent! text-on-accent!',
          },
        }}
      />
    </ConsoleContext.Provider>
  )
}
