import { BookOpenText, ClipboardCheck, LayoutDashboard, NotebookText, Siren } from 'lucide-react'

/** Where the frame leads. `key` follows G. */
export const PLACES = [
  { href: '/', label: 'Board', key: 'b', icon: LayoutDashboard },
  { href: '/incidents', label: 'Incidents', key: 'i', icon: Siren },
  { href: '/approvals', label: 'Approvals', key: 'a', icon: ClipboardCheck },
  { href: '/runbooks', label: 'Runbooks', key: 'r', icon: BookOpenText },
  { href: '/journal', label: 'Journal', key: 'j', icon: NotebookText },
] as const

/** Whether a path lies within a place. Cards belong to the board. */
export function isWithin(path: string, href: string): boolean {
  if (href === '/') return path === '/' || path.startsWith('/cards/')
  return path === href || path.startsWith(`${href}/`)
}
