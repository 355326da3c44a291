import 'server-only'
import type { NextAuthOptions, User } from 'next-auth'
import type { JWT } from 'next-auth/jwt'
import type { CredentialsConfig } from 'next-auth/providers/credentials'
import type { OAuthConfig } from 'next-auth/providers/oauth'
import { log } from '@/lib/core/log'
import { redactDeep } from '@/lib/core/redact'
import { db } from '@/lib/db/client'
import type { Actor } from '@/lib/engine/types'
import { type Env, env, isPractice } from '@/lib/env'
import { append } from '@/lib/journal/append'
import { demoAccount } from './demo-accounts'
import type { Role } from './roles'
import { userinfoClaims } from './userinfo'

/** After a night's shift a person signs in again, and groups are read anew: renewing the cookie does not put it off. */
const SESSION_SECONDS = 12 * 60 * 60
const secondsNow = () => Math.floor(Date.now() / 1000)

/** A claim by its name, or by a path with dots (`realm_access.roles`), as a list of texts. */
export function claimValues(claims: Readonly<Record<string, unknown>>, path: string): string[] {
  const whole = claims[path]
  const found =
    whole !== undefined
      ? whole
      : path
          .split('.')
          .reduce<unknown>(
            (value, key) =>
              value && typeof value === 'object' && Object.hasOwn(value, key)
                ? (value as Record<string, unknown>)[key]
                : undefined,
            claims,
          )
  const list = Array.isArray(found) ? found : [found]
  return list.filter((entry): entry is string => typeof entry === 'string' && entry !== '')
}

type RoleLists = Pick<Env, 'CRASHCART_ROLES_ADMIN' | 'CRASHCART_ROLES_APPROVER' | 'CRASHCART_ROLES_RESPONDER'>

/** The highest role that a person's groups give; viewer when none does. */
export function roleOf(groups: readonly string[], lists: RoleLists): Role {
  const among = (list: readonly string[]) => groups.some((group) => list.includes(group))
  if (among(lists.CRASHCART_ROLES_ADMIN)) return 'admin'
  if (among(lists.CRASHCART_ROLES_APPROVER)) return 'approver'
  if (among(lists.CRASHCART_ROLES_RESPONDER)) return 'responder'
  return 'viewer'
}

function realmOf(settings: Env): string {
  return isPractice(settings) ? 'practice' : `oidc ${settings.CRASHCART_OIDC_ISSUER}`
}

/**
 * Who a session belongs to, by today's settings: a role list that changed holds at once. Null when
 * the session was made elsewhere (a demo session on a real cluster, another sign-in server), or too long ago.
 */
export function actorOfToken(token: JWT, settings: Env): Actor | null {
  if (token.realm !== realmOf(settings) || !token.sub) return null
  if (!(secondsNow() - (token.signedInAt ?? 0) < SESSION_SECONDS)) return null
  if (isPractice(settings)) {
    const account = demoAccount(token.sub)
    return account ? { id: account.id, name: account.name, email: account.email, role: account.role } : null
  }
  return {
    id: token.sub,
    name: token.name ?? token.email ?? token.sub,
    email: token.email ?? '',
    role: roleOf(token.groups ?? [], settings),
  }
}

/** The sign-in of the practice cluster: choose a person, no password. */
function demoProvider(): CredentialsConfig {
  return {
    id: 'demo',
    name: 'Practice account',
    type: 'credentials',
    credentials: { account: { label: 'Account' } },
    async authorize(credentials) {
      const account = demoAccount(credentials?.account)
      return account ? { id: account.id, name: account.name, email: account.email } : null
    },
  }
}

type Claims = Record<string, unknown> & { sub: string }

