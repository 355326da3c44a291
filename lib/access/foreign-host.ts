import 'server-only'
import { isIP } from 'node:net'
import { type Env, isPractice } from '@/lib/env'

/**
 * Whether a request came for a name that is not ours. Practice accounts have no passwords, so a web page whose own
 * name was made to point at this machine (DNS rebinding) could sign itself in. Addresses cannot be made to point
 * elsewhere. Not asked on a real cluster: people sign in elsewhere there, and come back to NEXTAUTH_URL only.
 * @param host the Host header, with or without a port
 */
export function isForeignHost(
  host: string | null,
  settings: Pick<Env, 'CRASHCART_CONTEXT' | 'NEXTAUTH_URL'>,
): boolean {
  if (!isPractice(settings)) return false
  const name = (host ?? '')
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
  return (
    isIP(name) === 0 &&
    name !== 'localhost' &&
    !name.endsWith('.localhost') &&
    name !== new URL(settings.NEXTAUTH_URL).hostname
  )
}
