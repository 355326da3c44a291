'use client'
import { signIn } from 'next-auth/react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'

/** Leads to the sign-in server of the company. */
export function SingleSignOn({ name, next }: { name: string; next: string }) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const enter = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await signIn('oidc', { callbackUrl: next })
    } catch {
      setBusy(false)
      setProblem('Crashcart did not answer. Check the connection and try again.')
    }
  }
  return (
    <>
      <Button kind="primary" busy={busy} className="h-11 w-full" onClick={() => void enter()}>
        Continue with {name}
      </Button>
      <p role="alert" className="mt-3 text-fail empty:hidden">
        {problem}
      </p>
    </>
  )
}
