'use client'
import { CloudOff } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { Button } from '@/components/ui/button'
import type { AppError } from '@/lib/core/errors'
import { Mark } from './mark'

/** In place of the console when its data could not be loaded: what stopped it, and a way to try again. */
export function Unavailable({ error }: { error: AppError }) {
  const router = useRouter()
  const [trying, start] = useTransition()
  return (
    <main className="mx-auto flex min-h-dvh max-w-[520px] flex-col justify-center px-6 py-16">
      <div className="mb-8 flex items-center gap-2 font-semibold">
        <Mark /> Crashcart
      </div>
      <h1 className="flex items-center gap-2.5 text-title font-semibold">
        <CloudOff aria-hidden size={22} className="text-unknown" />
        The board could not be loaded
      </h1>
      <p className="mt-2 text-second">{error.message}</p>
      {error.hint ? <p className="mt-1 text-second">{error.hint}</p> : null}
      <p className="mt-1 text-second">
        Nothing is known about the cluster while this lasts. It does not mean that all is well.
      </p>
      <div className="mt-5">
        <Button kind="primary" busy={trying} onClick={() => start(() => router.refresh())}>
          Load again
        </Button>
      </div>
      {error.requestId ? <p className="mt-6 text-meta text-third">Request {error.requestId}</p> : null}
    </main>
  )
}
