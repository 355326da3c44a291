import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

/** Something behind a fold, closed at first. */
export function Fold({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <details className="group mt-1">
      <summary className="inline-flex cursor-pointer list-none items-center gap-1 rounded text-meta text-second hover:text-ink max-md:min-h-11 [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden size={14} className="transition-transform group-open:rotate-90" />
        {title}
      </summary>
      <div className="mt-1 pl-[18px]">{children}</div>
    </details>
  )
}
