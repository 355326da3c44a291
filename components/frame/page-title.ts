'use client'
import { useEffect } from 'react'
import { useConsole } from '@/components/live/console-context'

/** Names the browser tab: how many cards fail comes first, so that a tab in the background tells. */
export function usePageTitle(title: string): void {
  const { board } = useConsole()
  const failing = board.cards.filter((card) => card.verdict === 'fail').length
  useEffect(() => {
    const wanted = `${failing > 0 ? `(${failing} failing) ` : ''}${title} · Crashcart`
    const name = () => {
      if (document.title !== wanted) document.title = wanted
    }
    name()
    // The page's own metadata may arrive after this, and would take the name away again.
    const observer = new MutationObserver(name)
    observer.observe(document.head, { childList: true, subtree: true, characterData: true })
    return () => observer.disconnect()
  }, [failing, title])
}
