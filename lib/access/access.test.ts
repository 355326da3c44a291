import type { Session } from 'next-auth'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { db } from '@/lib/db/client'
import { type TestDatabase, testDatabase } from '@/lib/db/testing'
import { readEnv } from '@/lib/env'
import { actorOfToken, authOptions, claimValues, roleOf, userOfClaims } from './auth-options'
import { DEMO_ACCOUNTS, demoAccount } from './demo-accounts'
import { currentActor, requireActor, requirePermission } from './session'

const signedIn = vi.hoisted(() => ({ user: undefined as Session['user'] }))
vi.mock('next-auth', () => ({
  getServerSession: async () => (signedIn.user ? { user: signedIn.user } : null),
}))

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  vi.stubEnv('DATABASE_URL', database.url)
  vi.stubEnv('NEXTAUTH_URL', 'http://localhost:3000')
  vi.stubEnv('NEXTAUTH_SECRET', 'k'.repeat(32))
})
afterAll(async () => {
  await db().$disconnect()
  await database?.stop()
})
beforeEach(() => {
  signedIn.user = undefined
})

const PRACTICE = {
  DATABASE_URL: 'postgres://x',
  NEXTAUTH_URL: 'https://c.example',
  NEXTAUTH_SECRET: 'k'.repeat(32),
}
function settings(more: Record<string, string> = {}) {
  const read = readEnv({ ...PRACTICE, ...more })
  if (!read.ok) throw new Error(read.error.message)
  return read.value
}
const real = settings({
  CRASHCART_CONTEXT: 'prod',
  CRASHCART_OIDC_ISSUER: 'https://login.example',
  CRASHCART_ROLES_ADMIN: 'sre-leads',
  CRASHCART_ROLES_APPROVER: 'seniors',
  CRASHCART_ROLES_RESPONDER: 'on-call, back-end',
})
const realm = 'oidc https://login.example'

function signInAs(name: string): void {
  const account = demoAccount(name)
  signedIn.user = account && { id: account.id, name: account.name, email: account.email, role: account.role }
}

const lastRow = () => db().journalEntry.findFirst({ orderBy: { seq: 'desc' } })

describe('roles from claims', () => {
  it('are the highest that any group gives, else viewer', () => {
    expect(roleOf(['on-call', 'sre-leads'], real)).toBe('admin')
    expect(roleOf(['back-end'], real)).toBe('responder')
    expect(roleOf([], real)).toBe('viewer')
    expect(roleOf(['on-call'], settings())).toBe('viewer')
  })

  it('are read from a claim by name or by path, as a list or one word', () => {
    expect(claimValues({ groups: ['a', 1, ''] }, 'groups')).toEqual(['a'])
    expect(claimValues({ groups: 'a' }, 'groups')).toEqual(['a'])
    expect(claimValues({ realm_access: { roles: ['a'] } }, 'realm_access.roles')).toEqual(['a'])
    expect(claimValues({ 'https://x.example/roles': ['a'] }, 'https://x.example/roles')).toEqual(['a'])
    expect(claimValues({}, '__proto__.constructor')).toEqual([])
  })

  it('keep only groups that matter', () => {
    const user = userOfClaims(
      { sub: 'u1', preferred_username: 'dana', groups: ['everyone', 'seniors'] },
      real,
    )
    expect(user).toEqual({ id: 'u1', name: 'dana', email: '', groups: ['seniors'] })
  })
})

