import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { sha256 } from '../core/ids'
import { db } from '../db/client'
import { type TestDatabase, testDatabase } from '../db/testing'
import { verifyJournal } from '../journal/verify'
import { type Installation, install, installedRunbooks, readVersion, uninstall, versionsPage } from './store'

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

const ada = { id: 'ada', name: 'Ada Admin', email: 'ada@x.example', role: 'admin' } as const
const shop = (text: string, instead?: string, more: Partial<Installation> = {}): Installation => ({
  runbookId: 'shop',
  title: 'Shop',
  file: 'shop.md',
  text,
  cards: 1,
  lines: 2,
  typed: 1,
  instead: instead === undefined ? undefined : sha256(instead),
  ...more,
})
const activeText = async () => (await installedRunbooks()).map((one) => one.text)

it('keeps every version byte by byte, one of them active, each with a row in the journal', async () => {
  const first = await install(ada, shop('one\r\npassword=hunter2\n'))
  expect(first.ok).toBe(true)
  const second = await install(ada, shop('two', 'one\r\npassword=hunter2\n'))
  expect(second.ok).toBe(true)
  expect(await activeText()).toEqual(['two'])
  const back = await install(
    ada,
    shop('one\r\npassword=hunter2\n', 'two', first.ok ? { putBack: first.value.versionId } : {}),
  )
  expect(back.ok).toBe(true)
  expect(await activeText()).toEqual(['one\r\npassword=hunter2\n'])
  const { versions, total } = await versionsPage('shop', 1)
  expect(total).toBe(3)
  expect(versions.map((version) => [version.active, version.sha256 === sha256('two')])).toEqual([
    [true, false],
    [false, true],
    [false, false],
  ])
  expect(first.ok && (await readVersion(first.value.versionId))?.text).toBe('one\r\npassword=hunter2\n')
  const rows = await db().journalEntry.findMany({
    where: { action: 'runbook-installed' },
    orderBy: { seq: 'asc' },
  })
  expect(rows.map((row) => row.text)).toEqual([
    'Ada Admin installed: shop.md, 1 card, 1 of 2 command lines typed.',
    'Ada Admin installed: shop.md, 1 card, 1 of 2 command lines typed.',
    'Ada Admin put an earlier version back: shop.md, 1 card, 1 of 2 command lines typed.',
  ])
  expect(rows[1]?.detail).toMatchObject({ runbook: `shop@${sha256('two')}`, file: 'shop.md' })
  expect(await verifyJournal(database.db)).toMatchObject({ ok: true, rows: 3 })
})

it('refuses what was compared with another version, and writes nothing then', async () => {
  const before = await db().journalEntry.count()
  const [current] = await activeText()
  expect(await install(ada, shop('three', 'two'))).toMatchObject({ ok: false, error: { code: 'stale' } })
  expect(await install(ada, shop('three'))).toMatchObject({ ok: false, error: { code: 'stale' } })
  expect(await activeText()).toEqual([current])
  expect(await db().journalEntry.count()).toBe(before)
})

it('lets one of two installations at the same moment win', async () => {
  const texts = ['a', 'b', 'c', 'd']
  const done = await Promise.all(
    texts.map((text) => install(ada, shop(text, undefined, { runbookId: 'race', file: 'race.md' }))),
  )
  expect(done.filter((one) => one.ok)).toHaveLength(1)
  expect(done.flatMap((one) => (one.ok ? [] : [one.error.code]))).toEqual(['stale', 'stale', 'stale'])
  expect((await versionsPage('race', 1)).total).toBe(1)
})

it('removes from the board and keeps the versions', async () => {
  expect(await uninstall(ada, 'shop', 'Gone.')).toEqual({ ok: true, value: null })
  expect((await installedRunbooks()).map((one) => one.runbookId)).toEqual(['race'])
  expect((await versionsPage('shop', 1)).total).toBe(3)
  expect(await uninstall(ada, 'shop', 'Gone.')).toMatchObject({ ok: false, error: { code: 'not_found' } })
  expect(await db().journalEntry.findFirst({ orderBy: { seq: 'desc' } })).toMatchObject({
    action: 'runbook-removed',
    target: 'runbook shop',
  })
})

it('cannot be changed behind its back', async () => {
  const { versions } = await versionsPage('shop', 1)
  const id = versions[0]?.id ?? ''
  await expect(db().runbookVersion.update({ where: { id }, data: { text: 'other' } })).rejects.toThrow()
  await expect(db().runbookVersion.delete({ where: { id } })).rejects.toThrow()
  await expect(db().$executeRaw`TRUNCATE "RunbookVersion"`).rejects.toThrow()
})
