'use client'
import { createContext, type ReactNode, useContext } from 'react'
import { createPortal } from 'react-dom'

/** A part of the drawer, with a title unless what is in it has one. */
export function Section({ title, children }: { title?: ReactNode; children: ReactNode }) {
  return (
    <section className="border-b px-4 py-3.5 last:border-b-0">
      {title ? <h3 className="mb-2 text-meta font-medium text-third">{title}</h3> : null}
      {children}
    </section>
  )
}

/** The drawer's foot, below what scrolls. */
export const FootSlot = createContext<HTMLElement | null>(null)

/** Puts buttons, and what has to be said beside them, into the drawer's foot: always in sight. */
export function Foot({ children }: { children: ReactNode }) {
  const slot = useContext(FootSlot)
  return slot ? createPortal(children, slot) : null
}
