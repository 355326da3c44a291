import { Link2Off } from 'lucide-react'
import { Wordmark } from '@/components/share/shared-incident'

/** Says the same for a link that never was, expired or was revoked: a guess learns nothing. */
export default function ShareNotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-5 py-10">
      <Wordmark />
      <h1 className="mt-6 flex items-center gap-2.5 text-title font-semibold">
        <Link2Off aria-hidden size={20} className="shrink-0 text-third" />
        This link is not valid
      </h1>
      <p className="mt-2 text-second">
        It may have run out, been revoked, or been cut short on its way to you. Ask the person who sent it for
        a new one.
      </p>
    </main>
  )
}
