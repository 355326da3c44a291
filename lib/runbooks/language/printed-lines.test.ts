import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '../../operations/catalogue'
import { compile } from '../compile'

function stepOf(line: string) {
  const text = ['# T', '', '### Card', '', '```bash', line, '```', ''].join('\n')
  const { runbook } = compile({ text, file: 'a.md', catalogue: CATALOGUE })
  const [step] = runbook.cards.flatMap((card) => card.steps)
  if (step?.kind !== 'check') return { reason: step?.kind === 'guide' ? step.reason : step?.kind }
  return {
    prints: step.printed?.operation ?? step.operation,
    words: (step.printed?.params ?? step.params).words,
    filters: step.filters?.map(({ program }) => program),
  }
}

describe('lines of which a pipe reads what kubectl prints', () => {
  it.each([
    ['kubectl get events --sort-by=.lastTimestamp | tail -20', 'kubernetes.read', ['tail']],
    [
      "kubectl get events -A --sort-by='.metadata.creationTimestamp' | grep -i warn | tail",
      'kubernetes.read',
      ['grep', 'tail'],
    ],
    [
      "kubectl get pods -A --sort-by='.status.containerStatuses[0].restartCount' | tail -n 5",
      'kubernetes.read',
      ['tail'],
    ],
    [
      'kubectl get pods -n shop --sort-by={.metadata.name} --no-headers | head -3',
      'kubernetes.read',
      ['head'],
    ],
    [
      'kubectl get nodes -L topology.kubernetes.io/zone,node.kubernetes.io/instance-type | sort -k6',
      'kubernetes.read',
      ['sort'],
    ],
    ['kubectl get nodes --label-columns=team -o wide | awk "{print \\$1}"', 'kubernetes.read', ['awk']],
    ['kubectl top pods | sort --reverse --key 3 --numeric | head -20', 'kubernetes.top', ['sort', 'head']],
    ['kubectl top pods -A --containers --sort-by=memory | head -20', 'kubernetes.top', ['head']],
    ['kubectl top pod web-0 -n shop --no-headers | awk "{print \\$2}"', 'kubernetes.top', ['awk']],
    ['kubectl top nodes --sort-by=cpu | tail -n +2', 'kubernetes.top', ['tail']],
    ['kubectl events -A --types=Warning | tail -20', 'kubernetes.read', ['tail']],
    ['kubectl events --for deployment/web -n shop | grep Scaled', 'kubernetes.read', ['grep']],
    ['kubectl rollout status deployment/web -n shop | grep success', 'kubernetes.progress', ['grep']],
    ['kubectl rollout history deployment/web -n shop | tail -5', 'kubernetes.progress', ['tail']],
    ['kubectl auth can-i list secrets -n shop | grep yes', 'kubernetes.rights', ['grep']],
    ['kubectl api-resources --verbs=list --namespaced -o name | sort', 'kubernetes.served', ['sort']],
    ['kubectl api-resources | grep cert-manager', 'kubernetes.served', ['grep']],
    ['kubectl api-versions | grep metrics', 'kubernetes.served', ['grep']],
  ])('%s', (line, prints, filters) => {
    const step = stepOf(line)
    expect(step).toMatchObject({ prints, filters })
    // Every flag reaches what prints.
    for (const flag of line.split(' | ')[0]?.match(/--[a-z-]+/g) ?? [])
      expect(JSON.stringify(step.words)).toContain(flag)
  })

  it.each([
    'kubectl version | grep Server',
    'kubectl cluster-info | grep running',
    'kubectl explain pods | head',
    'kubectl auth can-i --list | grep pods',
    'kubectl rollout history deployment/web --revision=2 | grep Image',
    'kubectl events -o json | jq .items',
    'kubectl events -w | grep web',
    'kubectl get pods --server-print=false | head',
    'kubectl api-resources --sort-by=group | head',
    // kubectl refuses to sort several tables.
    'kubectl get pods,services --sort-by=.metadata.name | head',
    'kubectl get all --sort-by=.metadata.name | head',
    'kubectl wait --for=condition=Ready pod/web-0 | grep met',
  ])('is left to a person: %s', (line) => {
    expect(stepOf(line)).toEqual({ reason: expect.stringMatching(/words of its own/) })
  })
})

describe('lines that ask for labels, which checks do not show', () => {
  it.each([
    'kubectl get configmap settings -n shop --show-labels',
    'kubectl get pods -n shop --show-labels',
    'kubectl get service web -n shop -L app',
  ])('are read as kubectl prints them, too: %s', (line) => {
    expect(stepOf(line)).toMatchObject({ prints: 'kubernetes.read', filters: undefined })
    expect(stepOf(line.replace(/ (--show-labels|-L app)$/, '')).prints).not.toBe('kubernetes.read')
  })
})
