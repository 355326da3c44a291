'use client'
import { useState } from 'react'
import { Button } from '@/components/ui/button'

/** Lines shown at first, and with each press. */
export const PORTION = 200

/** How much of a long list is shown, and the way to more. */
export function usePortion(): { shown: number; more(): void } {
  const [shown, setShown] = useState(PORTION)
  return { shown, more: () => setShown((before) => before + PORTION) }
}

/** "Show 200 more lines": nothing when all are there. */
export function ShowMore({ shown, total, onMore }: { shown: number; total: number; onMore(): void }) {
  const left = total - shown
  if (left <= 0) return null
  return (
    <p className="flex flex-wrap items-center gap-3 px-4 py-3">
      <Button size="small" onClick={onMore}>
        Show {Math.min(left, PORTION).toLocaleString('en')} more {left === 1 ? 'line' : 'lines'}
      </Button>
      <span className="text-meta text-third">
        {shown.toLocaleString('en')} of {total.toLocaleString('en')} lines
      </span>
    </p>
  )
}
