'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent } from 'react'
import { PLACES } from './navigation'

/** What the help sheet lists. */
export const SHORTCUTS: { keys: string[]; does: string }[] = [
  { keys: ['C'], does: 'Check everything' },
  { keys: ['⌘', 'K'], does: 'Search, or run a check' },
  { keys: ['/'], does: 'Search, or run a check' },
  { keys: ['J'], does: 'Next row' },
  { keys: ['K'], does: 'Previous row' },
  { keys: ['Enter'], does: 'Open the row' },
  ...PLACES.map((place) => ({ keys: ['G', place.key.toUpperCase()], does: `Go to ${place.label}` })),
  { keys: ['?'], does: 'Show these shortcuts' },
]

/** Milliseconds in which the second key of a pair must follow. */
const PAIR_MS = 1_200

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

function moveRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')].filter(
    (row) => row.offsetParent !== null,
  )
  const at = rows.indexOf(document.activeElement as HTMLElement)
  const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}

/** Single-key shortcuts. They rest while a person types or a dialog is open. */
export function useShortcuts(does: { check(): void; search(): void; help(): void }): void {
  const router = useRouter()
  const pressed = useEffectEvent((event: KeyboardEvent, afterG: boolean): boolean => {
    const key = event.key.toLowerCase()
    if ((event.metaKey || event.ctrlKey) && key === 'k') {
      event.preventDefault()
      does.search()
      return false
    }
    if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return false
    if (document.querySelector('[role="dialog"],[role="menu"]')) return false
    if (afterG) {
      const place = PLACES.find((one) => one.key === key)
      if (place) router.push(place.href)
      return false
    }
    if (key === 'g') return true
    if (key === 'c') does.check()
    else if (key === '/') does.search()
    else if (key === '?') does.help()
    else if (key === 'j') moveRow(1)
    else if (key === 'k') moveRow(-1)
    else return false
    event.preventDefault()
    return false
  })

  useEffect(() => {
    let g = 0
    const listen = (event: KeyboardEvent) => {
      g = pressed(event, Date.now() - g < PAIR_MS) ? Date.now() : 0
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}