describe('a session', () => {
  it('counts only where it was made', () => {
    const signedInAt = Date.now() / 1000
    const demo = { sub: 'demo-admin', realm: 'practice', signedInAt }
    expect(actorOfToken(demo, settings())).toMatchObject({ id: 'demo-admin', role: 'admin' })
    expect(actorOfToken(demo, real)).toBeNull()
    expect(actorOfToken({ sub: 'demo-admin', realm, groups: [], signedInAt }, real)).toMatchObject({
      role: 'viewer',
    })
    expect(
      actorOfToken(
        { sub: 'u', realm: 'oidc https://other.example', groups: ['sre-leads'], signedInAt },
        real,
      ),
    ).toBeNull()
    expect(actorOfToken({ sub: 'u', realm, groups: ['sre-leads'], signedInAt }, settings())).toBeNull()
    expect(actorOfToken({}, settings())).toBeNull()
  })

  it('ends half a day after the sign-in, however often its cookie was renewed', () => {
    const hoursAgo = (hours: number) => ({
      sub: 'demo-admin',
      realm: 'practice',
      iat: Date.now() / 1000,
      signedInAt: Date.now() / 1000 - hours * 3_600,
    })
    expect(actorOfToken(hoursAgo(11), settings())).not.toBeNull()
    expect(actorOfToken(hoursAgo(13), settings())).toBeNull()
    expect(actorOfToken({ sub: 'demo-admin', realm: 'practice' }, settings())).toBeNull()
  })

  it('follows the role lists of today', () => {
    const signedInAt = Date.now() / 1000
    const token = { sub: 'u', name: 'Dana', email: 'd@x.example', realm, groups: ['seniors'], signedInAt }
    expect(actorOfToken(token, real)).toEqual({
      id: 'u',
      name: 'Dana',
      email: 'd@x.example',
      role: 'approver',
    })
    expect(actorOfToken(token, { ...real, CRASHCART_ROLES_APPROVER: [] })?.role).toBe('viewer')
  })
})

describe('sign-in', () => {
  it('offers demo accounts in practice, and single sign-on on a real cluster, never both', () => {
    expect(authOptions().providers.map(({ id }) => id)).toEqual(['demo'])
    vi.stubEnv('CRASHCART_CONTEXT', 'prod')
    vi.stubEnv('CRASHCART_OIDC_ISSUER', 'https://login.example/')
    expect(authOptions().providers).toMatchObject([
      {
        id: 'oidc',
        wellKnown: 'https://login.example/.well-known/openid-configuration',
        checks: ['pkce', 'state', 'nonce'],
      },
    ])
    vi.stubEnv('CRASHCART_CONTEXT', '')
  })

  it('is written down, or does not take place', async () => {
    const signIn = authOptions().callbacks?.signIn
    const account = null
    const user = { id: 'demo-approver', name: 'Ada Approver', email: 'ada@practice.local' }
    expect(await signIn?.({ user, account })).toBe(true)
    expect(await lastRow()).toMatchObject({
      action: 'signed-in',
      actorId: 'demo-approver',
      actorRole: 'approver',
    })
    expect(await signIn?.({ user: { id: 'stranger' }, account })).toBe(false)

    await db().$executeRawUnsafe('ALTER TABLE "JournalEntry" RENAME TO "Elsewhere"')
    expect(await signIn?.({ user, account })).toBe('/sign-in?error=NotRecorded')
    await db().$executeRawUnsafe('ALTER TABLE "Elsewhere" RENAME TO "JournalEntry"')
  })

  it('knows the four accounts and nobody else', () => {
    expect(DEMO_ACCOUNTS.map(({ role }) => role)).toEqual(['viewer', 'responder', 'approver', 'admin'])
    for (const nobody of ['root', '', undefined, {}]) expect(demoAccount(nobody)).toBeUndefined()
  })
})

describe('requirePermission', () => {
  it('wants a session', async () => {
    expect(await currentActor()).toBeNull()
    expect(await requireActor()).toMatchObject({ ok: false, error: { code: 'unauthenticated' } })
    expect(await requirePermission('board:view')).toMatchObject({
      ok: false,
      error: { code: 'unauthenticated' },
    })
  })

  it('gives the actor, or refuses and writes the refusal down', async () => {
    signInAs('viewer')
    expect(await requirePermission('check:run')).toMatchObject({ ok: true, value: { id: 'demo-viewer' } })
    expect(await requirePermission('fix:approve', 'run run_1')).toMatchObject({
      ok: false,
      error: { code: 'forbidden' },
    })
    expect(await lastRow()).toMatchObject({
      action: 'denied',
      actorId: 'demo-viewer',
      target: 'run run_1',
      detail: { permission: 'fix:approve' },
    })
  })
})
