import 'server-only'
import { readShare } from '@/lib/incidents/share'
import type { SharedIncident } from '@/lib/incidents/types'

/**
 * What a share link shows; null when there is none, it expired or was revoked. Needs no sign-in.
 * Throws when the database is away: a working link must not be called invalid.
 */
export async function loadShare(token: string): Promise<SharedIncident | null> {
  return readShare(token)
}
