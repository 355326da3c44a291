'use client'
import { BrokenPage } from '@/components/frame/broken-page'

export default function ConsolePageError({
  error,
  reset,
}: {
  error: Error & { digest?: string }
  reset(): void
}) {
  return <BrokenPage onRetry={reset} {...(error.digest ? { digest: error.digest } : {})} />
}
