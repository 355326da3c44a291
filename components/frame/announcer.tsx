'use client'
import { useEffect, useRef, useState } from 'react'
import { useConsole } from '@/components/live/console-context'
import type { CardState } from '@/lib/engine/types'

const WORD: Record<CardState['verdict'], string> = {
  pass: 'healthy',
  warn: 'a warning',
  fail: 'failing',
  unknown: 'unknown',
  unchecked: 'not checked',
}

/** Tells screen readers, politely and once a sweep is done, which cards changed their verdict. */
export function Announcer() {
  const { board, runbook } = useConsole()
  const known = useRef<Map<string, CardState['verdict']>>(undefined)
  const [said, setSaid] = useState('')
  const busy = board.runningStepIds.length > 0

  useEffect(() => {
    if (busy) return
    const now = new Map(board.cards.map((card) => [card.cardId, card.verdict]))
    const before = known.current
    known.current = now
    if (!before) return
    const changes = board.cards
      .filter((card) => before.get(card.cardId) !== card.verdict)
      .map((card) => {
        const title = runbook.cards.find((one) => one.id === card.cardId)?.title ?? card.cardId
        return `${title}: ${WORD[card.verdict]}. ${card.verdict === 'pass' ? '' : card.summary}`
      })
    if (changes.length > 6) {
      const count = (verdict: CardState['verdict']) =>
        board.cards.filter((card) => card.verdict === verdict).length
      setSaid(
        `Checked. ${count('fail')} failing, ${count('unknown')} unknown, ${count('warn')} with a warning, ${count('pass')} healthy.`,
      )
    } else if (changes.length > 0) setSaid(changes.join(' '))
  }, [board, busy, runbook])

  return (
    <div aria-live="polite" className="sr-only">
      {said}
    </div>
  )
}
