'use client'
import { Check, Copy } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button, type ButtonKind } from '@/components/ui/button'

/** Copies a path of this site as a full address and says whether that worked. */
export function CopyLink({
  path,
  kind = 'primary',
  size,
  children,
}: {
  path: string
  kind?: ButtonKind
  size?: 'small' | 'medium'
  children: ReactNode
}) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(new URL(path, window.location.origin).href)
      setState('copied')
    } catch {
      // Browsers refuse without a secure connection; the person can select the address instead.
      setState('refused')
    }
    setTimeout(() => setState('idle'), 3_000)
  }
  return (
    <>
      <Button
        kind={kind}
        size={size}
        onClick={copy}
        icon={
          state === 'copied' ? (
            <Check aria-hidden className="size-4" />
          ) : (
            <Copy aria-hidden className="size-4" />
          )
        }
      >
        {children}
      </Button>
      <span role="status" className={state === 'refused' ? 'text-meta text-fail' : 'sr-only'}>
        {state === 'copied'
          ? 'Copied'
          : state === 'refused'
            ? 'The browser did not allow copying; select the address instead.'
            : ''}
      </span>
    </>
  )
}
