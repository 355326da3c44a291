'use client'
import { redirect, usePathname } from 'next/navigation'

/** Leads to the sign-in page, which leads back here. Only the browser's side of a page knows its path. */
export function ToSignIn(): never {
  const path = usePathname()
  redirect(path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`)
}
