import type { DefaultSession } from 'next-auth'
import type { Role } from '@/lib/access/roles'

declare module 'next-auth' {
  interface Session extends DefaultSession {
    /** Missing when the cookie belongs to another mode or another sign-in server. */
    user?: { id: string; name: string; email: string; role: Role }
  }
  interface User {
    /** Claim values that matter for the role; none for demo accounts. */
    groups?: string[]
  }
}

declare module 'next-auth/jwt' {
  interface JWT {
    /** `practice`, or `oidc <issuer>`: a session counts only where it was made. */
    realm?: string
    groups?: string[]
    /** When the person signed in, in seconds since 1970; `iat` moves each time the cookie is renewed. */
    signedInAt?: number
  }
}
