'use client'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useConsole } from '@/components/live/console-context'
import { ACCOUNT_BUTTON, accountLabel, initials } from './account-button'

const AccountMenuOpen = dynamic(() => import('./account-menu-open').then((all) => all.AccountMenuOpen), {
  loading: () => <span className={ACCOUNT_BUTTON} />,
})

/** Who is signed in, with what role; theme, help, sign-out. */
export function AccountMenu({ onHelp }: { onHelp(): void }) {
  const { actor } = useConsole()
  const [pressed, setPressed] = useState(false)
  if (pressed) return <AccountMenuOpen onHelp={onHelp} />
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-expanded={false}
      aria-label={accountLabel(actor)}
      className={ACCOUNT_BUTTON}
      onClick={() => setPressed(true)}
    >
      {initials(actor.name)}
    </button>
  )
}
