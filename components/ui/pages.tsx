import { ChevronLeft, ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { buttonClasses } from './button'

/** Links to the page before and after; nothing when everything fits on one. Pages count from 1. */
export function Pages({
  page,
  pages,
  hrefOf,
  label,
}: {
  page: number
  pages: number
  hrefOf(page: number): string
  /** What is paged: "Incidents". */
  label: string
}) {
  if (pages <= 1) return null
  return (
    <nav aria-label={`${label}, pages`} className="mt-4 flex items-center gap-3">
      {page > 1 ? (
        <Link href={hrefOf(page - 1)} rel="prev" className={buttonClasses('plain', 'small')}>
          <ChevronLeft aria-hidden className="size-4" /> Newer
        </Link>
      ) : null}
      <span className="text-meta text-third">
        Page {page} of {pages}
      </span>
      {page < pages ? (
        <Link href={hrefOf(page + 1)} rel="next" className={buttonClasses('plain', 'small')}>
          Older <ChevronRight aria-hidden className="size-4" />
        </Link>
      ) : null}
    </nav>
  )
}
