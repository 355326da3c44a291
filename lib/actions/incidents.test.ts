import type { Session } from 'next-auth'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { demoAccount } from '@/lib/access/demo-accounts'
import { db } from '@/lib/db/client'
import { type TestDatabase, testDatabase } from '@/lib/db/testing'
import { listIncidents, loadIncident } from '@/lib/loaders/incidents'
import { loadJournal } from '@/lib/loaders/journal'
import { loadShare } from '@/lib/loaders/share'
import { addNote, createShare, openIncident, resolveIncident, revokeShare } from './incidents'

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

function signInAs(name: string): void {
  const account = demoAccount(name)
  signedIn.user = account && { id: account.id, name: account.name, email: account.email, role: account.role }
}

describe('incident actions and loaders', () => {
  it('refuse strangers and viewers before anything else', async () => {
    expect(await openIncident({ title: '' })).toMatchObject({ ok: false, error: { code: 'unauthenticated' } })
    expect(await loadIncident(1)).toMatchObject({ ok: false, error: { code: 'unauthenticated' } })
    expect(await loadJournal({})).toMatchObject({ ok: false, error: { code: 'unauthenticated' } })
    signInAs('viewer')
    expect(await openIncident({ title: 'x' })).toMatchObject({ ok: false, error: { code: 'forbidden' } })
    expect(await listIncidents()).toMatchObject({ ok: true, value: { total: 0, page: 1, pages: 1 } })
  })

  it('say in words what is wrong with the input', async () => {
    signInAs('responder')
    const said = async (done: Promise<unknown>) =>
      ((await done) as { error: { message: string } }).error.message
    expect(await said(openIncident({ title: '  ' }))).toBe('The title is missing.')
    expect(await said(openIncident(null as never))).toBeTruthy()
    expect(await said(addNote({ incidentId: 'x', text: 'a'.repeat(5_000) }))).toContain('at most 4000')
    expect(await said(createShare({ incidentId: 'x', hours: 0 }))).toBe('A link works for at least one hour.')
    expect(await said(revokeShare({ shareId: 7 as never }))).toBe('That is not an identifier.')
  })

  it('go from opening to the share page and the resolution', async () => {
    signInAs('responder')
    const opened = await openIncident({ title: 'Service does not respond' })
    if (!opened.ok) throw new Error(opened.error.message)
    const { id: incidentId, number } = opened.value
    expect(await addNote({ incidentId, text: 'Looking.' })).toEqual({ ok: true, value: null })
    const shared = await createShare({ incidentId, hours: 1 })
    if (!shared.ok) throw new Error(shared.error.message)
    expect(await loadShare(shared.value.path.slice('/share/'.length))).toMatchObject({ number })
    expect(await resolveIncident({ incidentId, summary: 'Rolled back.' })).toEqual({ ok: true, value: null })
    expect(await loadIncident(number)).toMatchObject({ ok: true, value: { state: 'resolved', events: 4 } })
    const journal = await loadJournal({ actor: 'demo-responder' })
    expect(journal.ok && journal.value.rows.map(({ action }) => action)).toEqual([
      'incident-resolved',
      'share-created',
      'incident-note',
      'incident-opened',
    ])
  })

  it('keep the cause to themselves when the database is away', async () => {
    signInAs('responder')
    vi.stubEnv('DATABASE_URL', 'postgresql://u:hunter2@127.0.0.1:1/x')
    const done = await openIncident({ title: 'x' })
    vi.stubEnv('DATABASE_URL', database.url)
    expect(done).toMatchObject({ ok: false, error: { code: 'target_unavailable' } })
    expect(JSON.stringify(done)).not.toMatch(/hunter2|127\.0\.0\.1/)
  })
})
