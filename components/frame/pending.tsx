'use client'
import { useLinkStatus } from 'next/link'

/** Inside a link: says that its page is on the way. The page before it stays until then. */
export function Pending() {
  const { pending } = useLinkStatus()
  return pending ? (
    <span role="status" className="absolute inset-x-2.5 bottom-0 h-0.5 animate-pulse rounded-full bg-accent">
      <span className="sr-only">Loading</span>
    </span>
  ) : null
}
