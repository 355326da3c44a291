'use client'
import { BookOpenText, Check, FlaskConical, Keyboard, LogOut, NotebookText } from 'lucide-react'
import Link from 'next/link'
import { signOut } from 'next-auth/react'
import { useTheme } from 'next-themes'
import { DropdownMenu } from 'radix-ui'
import { useConsole } from '@/components/live/console-context'
import { ACCOUNT_BUTTON, accountLabel, initials } from './account-button'
import { MENU, MENU_ITEM } from './menu'

const THEMES = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const

/** The menu itself, opened at once. Loaded at the first press: most visits never open it. */
export function AccountMenuOpen({ onHelp }: { onHelp(): void }) {
  const { actor, cluster } = useConsole()
  const { theme, setTheme } = useTheme()
  return (
    <DropdownMenu.Root defaultOpen>
      <DropdownMenu.Trigger aria-label={accountLabel(actor)} className={ACCOUNT_BUTTON}>
        {initials(actor.name)}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={6} className={MENU}>
          <div className="px-2.5 pb-2 pt-1.5">
            <p className="font-medium">{actor.name}</p>
            <p className="truncate text-meta text-third">{actor.email}</p>
            <p className="mt-1 text-meta text-second">
              Role: <span className="font-medium text-ink">{actor.role}</span>
            </p>
          </div>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item asChild className={`${MENU_ITEM} md:hidden`}>
            <Link href="/runbooks">
              <BookOpenText aria-hidden size={16} className="text-third" /> Runbooks
            </Link>
          </DropdownMenu.Item>
          <DropdownMenu.Item asChild className={`${MENU_ITEM} md:hidden`}>
            <Link href="/journal">
              <NotebookText aria-hidden size={16} className="text-third" /> Journal
            </Link>
          </DropdownMenu.Item>
          {cluster.practice ? (
            <DropdownMenu.Item asChild className={MENU_ITEM}>
              <Link href="/practice">
                <FlaskConical aria-hidden size={16} className="text-third" /> Practice
              </Link>
            </DropdownMenu.Item>
          ) : null}
          <DropdownMenu.Item className={MENU_ITEM} onSelect={onHelp}>
            <Keyboard aria-hidden size={16} className="text-third" /> Keyboard shortcuts
          </DropdownMenu.Item>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.RadioGroup value={theme ?? 'system'} onValueChange={setTheme}>
            <DropdownMenu.Label className="px-2.5 py-1 text-meta text-third">Colours</DropdownMenu.Label>
            {THEMES.map(({ value, label }) => (
              <DropdownMenu.RadioItem
                key={value}
                value={value}
                className={MENU_ITEM}
                onSelect={(event) => event.preventDefault()}
              >
                <span className="inline-flex size-4 items-center justify-center text-accent">
                  <DropdownMenu.ItemIndicator>
                    <Check aria-hidden size={16} />
                  </DropdownMenu.ItemIndicator>
                </span>
                {label}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item className={MENU_ITEM} onSelect={() => void signOut({ callbackUrl: '/sign-in' })}>
            <LogOut aria-hidden size={16} className="text-third" /> Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