/** What Crashcart keeps of an ID token. */
export function userOfClaims(claims: Claims, settings: Env): User {
  const text = (...names: string[]) =>
    names
      .map((name) => claims[name])
      .find((value): value is string => typeof value === 'string' && value !== '')
  const lists = [
    ...settings.CRASHCART_ROLES_ADMIN,
    ...settings.CRASHCART_ROLES_APPROVER,
    ...settings.CRASHCART_ROLES_RESPONDER,
  ]
  return {
    id: claims.sub,
    name: text('name', 'preferred_username', 'email') ?? claims.sub,
    email: text('email') ?? '',
    // Only those that matter: a cookie holds 4 kB, and some people are in hundreds of groups.
    groups: claimValues(claims, settings.CRASHCART_OIDC_ROLE_CLAIM).filter((group) => lists.includes(group)),
  }
}

/** Any OpenID Connect server. */
function oidcProvider(settings: Env): OAuthConfig<Claims> {
  const issuer = (settings.CRASHCART_OIDC_ISSUER ?? '').replace(/\/+$/, '')
  const wellKnown = `${issuer}/.well-known/openid-configuration`
  return {
    id: 'oidc',
    name: settings.CRASHCART_OIDC_NAME,
    type: 'oauth',
    wellKnown,
    clientId: settings.CRASHCART_OIDC_CLIENT_ID,
    clientSecret: settings.CRASHCART_OIDC_CLIENT_SECRET,
    authorization: { params: { scope: settings.CRASHCART_OIDC_SCOPE } },
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    async profile(claims, tokens) {
      const whole = claimValues(claims, settings.CRASHCART_OIDC_ROLE_CLAIM).length > 0 && claims.name
      if (whole || !tokens.access_token) return userOfClaims(claims, settings)
      const more = await userinfoClaims(wellKnown, tokens.access_token, claims.sub)
      // The ID token is signed, so it wins.
      return userOfClaims({ ...more, ...claims }, settings)
    },
  }
}

/** Where a person lands when the sign-in worked but could not be written down. */
const NOT_RECORDED = '/sign-in?error=NotRecorded'

/**
 * Settings of next-auth, from the settings of this process. Demo accounts are offered only when no real
 * cluster is named. A sign-in that cannot be recorded does not take place.
 */
export function authOptions(): NextAuthOptions {
  const settings = env()
  const realm = realmOf(settings)
  return {
    secret: settings.NEXTAUTH_SECRET,
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    providers: isPractice(settings) ? [demoProvider()] : [oidcProvider(settings)],
    callbacks: {
      async signIn({ user }) {
        const token = {
          sub: user.id,
          name: user.name,
          email: user.email,
          groups: user.groups,
          realm,
          signedInAt: secondsNow(),
        }
        const actor = actorOfToken(token, settings)
        if (!actor) return false
        return (await recordSignIn(actor)) ? true : NOT_RECORDED
      },
      jwt({ token, user }) {
        // `user` is there at sign-in only.
        return user
          ? { ...token, sub: user.id, realm, groups: user.groups ?? [], signedInAt: secondsNow() }
          : token
      },
      session({ session, token }) {
        const actor = actorOfToken(token, settings)
        return { expires: session.expires, ...(actor ? { user: actor } : {}) }
      },
    },
    logger: {
      error: (code, metadata) => log.error({ code, detail: plain(metadata) }, 'Sign-in failed'),
      warn: (code) => log.warn({ code }, 'Sign-in warning'),
      debug: () => undefined,
    },
  }
}

async function recordSignIn(actor: Actor): Promise<boolean> {
  try {
    await db().$transaction((tx) =>
      append(tx, {
        action: 'signed-in',
        actor,
        target: actor.email || actor.id,
        text: `${actor.name} signed in as ${actor.role}.`,
      }),
    )
    return true
  } catch (cause) {
    log.error({ err: cause, actorId: actor.id }, 'A sign-in could not be recorded and was refused')
    return false
  }
}

/** next-auth hands over errors, or objects with errors in them. */
function plain(metadata: unknown): unknown {
  if (metadata instanceof Error) return { message: metadata.message, name: metadata.name }
  return redactDeep(
    JSON.parse(
      JSON.stringify(metadata ?? null, (_key, value: unknown) =>
        value instanceof Error ? value.message : value,
      ),
    ),
  )
}
