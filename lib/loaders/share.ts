import 'server-only'
import type { SharedIncident } from '@/lib/incidents/types'

/** What a share link shows; null when there is none, it expired or was revoked. Needs no sign-in. */
export async function loadShare(_token: string): Promise<SharedIncident | null> {
  return null
}
