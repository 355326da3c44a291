import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

/** Something to open when wanted. */
export function Fold({
  label,
  open = false,
  children,
}: {
  label: ReactNode
  open?: boolean
  children: ReactNode
}) {
  return (
    <details open={open} className="group/fold">
      <summary className="inline-flex min-h-7 cursor-pointer list-none items-center gap-1.5 rounded text-meta text-second hover:text-ink max-md:min-h-11 [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          size={14}
          className="shrink-0 text-third transition-transform duration-100 group-open/fold:rotate-90"
        />
        {label}
      </summary>
      <div className="pb-1 pt-1">{children}</div>
    </details>
  )
}
