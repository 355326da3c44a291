'use client'
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'

/** Something to open when wanted. `lazy` makes its content only when it is opened for the first time. */
export function Fold({
  label,
  open = false,
  lazy = false,
  children,
}: {
  label: ReactNode
  open?: boolean
  lazy?: boolean
  children: ReactNode
}) {
  const [opened, setOpened] = useState(open)
  return (
    <details
      open={open}
      className="group/fold"
      onToggle={(event) => {
        if (event.currentTarget.open) setOpened(true)
      }}
    >
      <summary className="inline-flex min-h-7 cursor-pointer list-none items-center gap-1.5 rounded text-meta text-second hover:text-ink max-md:min-h-11 [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          size={14}
          className="shrink-0 text-third transition-transform duration-100 group-open/fold:rotate-90"
        />
        {label}
      </summary>
      <div className="pb-1 pt-1">{lazy && !opened ? null : children}</div>
    </details>
  )
}
