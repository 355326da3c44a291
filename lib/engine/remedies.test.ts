import { describe, expect, it } from 'vitest'
import type { Json } from '../operations/types'
import type { BoundStep, GuideStep, Runbook, Step } from '../runbooks/types'
import type { Finding, Remedy } from '../verdicts/types'
import { answers, suggestedSteps } from './remedies'

function fix(id: string, operation: string, params: { [key: string]: Json } = {}): BoundStep {
  return {
    id,
    cardId: id.split('/')[0] ?? '',
    title: id,
    commands: [],
    source: { file: 'a.md', line: 1 },
    warnings: [],
    kind: 'fix',
    operation,
    params,
    inputs: [],
    kubectl: '',
  }
}

const WEB = { namespace: 'shop', workload: 'deployment/web' }
const guide: GuideStep = { ...fix('a/think', ''), kind: 'guide', reason: 'A person does this.' }

function runbook(cards: Record<string, Step[]>): Runbook {
  return {
    id: 'x',
    title: 'x',
    file: 'a.md',
    version: '',
    cards: Object.entries(cards).map(([id, steps], position) => ({
      id,
      title: id,
      purpose: '',
      symptoms: [],
      group: '',
      steps,
      position,
    })),
  }
}

const needs = (...remedies: Remedy[]): Finding => ({
  severity: 'fail',
  code: 'x',
  title: 'x',
  evidence: [],
  remedies,
})

describe('a step answers a remedy', () => {
  const restart = fix('web/restart', 'kubernetes.rollout-restart', WEB)

  it('by operation, and by each parameter that is named', () => {
    expect(answers(restart, { operation: 'kubernetes.rollout-restart' })).toBe(true)
    expect(answers(restart, { operation: 'kubernetes.rollout-restart', params: WEB })).toBe(true)
    expect(
      answers(restart, { operation: 'kubernetes.rollout-restart', params: { workload: 'deployment/db' } }),
    ).toBe(false)
    expect(answers(restart, { operation: 'kubernetes.rollout-undo' })).toBe(false)
  })

  it('whatever a parameter is that the finding does not know', () => {
    expect(
      answers(restart, { operation: 'kubernetes.rollout-restart', params: { workload: undefined } }),
    ).toBe(true)
  })

  it('of settings by the keys it sets', () => {
    const edit = fix('web/pool', 'kubernetes.edit-configmap', {
      name: 'settings',
      data: { DB_POOL_SIZE: '<size>' },
    })
    const remedy = (key: string) => ({ operation: 'kubernetes.edit-configmap', params: { key } })
    expect(answers(edit, remedy('DB_POOL_SIZE'))).toBe(true)
    expect(answers(edit, remedy('JWT_TTL_SECONDS'))).toBe(false)
    expect(answers(fix('web/key', 'kubernetes.edit-configmap', { key: 'A' }), remedy('A'))).toBe(true)
  })

  it('only when it is a fix', () => {
    expect(answers(guide, { operation: '' })).toBe(false)
    expect(answers({ ...restart, kind: 'check' }, { operation: restart.operation })).toBe(false)
  })
})

describe('suggested steps', () => {
  const restart: Remedy = { operation: 'kubernetes.rollout-restart', params: { workload: 'deployment/web' } }
  const book = runbook({
    web: [fix('web/restart', restart.operation, WEB), fix('web/undo', 'kubernetes.rollout-undo', WEB)],
    gate: [guide, fix('gate/restart', restart.operation, WEB), fix('gate/reload', 'kong.reload')],
  })

  it('are those of the same card before others', () => {
    expect(suggestedSteps(book, 'web', [needs(restart)])).toEqual(['web/restart'])
    expect(suggestedSteps(book, 'gate', [needs(restart)])).toEqual(['gate/restart'])
  })

  it('come from other cards when the card has none', () => {
    expect(suggestedSteps(book, 'gate', [needs({ operation: 'kubernetes.rollout-undo' })])).toEqual([
      'web/undo',
    ])
  })

  it('follow the order of findings and remedies, each act once', () => {
    const findings = [
      needs({ operation: 'kong.reload' }, restart),
      needs(restart, { operation: 'kubernetes.rollout-undo' }),
    ]
    expect(suggestedSteps(book, 'web', findings)).toEqual(['gate/reload', 'web/restart', 'web/undo'])
    expect(suggestedSteps(book, 'web', findings, 2)).toEqual(['gate/reload', 'web/restart'])
  })

  it('are none when the runbook has no such fix', () => {
    expect(suggestedSteps(book, 'web', [needs({ operation: 'redis.flush' })])).toEqual([])
    expect(suggestedSteps(book, 'web', [])).toEqual([])
  })
})
