import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fixedClock, HOUR } from '@/lib/core/clock'
import { sha256 } from '@/lib/core/ids'
import { type TestDatabase, testDatabase } from '@/lib/db/testing'
import type { Actor } from '@/lib/engine/types'
import { verifyJournal } from '@/lib/journal/verify'
import { addNote, openIncident, resolveIncident } from './open'
import { activeIncident, incidentDetail, incidentsPage, TIMELINE_CAP } from './read'
import { createShare, readShare, revokeShare } from './share'
import { attach } from './timeline'
import type { IncidentSummary } from './types'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database?.stop())

const rami: Actor = {
  id: 'demo-responder',
  name: 'Rami Responder',
  email: 'rami@practice.local',
  role: 'responder',
}
const ada: Actor = {
  id: 'demo-approver',
  name: 'Ada Approver',
  email: 'ada@practice.local',
  role: 'approver',
}
const clock = fixedClock('2026-11-24T03:00:00.000Z')

beforeEach(async () => {
  clock.advance(1_000)
  await clear()
})

async function opened(title = 'Service does not respond'): Promise<IncidentSummary> {
  const done = await openIncident(rami, { title, cardId: 'service-not-responding' }, database.db, clock)
  if (!done.ok) throw new Error(done.error.message)
  return done.value
}

describe('openIncident', () => {
  it('opens one with its first entry and its row in the journal', async () => {
    const before = await verifyJournal(database.db)
    const incident = await opened()
    expect(incident).toMatchObject({
      state: 'open',
      openedBy: 'Rami Responder',
      cardId: 'service-not-responding',
      events: 1,
    })
    expect(await activeIncident(database.db)).toEqual(incident)
    expect((await verifyJournal(database.db)).rows).toBe(before.rows + 1)
  })

  it('says which one is open already', async () => {
    const { number } = await opened('First')
    const second = await openIncident(ada, { title: 'Second' }, database.db, clock)
    expect(second).toMatchObject({
      ok: false,
      error: { code: 'conflict', message: `Incident ${number} is open already: First` },
    })
  })

  it('lets one through when several press at the same moment', async () => {
    const all = await Promise.all(
      Array.from({ length: 5 }, () => openIncident(rami, { title: 'Race' }, database.db, clock)),
    )
    expect(all.filter((done) => done.ok)).toHaveLength(1)
    expect(all.filter((done) => !done.ok && done.error.code === 'conflict')).toHaveLength(4)
  })
})

describe('the timeline', () => {
  it('takes notes, checks and the resolution, in order, redacted', async () => {
    const { id: incidentId, number } = await opened()
    clock.advance(1_000)
    await addNote(ada, { incidentId, text: 'Tried DB_PASSWORD=hunter2 by hand.' }, database.db, clock)
    clock.advance(1_000)
    const check = {
      kind: 'check',
      text: '0 of 3 pods ready.',
      by: rami.name,
      role: rami.role,
      stepId: 'a/b',
      verdict: 'fail',
    } as const
    expect(await database.db.$transaction((tx) => attach(tx, check, clock))).toBe(incidentId)
    clock.advance(1_000)
    await resolveIncident(rami, { incidentId, summary: 'Pool was too small.' }, database.db, clock)
    const detail = await incidentDetail(number, database.db)
    expect(detail).toMatchObject({ state: 'resolved', summary: 'Pool was too small.', more: 0, events: 4 })
    expect(detail?.timeline.map(({ kind, by, text, verdict }) => [kind, by, text, verdict])).toEqual([
      ['opened', 'Rami Responder', 'Service does not respond', undefined],
      ['note', 'Ada Approver', 'Tried DB_PASSWORD=[redacted] by hand.', undefined],
      ['check', 'Rami Responder', '0 of 3 pods ready.', 'fail'],
      ['resolved', 'Rami Responder', 'Pool was too small.', undefined],
    ])
    expect(await database.db.$transaction((tx) => attach(tx, check, clock))).toBeNull()
  })

  it('is resolved once', async () => {
    const { id: incidentId } = await opened()
    const both = await Promise.all([
      resolveIncident(rami, { incidentId, summary: 'a' }, database.db, clock),
      resolveIncident(ada, { incidentId, summary: 'b' }, database.db, clock),
    ])
    expect(both.map((done) => done.ok).sort()).toEqual([false, true])
  })

  it('shows the newest entries and counts the rest', async () => {
    const { id: incidentId, number } = await opened()
    await database.db.incidentEvent.createMany({
      data: Array.from({ length: TIMELINE_CAP + 9 }, (_, i) => ({
        id: `bulk-${String(i).padStart(4, '0')}`,
        incidentId,
        kind: 'note',
        at: clock.now(),
        byName: 'A',
        byRole: 'viewer',
        text: `${i}`,
      })),
    })
    const detail = await incidentDetail(number, database.db)
    expect(detail?.timeline).toHaveLength(TIMELINE_CAP)
    expect(detail?.more).toBe(10)
  })

  it('knows nothing of incidents that are not there', async () => {
    expect(await incidentDetail(99_999, database.db)).toBeNull()
    expect(await incidentDetail(1e12, database.db)).toBeNull()
    expect(await addNote(rami, { incidentId: 'x', text: 'n' }, database.db)).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    })
  })

  it('lists incidents, newest first', async () => {
    await opened('Newest')
    const page = await incidentsPage(1, database.db)
    expect(page.incidents[0]).toMatchObject({ title: 'Newest' })
    expect(page.pages).toBe(Math.ceil(page.total / 20))
    expect(await incidentsPage(-5, database.db)).toMatchObject({ page: 1 })
  })
})

