'use client'
import { Check, Copy } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { toast } from 'sonner'
import { classes } from '@/components/ui/classes'

/** Copies text. Browsers allow it only over HTTPS or on localhost; otherwise it says so. */
export function CopyButton({
  text,
  label,
  children,
  className,
}: {
  /** A function when the text is known only at the press. */
  text: string | (() => string)
  /** Verb + object: "Copy the command". */
  label: string
  children?: ReactNode
  className?: string
}) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1_600)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'function' ? text() : text)
      setCopied(true)
    } catch {
      toast.error('The browser did not allow copying.', {
        description: 'Select the text and copy it by hand.',
      })
    }
  }
  return (
    <button
      type="button"
      aria-label={children ? undefined : label}
      title={label}
      onClick={() => void copy()}
      className={classes(
        className ??
          'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-third hover:bg-sunken hover:text-ink max-md:size-11',
      )}
    >
      {copied ? <Check aria-hidden size={14} className="text-pass" /> : <Copy aria-hidden size={14} />}
      {children}
      <span role="status" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  )
}
