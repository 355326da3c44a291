import { describe, expect, it } from 'vitest'
import { parseDocument, whyUnread } from './parse-document'

const lines = (...text: string[]) => text.join('\n')

const DOCUMENT = lines(
  '---',
  'id: shop',
  '---',
  '# The shop',
  '',
  '## Common issues',
  '',
  '### 1. Slow answers {#slow}',
  '',
  'Answers take',
  'seconds.',
  '',
  '#### Symptoms',
  '',
  '- Time-outs',
  '- `504` at the *gateway*',
  '',
  '#### Diagnosis',
  '',
  'Look at pods first.',
  '',
  '```bash',
  '# Check pods',
  'kubectl get pods -n shop',
  '',
  '# Ask each part',
  '# They know best.',
  'kubectl get svc web \\',
  '  -n shop \\',
  '  -o yaml',
  'kubectl get svc api -n shop',
  '```',
  '',
  '```json',
  '{"not": "a command"}',
  '```',
  '',
  '### 2. Slow answers',
  '',
  '```sh rule=cors min=60 title="A b"',
  'kubectl get cm settings -n shop',
  '# Phone somebody',
  '# The list hangs on the wall.',
  '```',
)

describe('a document', () => {
  const document = parseDocument(DOCUMENT)
  const [first, second] = document.cards

  it('has a title, groups and cards with an id each', () => {
    expect(document.title).toBe('The shop')
    expect(document.frontMatter).toEqual({ id: 'shop' })
    expect(document.cards.map(({ id, title, group }) => ({ id, title, group }))).toEqual([
      { id: 'slow', title: 'Slow answers', group: 'Common issues' },
      { id: 'slow-answers', title: 'Slow answers', group: 'Common issues' },
    ])
  })

  it('reads purpose and symptoms as plain text', () => {
    expect(first?.purpose).toBe('Answers take seconds.')
    expect(first?.symptoms).toEqual(['Time-outs', '504 at the gateway'])
  })

  it('takes a comment for a title, a second one for a note, and joins continued lines', () => {
    expect(first?.steps).toEqual([
      {
        title: 'Check pods',
        note: 'Look at pods first.',
        section: 'diagnosis',
        line: 23,
        attributes: {},
        commands: [{ line: 24, text: 'kubectl get pods -n shop' }],
      },
      {
        title: 'Ask each part',
        note: 'They know best.',
        section: 'diagnosis',
        line: 26,
        attributes: {},
        attachments: [{ lang: 'json', text: '{"not": "a command"}', line: 35 }],
        commands: [
          { line: 28, text: 'kubectl get svc web -n shop -o yaml' },
          { line: 31, text: 'kubectl get svc api -n shop' },
        ],
      },
    ])
  })

  it('reads attributes of the fence, and keeps a comment without commands', () => {
    expect(second?.steps.map((step) => [step.title, step.commands.length, step.note])).toEqual([
      ['Slow answers', 1, undefined],
      ['Phone somebody', 0, 'The list hangs on the wall.'],
    ])
    expect(second?.steps[0]?.attributes).toEqual({ rule: 'cors', min: '60', title: 'A b' })
  })
})

describe('odd documents', () => {
  it('gives cards of one name different ids', () => {
    const ids = parseDocument(lines('### Redis', '### Redis', '### Redis')).cards.map((card) => card.id)
    expect(ids).toEqual(['redis', 'redis-2', 'redis-3'])
  })

  it('opens a card for commands that stand under no heading', () => {
    const document = parseDocument(lines('```bash', 'kubectl get pods', '```'))
    expect(document.cards.map((card) => [card.title, card.steps.length])).toEqual([['Commands', 1]])
  })

  it('reads line ends of Windows', () => {
    const document = parseDocument('### A\r\n\r\n```bash\r\nkubectl get pods \\\r\n  -A\r\n```\r\n')
    expect(document.cards[0]?.steps[0]?.commands).toEqual([{ line: 4, text: 'kubectl get pods -A' }])
  })

  it('says what is wrong with front matter instead of dropping it', () => {
    expect(parseDocument(lines('---', 'placeholders: {a: [', '---', '# T')).frontMatterError).toMatch(
      /not valid YAML/,
    )
    expect(parseDocument(lines('---', '- a list', '---', '# T')).frontMatterError).toMatch(/no map/)
    expect(parseDocument(lines('---', '---', '# T')).frontMatterError).toBeUndefined()
  })

  it('does not expand aliases without bound', () => {
    const bomb = lines(
      '---',
      'a: &a [x,x,x,x,x,x,x,x,x]',
      'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]',
      'c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]',
      'd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]',
      '---',
    )
    expect(parseDocument(bomb).frontMatterError).toMatch(/not valid YAML/)
  })

  it('reads on after a paragraph of stars, which a Markdown parser would take minutes for', () => {
    const document = parseDocument(lines('### A', '*a_'.repeat(20_000), '', '```', 'kubectl get pods', '```'))
    expect(document.cards[0]?.steps[0]?.commands).toEqual([{ line: 5, text: 'kubectl get pods' }])
  })

  it('refuses more than fifty thousand lines, and says so', () => {
    const text = '### A\n'.repeat(50_001)
    expect(parseDocument(text).cards).toEqual([])
    expect(whyUnread(text)).toBe('The document has more than 50,000 lines.')
  })

  it('refuses what is larger than 4 MiB', () => {
    expect(parseDocument(`### A\n${'x'.repeat(4 << 20)}`).cards).toEqual([])
  })
})