describe('a share link', () => {
  async function shared(hours = 24) {
    const incident = await opened('Rami Responder sees 503')
    await addNote(
      ada,
      { incidentId: incident.id, text: 'ada approver wrote to dana@aicorp.example' },
      database.db,
      clock,
    )
    const made = await createShare(rami, { incidentId: incident.id, hours }, database.db, clock)
    if (!made.ok) throw new Error(made.error.message)
    return { incident, token: made.value.path.replace('/share/', '') }
  }

  it('shows the incident without anybody’s name', async () => {
    const { incident, token } = await shared()
    const view = await readShare(token, database.db, clock)
    expect(view).toMatchObject({
      number: incident.number,
      title: 'Responder sees 503',
      expiresAt: new Date(clock.now().getTime() + 24 * HOUR).toISOString(),
    })
    expect(view?.timeline.map(({ by, text }) => `${by}: ${text}`)).toEqual([
      'Responder: Responder sees 503',
      'Approver: Approver wrote to [e-mail address]',
      'Responder: Made a share link that works for 24 hours.',
    ])
    expect(JSON.stringify(view)).not.toMatch(/rami|ada |dana/i)
    const detail = await incidentDetail(incident.number, database.db)
    expect(detail?.shares[0]?.lastSeenAt).toBe(clock.now().toISOString())
  })

  it('is kept as a hash only', async () => {
    const { token } = await shared()
    const [stored] = await database.db.shareLink.findMany({ where: { tokenHash: sha256(token) } })
    expect(JSON.stringify(stored)).not.toContain(token)
    const journal = await database.db.journalEntry.findMany()
    expect(JSON.stringify(journal.map(({ text, detail }) => [text, detail]))).not.toContain(token)
  })

  it('ends when its time is over, or when somebody ends it', async () => {
    const { token } = await shared(1)
    expect(await readShare(`${token}x`, database.db, clock)).toBeNull()
    expect(await readShare('', database.db, clock)).toBeNull()
    clock.advance(HOUR)
    expect(await readShare(token, database.db, clock)).toBeNull()

    await clear()
    const { incident, token: next } = await shared(2)
    const shareId = (await incidentDetail(incident.number, database.db))?.shares[0]?.id ?? ''
    expect(await revokeShare(ada, { shareId }, database.db, clock)).toEqual({ ok: true, value: null })
    expect(await readShare(next, database.db, clock)).toBeNull()
    expect(await revokeShare(ada, { shareId }, database.db, clock)).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    })
    expect((await verifyJournal(database.db)).ok).toBe(true)
  })

  it('works for one hour to seven days', async () => {
    const { id: incidentId } = await opened()
    for (const hours of [0, 169, 1.5, Number.NaN]) {
      expect(await createShare(rami, { incidentId, hours }, database.db)).toMatchObject({
        ok: false,
        error: { code: 'invalid_input' },
      })
    }
  })
})

async function clear(): Promise<void> {
  const open = await activeIncident(database.db)
  if (open) await resolveIncident(rami, { incidentId: open.id, summary: 'Over.' }, database.db, clock)
}
