import { CircleAlert } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { AppError } from '@/lib/core/errors'
import { classes } from './classes'

/** An expected failure, where the person is looking: what happened, what would help, what to quote. */
export function Problem({
  error,
  children,
  className,
}: {
  error: AppError
  /** What to do about it: buttons or links. */
  children?: ReactNode
  className?: string
}) {
  return (
    <div
      role="alert"
      className={classes(
        'flex gap-2.5 rounded-lg border border-fail-line bg-fail-ground px-3 py-2.5',
        className,
      )}
    >
      <CircleAlert aria-hidden size={18} className="mt-px shrink-0 text-fail" />
      <div className="min-w-0 flex-1 break-words">
        <p className="font-medium">{error.message}</p>
        {error.hint ? <p className="mt-0.5 text-second">{error.hint}</p> : null}
        {error.code === 'unauthenticated' ? (
          <Link href="/sign-in" className="mt-1 inline-block font-medium text-accent underline">
            Sign in again
          </Link>
        ) : null}
        {error.requestId ? (
          <p className="mt-0.5 font-mono text-meta text-second">request {error.requestId}</p>
        ) : null}
        {children ? <div className="mt-2 flex flex-wrap items-center gap-2">{children}</div> : null}
      </div>
    </div>
  )
}
