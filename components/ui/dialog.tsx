'use client'
import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes'

const PLACE = {
  /** In the middle; a sheet on a phone. */
  centre:
    'left-1/2 top-[12vh] w-[min(560px,calc(100vw-32px))] -translate-x-1/2 rounded-xl max-md:inset-x-0 max-md:bottom-0 max-md:top-auto max-md:w-full max-md:translate-x-0 max-md:rounded-b-none',
  /** At the right edge; a sheet on a phone. */
  side: 'md:max-h-none bottom-4 right-4 top-4 w-[min(440px,calc(100vw-32px))] rounded-xl max-md:inset-x-0 max-md:bottom-0 max-md:top-auto max-md:max-h-[92dvh] max-md:w-full max-md:rounded-b-none',
} as const

/** A dialog, drawer or sheet with a title. The focus stays inside; Escape closes. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  place = 'centre',
  children,
  footer,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: string
  place?: keyof typeof PLACE
  children: ReactNode
  footer?: ReactNode
}) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/30 dark:bg-black/55" />
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={classes(
            'fixed z-50 flex max-h-[92dvh] flex-col overflow-hidden border border-line bg-surface shadow-float focus:outline-none',
            PLACE[place],
          )}
        >
          <div className="flex items-center gap-3 border-b px-4 py-3">
            <Radix.Title className="min-w-0 flex-1 font-semibold">{title}</Radix.Title>
            <Radix.Close
              aria-label="Close"
              className="inline-flex size-8 items-center justify-center rounded-lg text-second hover:bg-sunken max-md:size-11"
            >
              <X aria-hidden size={18} />
            </Radix.Close>
          </div>
          {description ? (
            <Radix.Description className="px-4 pt-3 text-second">{description}</Radix.Description>
          ) : null}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
          <section className="min-h-0 flex-1 overflow-y-auto" tabIndex={0} aria-label="Content">
            {children}
          </section>
          {footer ? (
            <div className="flex flex-wrap items-center gap-2 border-t px-4 py-3 pb-[max(12px,env(safe-area-inset-bottom))]">
              {footer}
            </div>
          ) : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
