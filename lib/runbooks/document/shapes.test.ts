import { describe, expect, it } from 'vitest'
import { parseDocument } from '../parse-document'

const lines = (...text: string[]) => text.join('\n')
const fence = (...code: string[]) => lines('', '```bash', ...code, '```', '')

const ALERT = lines(
  '# WebPodsMissing',
  '',
  '## Meaning',
  '',
  'Fewer than *half* of the pods answer.',
  '',
  'More on this elsewhere.',
  '',
  '## Impact',
  '',
  'Orders are lost.',
  '',
  '## Symptoms',
  '',
  '- Time-outs',
  '  - at night above all',
  '- `503`',
  '',
  '## Possible checks',
  '',
  '1. Look at the pods:',
  '',
  '   ```bash',
  '   kubectl get pods -n shop',
  '   ```',
  '',
  '### Is it the node?',
  fence('kubectl get nodes'),
  '## Solution(s)',
  '',
  '**Restart it**',
  fence('kubectl rollout restart deploy/web -n shop'),
)

describe('one file for an alert', () => {
  const document = parseDocument(ALERT)
  const [card] = document.cards

  it('is one card, named after the alert', () => {
    expect(document.cards.map((one) => [one.id, one.title])).toEqual([['webpodsmissing', 'WebPodsMissing']])
  })

  it('tells what the alert means, what it costs, and how it shows', () => {
    expect(card?.purpose).toBe('Fewer than half of the pods answer. Orders are lost.')
    expect(card?.symptoms).toEqual(['Time-outs at night above all', '503'])
  })

  it('names steps after their sentence, their heading or their line in bold, and knows their section', () => {
    expect(card?.steps.map((step) => [step.title, step.section, step.commands[0]?.line])).toEqual([
      ['Look at the pods', 'diagnosis', 24],
      ['Is it the node?', 'diagnosis', 30],
      ['Restart it', 'mitigation', 38],
    ])
  })

  it('takes its name from front matter when it has no H1', () => {
    const text = lines('---', 'title: DiskFull', '---', '## Diagnosis', fence('kubectl get pv'))
    expect(parseDocument(text).cards.map((one) => one.title)).toEqual(['DiskFull'])
  })

  it.each([
    'DIAGNOSTIC STEPS',
    '1. Investigation',
    'Diagnosis and mitigation',
    'Root cause analysis',
    'Workaround',
    'Remediation steps:',
    '🔧 Resolution',
    'Verify the fix',
    'Recommended actions',
  ])('knows "%s" for a part of it', (title) => {
    const document = parseDocument(
      lines('# A', '## Meaning', 'It hurts.', `## ${title}`, fence('kubectl get pods')),
    )
    expect(document.cards.map((one) => [one.title, one.steps[0]?.section !== undefined])).toEqual([
      ['A', true],
    ])
  })

  it('learns the words of other languages from front matter, and says which part does not exist', () => {
    const front = (name: string) => lines('---', `headings: {diagnosis: [Diagnose], ${name}: Abhilfe}`, '---')
    const body = lines(
      '# Netz',
      '## Diagnose',
      fence('kubectl get ds'),
      '## Abhilfe',
      fence('kubectl get cm'),
    )
    const document = parseDocument(lines(front('mitigation'), body))
    expect(document.cards.map((one) => one.steps.map((step) => step.section))).toEqual([
      ['diagnosis', 'mitigation'],
    ])
    expect(parseDocument(lines(front('repairs'), body)).frontMatterError).toContain('repairs')
  })
})

describe('other shapes', () => {
  it('makes each H2 a card when their headings are the parts of alerts', () => {
    const alert = (name: string) =>
      lines(
        `## ${name}`,
        '### Diagnosis',
        fence('kubectl get pods'),
        '### Mitigation',
        fence('kubectl get cm'),
      )
    const document = parseDocument(lines('# Shop', '## References', '', alert('WebDown'), alert('DbDown')))
    expect(document.cards.map((one) => [one.title, one.group, one.steps.length])).toEqual([
      ['WebDown', 'Shop', 2],
      ['DbDown', 'Shop', 2],
    ])
  })

  it('keeps groups and cards where the parts stand below H3, whatever a group is called', () => {
    const card = (name: string) =>
      lines(`### ${name}`, '#### Symptoms', '- slow', '#### Diagnosis', fence('kubectl get po'))
    const document = parseDocument(
      lines('# T', '## Troubleshooting', card('Web'), card('Db'), '## References'),
    )
    expect(document.cards.map((one) => [one.title, one.group])).toEqual([
      ['Web', 'Troubleshooting'],
      ['Db', 'Troubleshooting'],
    ])
  })
})

describe('front matter', () => {
  const body = lines('## Diagnosis', fence('kubectl get pods'))
  it.each([
    ['YAML', lines('---', 'title: A', '---', '')],
    ['TOML', lines('+++', 'title = "A"', '+++', '')],
    ['JSON', lines('{', '  "title": "A"', '}', '')],
  ])('is read as %s, and lines are still counted from the start of the file', (_, front) => {
    const document = parseDocument(front + body)
    expect(document.frontMatter).toEqual({ title: 'A' })
    expect(document.cards[0]?.steps[0]?.commands[0]?.line).toBe(7)
  })

  it.each([
    ['TOML', lines('+++', 'title = ', '+++')],
    ['JSON', lines('{"title": }', '')],
  ])('that is no valid %s is told', (name, front) => {
    expect(parseDocument(lines(front, body)).frontMatterError).toContain(`not valid ${name}`)
  })
})

describe('commands within sentences', () => {
  const commands = (...text: string[]) =>
    parseDocument(lines('# A', '## Meaning', 'X.', '## Diagnosis', ...text)).cards[0]?.steps.flatMap(
      (step) => step.commands,
    )

  it('are read where the sentence says to run them', () => {
    expect(
      commands('Look first,', 'then run `kubectl describe node <node>`.', '', '- `oc get pods -n a`'),
    ).toEqual([
      { line: 6, text: 'kubectl describe node <node>', inline: true },
      { line: 8, text: 'oc get pods -n a', inline: true },
    ])
  })

  it('are not read where it warns of them, mentions them, or stands under another heading', () => {
    expect(
      commands('Do not run `kubectl delete node a`.', '', 'Someone ran `kubectl delete pod a`.'),
    ).toEqual([])
    expect(commands('Run `kubectl get`.', '', '## References', 'Run `kubectl get pods -A`.')).toEqual([])
  })
})
