import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { SharedIncidentPage } from '@/components/share/shared-incident'
import { loadShare } from '@/lib/loaders/share'

// A revoked link must stop at once, so nothing of it is ever kept.
export const dynamic = 'force-dynamic'

// The title names no incident: it stands in histories and previews of chat programs.
export const metadata: Metadata = {
  title: 'Shared incident · Crashcart',
  robots: { index: false, follow: false, nocache: true },
  referrer: 'no-referrer',
}

/** An incident for whoever holds the link. 404 when it is unknown, expired or revoked. */
export default async function SharePage({ params }: { params: Promise<{ token: string }> }) {
  const incident = await loadShare((await params).token)
  if (!incident) notFound()
  return <SharedIncidentPage incident={incident} readAt={new Date().toISOString()} />
}
