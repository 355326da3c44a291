import { describe, expect, it } from 'vitest'
import type { BoundStep, Runbook } from '@/lib/runbooks/types'
import type { Finding, Remedy } from '@/lib/verdicts/types'
import { remediesFor, stepsById } from './remedies'

const fix = (id: string, operation: string, params: BoundStep['params']): BoundStep => ({
  id,
  cardId: id.split('/')[0] ?? '',
  title: id,
  kind: 'fix',
  operation,
  params,
  inputs: [],
  kubectl: '',
  commands: [],
  source: { file: 'r.md', line: 1 },
  warnings: [],
})

const restart = (card: string, workload: string) =>
  fix(`${card}/restart`, 'kubernetes.rollout-restart', { namespace: 'n', workload })

const runbook: Runbook = {
  id: 'r',
  title: 'R',
  file: 'r.md',
  version: '0',
  cards: ['a', 'b'].map((id, index) => ({
    id,
    title: id,
    purpose: '',
    symptoms: [],
    group: 'g',
    position: index + 1,
    steps:
      id === 'a'
        ? [restart('a', 'deployment/api')]
        : [
            restart('b', 'deployment/api'),
            fix('b/kong', 'kubernetes.rollout-restart', { workload: 'deployment/kong' }),
            fix('b/pool', 'kubernetes.edit-configmap', { name: 'config', data: { DB_POOL_SIZE: '20' } }),
          ],
  })),
}

const finding = (...remedies: Remedy[]): Finding => ({
  severity: 'fail',
  code: 'x',
  title: 'X',
  evidence: [],
  remedies,
})

describe('remediesFor', () => {
  it('prefers the fix of the same card', () => {
    const remedy = { operation: 'kubernetes.rollout-restart', params: { workload: 'deployment/api' } }
    expect(remediesFor(finding(remedy), runbook, 'b').map((step) => step.id)).toEqual(['b/restart'])
    expect(remediesFor(finding(remedy), runbook, 'a').map((step) => step.id)).toEqual(['a/restart'])
  })

  it('wants every named parameter to agree', () => {
    const remedy = { operation: 'kubernetes.rollout-restart', params: { workload: 'deployment/other' } }
    expect(remediesFor(finding(remedy), runbook, 'a')).toEqual([])
  })

  it('finds the edit that sets a key, and names a fix once', () => {
    const key = { operation: 'kubernetes.edit-configmap', params: { key: 'DB_POOL_SIZE' } }
    expect(remediesFor(finding(key, key), runbook, 'a').map((step) => step.id)).toEqual(['b/pool'])
    const other = { operation: 'kubernetes.edit-configmap', params: { key: 'CACHE_TTL_SECONDS' } }
    expect(remediesFor(finding(other), runbook, 'a')).toEqual([])
  })

  it('keeps the order of ids and drops those that do not exist', () => {
    expect(stepsById(runbook, ['b/pool', 'nope', 'a/restart']).map((step) => step.id)).toEqual([
      'b/pool',
      'a/restart',
    ])
  })
})
