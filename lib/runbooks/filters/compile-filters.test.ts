import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '../../operations/catalogue'
import type { View } from '../../verdicts/types'
import { compile } from '../compile'
import type { Step } from '../types'
import { printedText } from './printed'

function compiled(command: string): Step {
  const text = `# Shop\n\n## Common issues\n\n### Pods are sick\n\n\`\`\`bash\n# Look\n${command}\n\`\`\`\n`
  const { runbook } = compile({ text, file: 'shop.md', catalogue: CATALOGUE })
  const [step] = runbook.cards.flatMap((card) => card.steps)
  if (!step) throw new Error('no step')
  return step
}

describe('lines with pipes', () => {
  it.each([
    ['kubectl get pods -n x | wc -l', [['wc', '-l']]],
    [
      'kubectl get pods -n x | sort -k4 -r | head -5',
      [
        ['sort', '-k4', '-r'],
        ['head', '-5'],
      ],
    ],
    ["kubectl get pods -n x | awk '{print $1}'", [['awk', '{print $1}']]],
    [
      "kubectl get pods -n x | grep -E 'Crash|Err.*' | wc -l",
      [
        ['grep', '-E', 'Crash|Err.*'],
        ['wc', '-l'],
      ],
    ],
  ])('%s is typed with its filters', (command, argvs) => {
    const step = compiled(command)
    expect(step).toMatchObject({ kind: 'check', operation: 'kubernetes.pods', params: { namespace: 'x' } })
    expect(step.kind !== 'guide' && step.filters?.map(({ argv }) => argv)).toEqual(argvs)
    expect(step.kind !== 'guide' && step.kubectl).toContain(' | ')
  })

  it('a pipe that the operation understands stays with it', () => {
    const step = compiled('kubectl get pods -n x | grep api')
    expect(step).toMatchObject({ kind: 'check', params: { nameContains: 'api' } })
    expect(step).not.toHaveProperty('filters')
  })

  it.each([
    ['kubectl get pods -n x | xargs rm', /xargs, which does not run here/],
    ['kubectl get pods -n x | sort -M', /sort -M is not understood/],
    ['kubectl rollout restart deployment/api -n x | tail -1', /No operation stands for this/],
  ])('%s is manual', (command, reason) => {
    const step = compiled(command)
    expect(step.kind).toBe('guide')
    expect(step.kind === 'guide' && step.reason).toMatch(reason)
  })
})

describe('what filters read', () => {
  const table: View = {
    type: 'table',
    columns: [
      { key: 'name', label: 'Pod' },
      { key: 'ready', label: 'Ready' },
      { key: 'age', label: 'Age' },
    ],
    rows: [
      { name: { text: 'api-1' }, ready: { text: '1/1' }, age: { text: '5 min' } },
      { name: { text: 'redis-10' }, age: { text: '3 days' } },
    ],
  }

  it('is a table as kubectl prints it where there is no raw text', () => {
    expect(printedText({ raw: [], views: [table] }, [])?.text).toBe(
      'NAME       READY    AGE\napi-1      1/1      5m\nredis-10   <none>   3d\n',
    )
  })

  it('is the raw text where there is some, as JSON for jq', () => {
    const raw = [{ label: 'YAML', text: 'spec:\n  replicas: 2\n', truncatedBytes: 3 }]
    expect(printedText({ raw, views: [table] }, [])).toEqual({ text: raw[0]?.text, cutShort: true })
    const json = printedText({ raw, views: [] }, [{ program: 'jq', argv: ['jq', '.'] }])?.text ?? ''
    expect(JSON.parse(json)).toEqual({ spec: { replicas: 2 } })
    expect(printedText({ raw: [], views: [] }, [])).toBeUndefined()
  })
})
