'use client'
import { ThemeProvider } from 'next-themes'
import type { ReactNode } from 'react'

/** Light or dark, as the system says until a person chooses. */
export function Theme({ children }: { children: ReactNode }) {
  return (
    <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange>
      {children}
    </ThemeProvider>
  )
}
