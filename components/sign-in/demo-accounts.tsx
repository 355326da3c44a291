'use client'
import { ArrowRight, LoaderCircle } from 'lucide-react'
import { signIn } from 'next-auth/react'
import { useState } from 'react'
import type { DemoAccount } from '@/lib/access/demo-accounts'

/** The people of the practice cluster, one press each. */
export function DemoAccounts({ accounts, next }: { accounts: readonly DemoAccount[]; next: string }) {
  const [busy, setBusy] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const enter = async (account: DemoAccount) => {
    setBusy(account.id)
    setProblem(undefined)
    try {
      const answer = await signIn('demo', { account: account.account, redirect: false, callbackUrl: next })
      if (answer?.ok && !answer.error && !answer.url?.includes('error=')) {
        // A full load: nothing of the former person stays in memory.
        window.location.assign(next)
        return
      }
      setProblem(
        'The sign-in was refused. It has to be written into the journal first; the server’s log says what stopped it.',
      )
    } catch {
      setProblem('Crashcart did not answer. Check the connection and try again.')
    }
    setBusy(undefined)
  }
  return (
    <>
      <ul className="divide-y rounded-[10px] border border-line bg-surface">
        {accounts.map((account) => (
          <li key={account.id}>
            <button
              type="button"
              aria-label={`Continue as ${account.name}`}
              aria-describedby={`may-${account.id}`}
              aria-busy={busy === account.id || undefined}
              disabled={busy !== undefined && busy !== account.id}
              onClick={() => void enter(account)}
              className="group flex w-full items-center gap-4 px-4 py-3 text-left first:rounded-t-[9px] last:rounded-b-[9px] hover:bg-sunken disabled:opacity-55"
            >
              <span className="min-w-0 flex-1">
                <span className="flex flex-wrap items-baseline gap-x-2">
                  <span className="font-medium">Continue as {account.name}</span>
                  <span className="text-meta text-third">{account.role}</span>
                </span>
                <span id={`may-${account.id}`} className="block text-meta text-second">
                  {account.may}
                </span>
              </span>
              {busy === account.id ? (
                <LoaderCircle aria-hidden size={16} className="shrink-0 animate-spin text-accent" />
              ) : (
                <ArrowRight aria-hidden size={16} className="shrink-0 text-third group-hover:text-ink" />
              )}
            </button>
          </li>
        ))}
      </ul>
      <p role="alert" className="mt-3 text-fail empty:hidden">
        {problem}
      </p>
    </>
  )
}
