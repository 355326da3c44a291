import { expect, it } from 'vitest'
import { compile } from '@/lib/runbooks/compile'
import { boardFrom } from '@/lib/runbooks/library'
import { cardAt, otherPartOf } from './part-of'

const runbook = (id: string, title: string, text: string) =>
  compile({ text: `---\nid: ${id}\ntitle: ${title}\n---\n${text}`, file: `runbooks/${id}.md`, catalogue: [] })
    .runbook

const CARD = '### Pods {#pods}\n\n```bash\nkubectl get pods\n```\n'

it('a card of another runbook than the main one is told from the main one’s', () => {
  const board = boardFrom(
    [runbook('shop', 'Shop', `## Shelves\n\n${CARD}`), runbook('ai', 'AI services', CARD)],
    'shop',
  )
  if (!board) throw new Error('There is no board.')
  const at = (path: string) => otherPartOf(board, cardAt(board, path))
  expect(at('/cards/ai-pods')).toMatchObject({ title: 'AI services', file: 'runbooks/ai.md' })
  expect(at('/cards/pods')).toBeUndefined()
  expect(at('/')).toBeUndefined()
})
