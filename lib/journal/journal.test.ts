import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { type TestDatabase, testDatabase } from '@/lib/db/testing'
import { append, GENESIS, type JournalInput } from './append'
import { JOURNAL_PAGE_SIZE, readJournal } from './read'
import { verifyJournal } from './verify'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database?.stop())

const rami = { id: 'demo-responder', name: 'Rami Responder', role: 'responder' }
const entry = (more: Partial<JournalInput> = {}): JournalInput => ({
  action: 'check-started',
  actor: rami,
  target: 'all',
  text: 'Checked all cards.',
  ...more,
})
const write = (input: JournalInput) => database.db.$transaction((tx) => append(tx, input))

/** Does to the table what an intruder with the owner's rights could do. */
async function tamper(sql: string): Promise<void> {
  await database.db.$executeRawUnsafe('ALTER TABLE "JournalEntry" DISABLE TRIGGER "journal_only_grows"')
  await database.db.$executeRawUnsafe(sql)
  await database.db.$executeRawUnsafe('ALTER TABLE "JournalEntry" ENABLE ALWAYS TRIGGER "journal_only_grows"')
}

describe('the journal', () => {
  it('holds when it is empty', async () => {
    expect(await verifyJournal(database.db)).toEqual({ ok: true, rows: 0 })
  })

  it('numbers rows from 1 and chains them', async () => {
    const clock = fixedClock('2026-11-24T03:00:00.000Z')
    const first = await database.db.$transaction((tx) => append(tx, entry(), clock))
    const second = await write(
      entry({ runId: 'run_1', detail: { b: 1e21, a: ['ä', null, 0.1], c: undefined } }),
    )
    expect(first).toMatchObject({ seq: 1, at: '2026-11-24T03:00:00.000Z', prevHash: GENESIS })
    expect(second).toMatchObject({ seq: 2, prevHash: first.hash, runId: 'run_1' })
    expect(await verifyJournal(database.db)).toEqual({ ok: true, rows: 2, head: second.hash })
  })

  it('keeps no secret', async () => {
    const row = await write(
      entry({
        text: 'Ran with DB_PASSWORD=hunter2.',
        target: 'redis://:hunter2@r',
        detail: { password: 'hunter2', log: 'token=hunter2\u0000' },
      }),
    )
    expect(JSON.stringify(row)).not.toContain('hunter2')
    const [stored] = (await readJournal({}, database.db)).rows
    expect(stored).toEqual(row)
  })

  it('goes with its transaction', async () => {
    const before = await verifyJournal(database.db)
    await expect(
      database.db.$transaction(async (tx) => {
        await append(tx, entry())
        throw new Error('the change failed')
      }),
    ).rejects.toThrow()
    expect(await verifyJournal(database.db)).toEqual(before)
  })

  it('stays one chain when many write at once', async () => {
    const { rows } = await verifyJournal(database.db)
    await Promise.all(Array.from({ length: 40 }, (_, i) => write(entry({ target: `step ${i}` }))))
    expect(await verifyJournal(database.db, 7)).toMatchObject({ ok: true, rows: rows + 40 })
  })

  it.each([
    'UPDATE "JournalEntry" SET "text" = \'x\'',
    'DELETE FROM "JournalEntry" WHERE seq = 1',
    'TRUNCATE "JournalEntry"',
    'UPDATE "JournalEntry" SET "text" = \'x\' WHERE false',
  ])('refuses %s', async (sql) => {
    await expect(database.db.$executeRawUnsafe(sql)).rejects.toThrow('The journal only grows')
  })

  it('is read in pages, newest first, by action and by person', async () => {
    await write(entry({ action: 'denied', actor: { ...rami, id: 'demo-viewer', name: 'Vera Viewer' } }))
    const page = await readJournal({}, database.db)
    expect(page.rows).toHaveLength(Math.min(JOURNAL_PAGE_SIZE, page.total))
    expect(page.rows[0]?.seq).toBe(page.total)
    expect(page.actors).toEqual([
      { id: 'demo-responder', name: 'Rami Responder' },
      { id: 'demo-viewer', name: 'Vera Viewer' },
    ])
    expect(await readJournal({ action: 'denied' }, database.db)).toMatchObject({ total: 1, pages: 1 })
    expect(await readJournal({ actor: 'demo-viewer', page: 99 }, database.db)).toMatchObject({
      total: 1,
      page: 1,
    })
    expect(await readJournal({ page: Number.NaN, actor: 'nobody' }, database.db)).toMatchObject({
      rows: [],
      page: 1,
      pages: 1,
    })
  })
})

describe('verifyJournal shows', () => {
  it('a changed row, a row with a new hash, and a missing row', async () => {
    await tamper('UPDATE "JournalEntry" SET "text" = \'Nothing happened.\' WHERE seq = 5')
    expect(await verifyJournal(database.db)).toMatchObject({
      ok: false,
      rows: 4,
      brokenAt: 5,
      reason: 'Row 5 was changed after it was written.',
    })
    await tamper('UPDATE "JournalEntry" SET "hash" = repeat(\'a\', 64) WHERE seq = 4')
    expect(await verifyJournal(database.db)).toMatchObject({ brokenAt: 4 })
    await tamper('DELETE FROM "JournalEntry" WHERE seq = 3')
    expect(await verifyJournal(database.db)).toMatchObject({
      rows: 2,
      brokenAt: 3,
      reason: 'Row 3 is missing.',
    })
  })
})
