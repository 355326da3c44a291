import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '../operations/catalogue'
import { lintRunbook } from './lint'

const lint = (text: string) => lintRunbook({ text, file: 'a.md', catalogue: CATALOGUE })

describe('lint', () => {
  it('accounts for every command line, in the order of the file', () => {
    const report = lint(
      [
        '# T',
        '### Second',
        '```bash',
        '# A step',
        'kubectl get pods -n shop',
        'helm rollback web',
        'kubectl logs \\',
        '  deploy/web -n shop',
        '```',
      ].join('\n'),
    )
    expect(report.summary).toEqual({ commandLines: 3, typed: 2, manual: 1 })
    expect(
      report.lines.map(({ line, text, outcome, operation }) => [line, text, outcome, operation]),
    ).toEqual([
      [5, 'kubectl get pods -n shop', 'typed', 'kubernetes.pods'],
      [6, 'helm rollback web', 'manual', null],
      [7, 'kubectl logs deploy/web -n shop', 'typed', 'kubernetes.logs'],
    ])
    expect(report.lines[1]?.reason).toMatch(/^helm manages packages/)
    expect(report.lines[0]?.reason).toBeNull()
  })

  it('counts nothing that is not a command', () => {
    const text = [
      '# T',
      '### A',
      'Type `kubectl get pods`.',
      '```yaml',
      'kind: Pod',
      '```',
      '```bash',
      '# only words',
      '```',
    ]
    expect(lint(text.join('\n')).summary).toEqual({ commandLines: 0, typed: 0, manual: 0 })
  })

  it('says so when the document is too large to be read', () => {
    const report = lint(`### A\n${'x'.repeat(4 << 20)}`)
    expect(report.summary).toMatchObject({ manual: 1 })
    expect(report.lines[0]?.reason).toBe('The document is larger than 4 MiB.')
  })

  it('holds an empty document', () => {
    expect(lint('')).toEqual({ summary: { commandLines: 0, typed: 0, manual: 0 }, lines: [] })
  })
})
