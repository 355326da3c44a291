import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sha256 } from '../core/ids'
import { loadBoardRunbook, loadRunbook, versionsOf } from './library'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runbooks-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, id: string, card: string): void {
  writeFileSync(
    join(folder, name),
    `---\nid: ${id}\ntitle: ${id} services\n---\n# T\n\n## G\n\n### ${card} {#health}\n\nWhat it is for.\n\n\`\`\`bash\n# Look at pods\nkubectl get pods -n ${id}\n\`\`\`\n`,
  )
}

it('puts the cards of every file on one board, the main one first, without mixing up their ids', async () => {
  write('ai.md', 'ai', 'Models')
  write('back.md', 'back', 'Service')
  const board = await loadBoardRunbook('back', folder)
  expect(board.ok && board.value.title).toBe('back services')
  expect(board.ok && board.value.cards.map((card) => [card.id, card.position, card.group])).toEqual([
    ['health', 1, 'G'],
    ['ai-health', 2, 'ai services'],
  ])
  expect(
    board.ok && board.value.cards.flatMap((card) => card.steps.map((step) => [step.id, step.cardId])),
  ).toEqual([
    ['health/look-at-pods', 'health'],
    ['ai-health/look-at-pods', 'ai-health'],
  ])
})

it('reads a file anew when it changed, and says when there is none', async () => {
  write('back.md', 'back', 'Service')
  await loadRunbook('back', folder)
  write('back.md', 'back', 'Another')
  const again = await loadRunbook('back', folder)
  expect(again.ok && again.value.cards[0]?.title).toBe('Another')
  const missing = await loadRunbook('nowhere', folder)
  expect(missing.ok ? '' : missing.error.message).toContain('nowhere')
  rmSync(join(folder, 'back.md'))
  const none = await loadBoardRunbook('back', folder)
  expect(none.ok ? '' : none.error.code).toBe('not_found')
})

const installed = (text: string, runbookId: string, file = 'new.md') => ({
  versionId: 'rbv_1',
  runbookId,
  file,
  text,
})
const withCard = (id: string, card: string) =>
  `---\nid: ${id}\ntitle: ${id} services\n---\n### ${card} {#health}\n\n\`\`\`bash\n# Look at pods\nkubectl get pods -n ${id}\n\`\`\`\n`

it('puts an installed runbook in the place of the file with its id, and gives the file back', async () => {
  write('ai.md', 'ai', 'Models')
  write('back.md', 'back', 'Service')
  const over = await loadBoardRunbook('back', folder, [installed(withCard('back', 'Installed'), 'back')])
  expect(over.ok && over.value.cards.map((card) => card.title)).toEqual(['Installed', 'Models'])
  expect(over.ok && over.value.cards[0]?.steps[0]?.source.file).toBe('installed/new.md')
  const more = await loadBoardRunbook('back', folder, [installed(withCard('shop', 'Shop'), 'shop')])
  expect(more.ok && more.value.cards.map((card) => card.id)).toEqual(['health', 'ai-health', 'shop-health'])
  const back = await loadBoardRunbook('back', folder, [])
  expect(back.ok && back.value.cards.map((card) => card.title)).toEqual(['Service', 'Models'])
})

it('names the version that steps stand in, each runbook by its own', async () => {
  write('back.md', 'back', 'Service')
  const alone = await loadBoardRunbook('back', folder)
  if (!alone.ok) throw new Error(alone.error.message)
  expect(versionsOf(alone.value, ['health/look-at-pods'])).toBe(`back@${alone.value.version}`)
  const text = withCard('shop', 'Shop')
  const both = await loadBoardRunbook('back', folder, [installed(text, 'shop')])
  if (!both.ok) throw new Error(both.error.message)
  expect(versionsOf(both.value, ['shop-health/look-at-pods'])).toBe(`shop@${sha256(text)}`)
  expect(versionsOf(both.value, ['health/look-at-pods', 'shop-health/look-at-pods'])).toBe(
    `back@${alone.value.version} shop@${sha256(text)}`,
  )
  expect(versionsOf(both.value, ['nowhere'])).toBe('')
})
