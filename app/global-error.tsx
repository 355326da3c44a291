'use client'
import { BrokenPage } from '@/components/frame/broken-page'
import './globals.css'

export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset(): void }) {
  return (
    <html lang="en">
      <body>
        <main>
          <BrokenPage onRetry={reset} {...(error.digest ? { digest: error.digest } : {})} />
        </main>
      </body>
    </html>
  )
}
