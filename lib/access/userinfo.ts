import 'server-only'
import { log } from '@/lib/core/log'

const TIMEOUT_MS = 5_000

async function json(url: string, token?: string): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    headers: { accept: 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    // The token goes to the address the server named, and nowhere else.
    redirect: 'error',
    cache: 'no-store',
  })
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}`)
  const body: unknown = await response.json()
  if (!body || typeof body !== 'object') throw new Error(`${new URL(url).pathname} gave no object`)
  return body as Record<string, unknown>
}

/**
 * The claims of the userinfo endpoint. Many servers put only `sub` into the ID token and the rest there.
 * @param wellKnown address of the server's discovery document
 * @param sub whom the ID token names; an answer about anybody else is not used
 * @returns the claims; {} when they cannot be had, which is logged: the person then has fewer groups, never more
 */
export async function userinfoClaims(
  wellKnown: string,
  accessToken: string,
  sub: string,
): Promise<Record<string, unknown>> {
  try {
    const { userinfo_endpoint: endpoint } = await json(wellKnown)
    if (typeof endpoint !== 'string') return {}
    const claims = await json(endpoint, accessToken)
    if (claims.sub !== sub) throw new Error('userinfo is about somebody else')
    return claims
  } catch (cause) {
    log.warn({ err: cause }, 'The sign-in server gave no userinfo; the ID token alone counts')
    return {}
  }
}
