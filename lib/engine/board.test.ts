import { describe, expect, it } from 'vitest'
import type { BoundStep, Card, Runbook } from '../runbooks/types'
import { conclude } from '../verdicts/conclude'
import type { Finding, Remedy, Severity } from '../verdicts/types'
import { boardOf, cardStates, likelyCause } from './board'
import type { StepResult } from './types'

function step(id: string, operation = 'kubernetes.pods', params: BoundStep['params'] = {}): BoundStep {
  return {
    id,
    cardId: id.split('/')[0] ?? '',
    title: id,
    commands: [],
    source: { file: 'a.md', line: 1 },
    warnings: [],
    kind: operation === 'kubernetes.pods' ? 'check' : 'fix',
    operation,
    params,
    inputs: [],
    kubectl: '',
  }
}

function card(id: string, ...steps: BoundStep[]): Card {
  return { id, title: id.toUpperCase(), purpose: '', symptoms: [], group: '', steps, position: 1 }
}

const RESTART: Remedy = { operation: 'kubernetes.rollout-restart', params: { workload: 'deployment/web' } }
const RUNBOOK: Runbook = {
  id: 'shop',
  title: 'Shop',
  file: 'a.md',
  version: 'x',
  cards: [
    card(
      'web',
      step('web/look'),
      step('web/restart', RESTART.operation, { workload: 'deployment/web', namespace: 'shop' }),
    ),
    card('db', step('db/look'), step('db/end', 'postgres.terminate-idle')),
    card('gate', step('gate/look')),
  ],
}

function finding(
  code: string,
  severity: Severity,
  explainedBy: string[] = [],
  remedies: Remedy[] = [],
): Finding {
  return {
    code,
    severity,
    title: `${code} it is`,
    evidence: [],
    remedies,
    ...(explainedBy.length ? { explainedBy } : {}),
  }
}

function result(stepId: string, findings: Finding[] = [], finishedAt = '2026-03-01T12:00:00Z'): StepResult {
  return {
    stepId,
    cardId: stepId.split('/')[0] ?? '',
    result: conclude({ findings, healthy: `${stepId} is well`, figure: '3 of 3' }),
    startedAt: finishedAt,
    finishedAt,
    ms: 1,
    by: 'somebody',
    runId: 'r',
  }
}

const states = (...results: StepResult[]) =>
  Object.fromEntries(cardStates(RUNBOOK, results).map((one) => [one.cardId, one]))
const cause = (...results: StepResult[]) => likelyCause(RUNBOOK, results)

describe('a card', () => {
  it('is unchecked until something looked, and never healthy by default', () => {
    expect(states().web).toMatchObject({ verdict: 'unchecked', summary: 'Not checked yet', suggests: [] })
  })

  it('takes the worst verdict of its steps and the worst finding’s sentence', () => {
    const { web } = states(
      result('web/look', [finding('a', 'warn')]),
      result('web/other', [finding('b', 'fail')], '2026-03-01T12:00:09Z'),
      result('web/third'),
    )
    expect(web).toMatchObject({ verdict: 'fail', summary: 'b it is', checkedAt: '2026-03-01T12:00:09Z' })
  })

  it('of which only some checks were made is not called healthy', () => {
    const runbook = { ...RUNBOOK, cards: [card('web', step('web/look'), step('web/other'))] }
    const stateOf = (...results: StepResult[]) => cardStates(runbook, results)[0]
    expect(stateOf(result('web/look'))).toMatchObject({
      verdict: 'unchecked',
      summary: '1 of 2 checks made',
    })
    expect(stateOf(result('web/look', [finding('a', 'warn')]))?.verdict).toBe('warn')
    expect(stateOf(result('web/look', [], '2026-03-01T09:00:00Z'), result('web/other'))).toMatchObject({
      verdict: 'pass',
      checkedAt: '2026-03-01T12:00:00Z',
      oldestAt: '2026-03-01T09:00:00Z',
    })
  })

  it('is not healthy while checks ask for a value, and an answer counts for a quarter of an hour', () => {
    const asks: BoundStep = {
      ...step('web/one-pod'),
      inputs: [{ name: 'pod', label: 'Pod', type: 'text', required: true }],
    }
    const runbook = { ...RUNBOOK, cards: [card('web', step('web/look'), asks)] }
    const look = (now: string, ...results: StepResult[]) => boardOf({ runbook, results, now: new Date(now) })
    const [noon, later] = ['2026-03-01T12:01:00Z', '2026-03-01T12:30:00Z']
    expect(look(noon, result('web/look')).cards[0]).toMatchObject({
      verdict: 'unchecked',
      summary: '1 of 2 checks made, 1 asks for a value',
    })
    expect(look(noon, result('web/look'), result('web/one-pod')).cards[0]?.verdict).toBe('pass')
    const asked = result('web/one-pod', [finding('a', 'fail')])
    const again = result('web/look', [], noon)
    expect(look(noon, again, asked).cards[0]?.verdict).toBe('fail')
    expect(look(noon, again, asked).cause, 'what somebody asked about by name leads no board').toBeUndefined()
    expect(look(later, again, asked).cards[0]?.verdict).toBe('unchecked')
  })

  it('that could not be looked at is unknown, also beside a healthy step and a warning', () => {
    expect(states(result('web/look', [finding('a', 'unknown')]), result('web/other')).web?.verdict).toBe(
      'unknown',
    )
    expect(states(result('web/look', [finding('a', 'unknown'), finding('b', 'warn')])).web?.verdict).toBe(
      'unknown',
    )
  })

  it('that is well says so, shows figures, and suggests nothing', () => {
    const { web } = states(
      result('web/look', [finding('a', 'info', [], [RESTART])]),
      result('web/b'),
      result('web/c'),
    )
    expect(web).toMatchObject({
      verdict: 'pass',
      summary: 'web/look is well',
      figure: '3 of 3 · 3 of 3',
      suggests: [],
    })
  })

  it('names the card whose finding explains its own', () => {
    const { gate, db } = states(
      result('gate/look', [finding('gate.empty', 'fail', ['db.full'])]),
      result('db/look', [finding('db.full', 'fail', [], [{ operation: 'postgres.terminate-idle' }])]),
    )
    expect(gate).toMatchObject({ explainedBy: { cardId: 'db', title: 'DB' }, suggests: ['db/end'] })
    expect(db).not.toHaveProperty('explainedBy')
  })

  it('is not explained by something that was not found, or that is only information', () => {
    expect(states(result('gate/look', [finding('gate.empty', 'fail', ['db.full'])])).gate).not.toHaveProperty(
      'explainedBy',
    )
    expect(
      states(
        result('gate/look', [finding('gate.empty', 'fail', ['db.full'])]),
        result('db/look', [finding('db.full', 'info')]),
      ).gate,
    ).not.toHaveProperty('explainedBy')
  })

  it('shows what stands on its own before what is explained elsewhere', () => {
    const { web } = states(
      result('web/look', [finding('web.down', 'fail', ['db.full']), finding('web.own', 'fail')]),
      result('db/look', [finding('db.full', 'fail')]),
    )
    expect(web?.summary).toBe('web.own it is')
  })
})

