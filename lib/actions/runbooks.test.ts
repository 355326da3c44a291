import type { Session } from 'next-auth'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { demoAccount } from '@/lib/access/demo-accounts'
import { db } from '@/lib/db/client'
import { type TestDatabase, testDatabase } from '@/lib/db/testing'
import { listRunbooks, loadRunbookPage, loadRunbookText, loadVersionPage } from '@/lib/loaders/runbooks'
import { installRunbook, previewRunbook, putBackRunbook, removeRunbook } from './runbooks'

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

const textOf = (title: string) =>
  `---\nid: shop\n---\n# Shop\n\n### ${title} {#pods}\n\n\`\`\`bash\n# Look\nkubectl get pods -n shop\n\`\`\`\n`

function form(text: string, more: Record<string, string> = {}): FormData {
  const fields = new FormData()
  fields.set('file', new Blob([text]))
  for (const [name, value] of Object.entries({ name: 'shop.md', ...more })) fields.set(name, value)
  return fields
}

async function install(text: string) {
  const preview = await previewRunbook(form(text))
  if (!preview.ok) throw new Error(preview.error.message)
  const { sha256, comparison } = preview.value
  const shown = { sha256, base: comparison?.with.sha256 ?? '', confirmName: 'shop.md' }
  return { shown, done: await installRunbook(form(text, shown)) }
}

it('lets strangers do nothing, and everybody but admins only read', async () => {
  const put = { runbookId: 'shop', version: 'x', base: '', confirmName: 'shop.md' }
  const all = () => [
    previewRunbook(form('')),
    installRunbook(form('')),
    putBackRunbook(put),
    removeRunbook({ runbookId: 'shop', confirmName: 'shop.md' }),
  ]
  for (const done of await Promise.all([...all(), listRunbooks(), loadRunbookPage('backend-services', 1)]))
    expect(done).toMatchObject({ ok: false, error: { code: 'unauthenticated' } })
  for (const role of ['viewer', 'responder', 'approver']) {
    signInAs(role)
    for (const done of await Promise.all(all()))
      expect(done).toMatchObject({ ok: false, error: { code: 'forbidden' } })
    expect(await listRunbooks()).toMatchObject({
      ok: true,
      value: [
        { id: 'ai-services', origin: 'file' },
        { id: 'backend-services', origin: 'file' },
      ],
    })
    expect(await loadVersionPage('backend-services', 'file')).toMatchObject({
      ok: true,
      value: { current: true },
    })
  }
  expect(await db().journalEntry.count({ where: { action: 'denied' } })).toBe(12)
})

it('installs only what was previewed, against what is on the board, under its typed name', async () => {
  signInAs('admin')
  const { shown, done } = await install(textOf('Pods'))
  expect(done).toEqual({ ok: true, value: { runbookId: 'shop' } })
  const refused = async (text: string, more: Record<string, string>) => {
    const result = await installRunbook(form(text, { ...shown, ...more }))
    return result.ok ? 'installed' : result.error.code
  }
  const other = textOf('Other')
  const preview = await previewRunbook(form(other))
  if (!preview.ok) throw new Error(preview.error.message)
  const { sha256, comparison } = preview.value
  const base = comparison?.with.sha256 ?? ''
  expect(base).toBe(shown.sha256)
  expect(await refused(other, { base })).toBe('stale')
  expect(await refused(other, { sha256 })).toBe('stale')
  expect(await refused(other, { sha256, base, confirmName: 'shop' })).toBe('invalid_input')
  expect(await refused(textOf('Pods'), { base })).toBe('precondition_failed')
  expect(await refused(other, { name: '../shop.md' })).toBe('invalid_input')
  expect(await previewRunbook({} as FormData)).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
})

it('puts an earlier version back, gives its text, and takes the runbook off the board', async () => {
  signInAs('admin')
  expect((await install(textOf('Other'))).done.ok).toBe(true)
  const page = await loadRunbookPage('shop', 1)
  if (!page.ok) throw new Error(page.error.message)
  expect(page.value).toMatchObject({ total: 2, cardPrefix: 'shop-', row: { origin: 'installed', cards: 1 } })
  const [, first] = page.value.versions
  const version = first?.id ?? ''
  expect(await loadRunbookText('shop', version)).toEqual({
    ok: true,
    value: { file: 'shop.md', text: textOf('Pods') },
  })
  expect(await loadRunbookText('backend-services', version)).toMatchObject({ ok: false })
  const shown = await loadVersionPage('shop', version)
  if (!shown.ok) throw new Error(shown.error.message)
  expect(shown.value.preview.comparison?.cards).toMatchObject([{ id: 'pods', says: 'was called Other' }])
  const put = { runbookId: 'shop', version, base: shown.value.currentSha256, confirmName: 'shop.md' }
  expect(await putBackRunbook(put)).toMatchObject({ ok: true })
  expect(await putBackRunbook(put)).toMatchObject({ ok: false, error: { code: 'stale' } })
  expect(await removeRunbook({ runbookId: 'shop', confirmName: 'shop.md' })).toMatchObject({ ok: true })
  expect(await listRunbooks()).toMatchObject({
    ok: true,
    value: [
      { id: 'ai-services' },
      { id: 'backend-services' },
      { id: 'shop', origin: 'off', unreadable: false },
    ],
  })
})
