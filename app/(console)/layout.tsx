import type { ReactNode } from 'react'
import { ToSignIn } from '@/components/frame/to-sign-in'
import { Unavailable } from '@/components/frame/unavailable'
import { ConsoleFrame } from '@/components/live/console-frame'
import { loadConsole } from '@/lib/loaders/console'

export const dynamic = 'force-dynamic'

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const view = await loadConsole()
  if (view.ok) return <ConsoleFrame initial={view.value}>{children}</ConsoleFrame>
  if (view.error.code === 'unauthenticated') return <ToSignIn />
  return <Unavailable error={view.error} />
}
