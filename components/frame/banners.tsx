'use client'
import { CloudOff, FlaskConical } from 'lucide-react'
import Link from 'next/link'
import { useConsole } from '@/components/live/console-context'

/** Says that this is the practice cluster, and that the stream is broken. */
export function Banners() {
  const { cluster, connection } = useConsole()
  return (
    <>
      {cluster.practice ? (
        <aside aria-label="Practice cluster" className="border-b border-line bg-accent-ground">
          <p className="mx-auto flex max-w-[1280px] items-center gap-2 px-10 py-1 text-meta max-lg:px-6 text-second max-md:px-3.5">
            <FlaskConical aria-hidden size={15} className="shrink-0 text-accent" />
            <span className="min-w-0">
              Practice cluster
              <span className="max-md:hidden">: everything here is made up, so break it freely</span>.{' '}
            </span>
            <Link
              href="/practice"
              className="relative font-medium text-accent underline underline-offset-2 max-md:before:absolute max-md:before:-inset-x-2 max-md:before:-inset-y-3.5"
            >
              Break something
            </Link>
          </p>
        </aside>
      ) : null}
      <div role="status">
        {connection === 'offline' ? (
          <p className="flex items-center justify-center gap-2 border-b border-unknown-line bg-unknown-ground px-4 py-2 text-meta text-unknown">
            <CloudOff aria-hidden size={16} className="shrink-0" />
            <span>
              The connection to Crashcart is interrupted and is being tried again. What you see may be out of
              date.
            </span>
          </p>
        ) : null}
      </div>
    </>
  )
}
