import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '../../operations/catalogue'
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
    // The check shows pods in its own way; the pipe reads kubectl's table.
    expect(step).toMatchObject({
      printed: { operation: 'kubernetes.read', params: { words: ['get', 'pods', '-n', 'x'] } },
    })
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
  const check: Parameters<typeof printedText>[0] = { raw: [], verdict: 'pass', summary: 'All is well' }

  it('is what the check printed, which may be nothing', () => {
    const raw = [{ label: 'YAML', text: 'replicas: 2', truncatedBytes: 3 }]
    expect(printedText({ ...check, raw })).toEqual({ text: 'replicas: 2', cutShort: true })
    const two = [...raw, { label: 'Next', text: 'b\n', truncatedBytes: 0 }]
    expect(printedText({ ...check, raw: two })).toMatchObject({ text: 'replicas: 2\nb\n' })
    expect(printedText(check)).toEqual({ text: '', cutShort: false })
  })

  it('is not an empty text where nobody could look or print', () => {
    expect(printedText({ ...check, verdict: 'unknown', summary: 'Could not look' })).toEqual({
      failed: 'Could not look',
    })
    const raw = [{ label: 'Not printed: no table', text: '', truncatedBytes: 0, failed: true as const }]
    expect(printedText({ ...check, raw })).toEqual({ failed: 'Not printed: no table' })
  })
})
