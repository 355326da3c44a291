import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { Theme } from '@/components/frame/theme'
import './globals.css'

export const metadata: Metadata = {
  title: 'Crashcart',
  description: 'A troubleshooting runbook as a live dashboard: one-click diagnostics and audited fixes.',
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f7f7f8' },
    { media: '(prefers-color-scheme: dark)', color: '#0f1013' },
  ],
}

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // The theme's class is set before React wakes up.
    <html lang="en" suppressHydrationWarning>
      <body className="min-h-dvh">
        <Theme>{children}</Theme>
      </body>
    </html>
  )
}
