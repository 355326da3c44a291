'use client'
import { Button, buttonClasses } from '@/components/ui/button'

/** In place of a page that broke. Runs on the server go on without it. */
export function BrokenPage({ digest, onRetry }: { digest?: string; onRetry(): void }) {
  return (
    <div className="mx-auto max-w-[60ch] px-6 py-16">
      <h1 className="text-title font-semibold">This page broke</h1>
      <p className="mt-2 text-second">
        That is a fault in Crashcart, not in the cluster. Checks and fixes that were started go on and are
        recorded; load the page again to see them.
      </p>
      <div className="mt-5 flex flex-wrap gap-2.5">
        <Button kind="primary" onClick={onRetry}>
          Load again
        </Button>
        {/* A plain link: the router may be part of what broke. */}
        <a href="/" className={buttonClasses()}>
          Go to the board
        </a>
      </div>
      {digest ? <p className="mt-6 text-meta text-third">In the server's log: {digest}</p> : null}
    </div>
  )
}