describe('the likely cause', () => {
  it('is the root of a chain over several cards', () => {
    const found = cause(
      result('gate/look', [finding('gate.empty', 'fail', ['web.down'])]),
      result('web/look', [finding('web.down', 'fail', ['db.full'])]),
      result('db/look', [finding('db.full', 'warn', [], [{ operation: 'postgres.terminate-idle' }])]),
    )
    expect(found).toMatchObject({
      cardId: 'db',
      stepId: 'db/look',
      code: 'db.full',
      explains: 3,
      of: 3,
      suggests: ['db/end'],
    })
  })

  it('is the only finding when there is one', () => {
    expect(cause(result('web/look', [finding('web.down', 'fail')]))).toMatchObject({
      code: 'web.down',
      explains: 1,
      of: 1,
    })
  })

  it('is none when findings have nothing to do with each other', () => {
    expect(
      cause(result('web/look', [finding('a', 'fail')]), result('db/look', [finding('b', 'fail')])),
    ).toBeUndefined()
  })

  it('is none when all is well, and none of what could not be looked at', () => {
    expect(cause(result('web/look'))).toBeUndefined()
    expect(
      cause(result('web/look', [finding('a', 'unknown')]), result('db/look', [finding('b', 'info')])),
    ).toBeUndefined()
  })

  it('joins findings that one fix would cure', () => {
    const found = cause(
      result('web/look', [finding('web.slow', 'warn', [], [RESTART])]),
      result('gate/look', [finding('web.stale', 'fail', [], [RESTART])]),
    )
    expect(found).toMatchObject({ code: 'web.stale', explains: 2, of: 2, suggests: ['web/restart'] })
  })

  it('ends when findings explain each other in a circle', () => {
    const circle = [
      result('web/look', [finding('a', 'fail', ['b'])]),
      result('db/look', [finding('b', 'fail', ['c'])]),
      result('gate/look', [finding('c', 'fail', ['a'])]),
    ]
    expect(() => cause(...circle)).not.toThrow()
    expect(states(...circle).web?.verdict).toBe('fail')
    expect(cause(result('web/look', [finding('a', 'fail', ['a'])]))).toMatchObject({ code: 'a', explains: 1 })
  })

  it('is the one that explains most, when two explain some', () => {
    const found = cause(
      result('web/look', [
        finding('x', 'fail', ['big']),
        finding('y', 'fail', ['big']),
        finding('small', 'fail'),
      ]),
      result('db/look', [finding('big', 'warn')]),
      result('gate/look', [finding('z', 'fail', ['small'])]),
    )
    expect(found).toMatchObject({ code: 'big', explains: 3, of: 5 })
  })
})

describe('the board', () => {
  it('leaves out results of steps that the runbook has no more', () => {
    const board = boardOf({
      runbook: RUNBOOK,
      results: [result('web/gone', [finding('a', 'fail')]), result('db/look')],
    })
    expect(board.steps.map((one) => one.stepId)).toEqual(['db/look'])
    expect(board.cards.map((one) => one.verdict)).toEqual(['unchecked', 'pass', 'unchecked'])
    expect(board).not.toHaveProperty('cause')
  })
})
