'use client'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

/** Milliseconds in which several events make one refresh. */
const TOGETHER = 150

/**
 * Loads the page's data again when one of these window events arrives (the frame sends them live), and when the live
 * connection stands again: what happened before that was told to nobody here.
 */
export function useRefreshOn(...names: ('crashcart:incident' | 'crashcart:fix')[]): void {
  const router = useRouter()
  const list = names.join(' ')
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const soon = () => {
      clearTimeout(timer)
      timer = setTimeout(() => router.refresh(), TOGETHER)
    }
    const events = [...list.split(' '), 'crashcart:live']
    for (const event of events) window.addEventListener(event, soon)
    return () => {
      clearTimeout(timer)
      for (const event of events) window.removeEventListener(event, soon)
    }
  }, [router, list])
}
