import { describe, expect, it } from 'vitest'
import type { FixRun, StepResult } from '@/lib/engine/types'
import type { ConsoleView } from '@/lib/loaders/types'
import type { Verdict } from '@/lib/verdicts/types'
import { applyEvent, markRunning } from './apply-event'

const step = (stepId: string, verdict: Verdict, finishedAt: string): StepResult => ({
  stepId,
  cardId: stepId.split('/')[0] ?? '',
  result: { verdict, summary: `${stepId} ${verdict}`, findings: [], views: [], raw: [] },
  startedAt: finishedAt,
  finishedAt,
  ms: 5,
  by: 'Rami Responder',
  runId: `run-${stepId}`,
})

const view = (): ConsoleView => ({
  actor: { id: 'a', name: 'Rami Responder', email: 'rami@example.com', role: 'responder' },
  cluster: { name: 'practice', practice: true },
  runbook: { id: 'r', title: 'Runbook', file: 'runbooks/r.md', version: '0', cards: [] },
  board: {
    cards: [{ cardId: 'pods', verdict: 'unchecked', summary: '', suggests: [] }],
    steps: [],
    runningStepIds: [],
  },
  runningFixes: [],
  pendingApprovals: 0,
})

describe('applyEvent', () => {
  it('shows the worst step of a card while results stream in', () => {
    let now = applyEvent(view(), {
      type: 'check-started',
      stepIds: ['pods/a', 'pods/b'],
      sweepId: 's',
      at: '2026-01-01T00:00:00Z',
    })
    expect(now.board.runningStepIds).toEqual(['pods/a', 'pods/b'])
    now = applyEvent(now, {
      type: 'check-finished',
      step: step('pods/a', 'fail', '2026-01-01T00:00:01Z'),
    })
    now = applyEvent(now, {
      type: 'check-finished',
      step: step('pods/b', 'pass', '2026-01-01T00:00:02Z'),
    })
    expect(now.board.runningStepIds).toEqual([])
    expect(now.board.cards[0]).toMatchObject({
      verdict: 'fail',
      summary: 'pods/a fail',
      checkedAt: '2026-01-01T00:00:02Z',
    })
  })

  it('does not call a card healthy while some of its checks still run', () => {
    let now = applyEvent(view(), {
      type: 'check-started',
      stepIds: ['pods/a', 'pods/b'],
      sweepId: 's',
      at: '2026-01-01T00:00:00Z',
    })
    now = applyEvent(now, {
      type: 'check-finished',
      step: step('pods/a', 'pass', '2026-01-01T00:00:01Z'),
    })
    expect(now.board.cards[0]?.verdict).toBe('unchecked')
    now = applyEvent(now, {
      type: 'check-finished',
      step: step('pods/b', 'pass', '2026-01-01T00:00:02Z'),
    })
    expect(now.board.cards[0]?.verdict).toBe('pass')
  })

  it('puts unknown before warn and never into healthy', () => {
    let now = applyEvent(view(), {
      type: 'check-finished',
      step: step('pods/a', 'unknown', '2026-01-01T00:00:01Z'),
    })
    now = applyEvent(now, {
      type: 'check-finished',
      step: step('pods/b', 'warn', '2026-01-01T00:00:01Z'),
    })
    expect(now.board.cards[0]?.verdict).toBe('unknown')
  })

  it('takes the checks of the whole board as started when everything is checked', () => {
    const now = view()
    const kinds = [
      ['pods/a', 'check'],
      ['pods/b', 'fix'],
      ['disk/c', 'check'],
    ] as const
    now.runbook.cards = kinds.map(([id, kind]) => ({ id, steps: [{ id, kind }] })) as never
    const event = { type: 'check-started', stepIds: 'all', sweepId: 's', at: '' } as const
    expect(applyEvent(now, event).board.runningStepIds).toEqual(['pods/a', 'disk/c'])
  })

  it('ignores a result older than the one it has', () => {
    const first = applyEvent(view(), {
      type: 'check-finished',
      step: step('pods/a', 'fail', '2026-01-01T00:00:09Z'),
    })
    const second = applyEvent(first, {
      type: 'check-finished',
      step: step('pods/a', 'pass', '2026-01-01T00:00:01Z'),
    })
    expect(second.board.cards[0]?.verdict).toBe('fail')
  })

  it('keeps running fixes and lets go of ended ones', () => {
    const run = { id: 'f1', state: 'executing' } as FixRun
    const running = applyEvent(view(), { type: 'fix', run })
    expect(running.runningFixes).toHaveLength(1)
    expect(
      applyEvent(running, { type: 'fix', run: { ...run, state: 'verified' } }).runningFixes,
    ).toHaveLength(0)
  })

  it('marks and unmarks what a press started', () => {
    const marked = markRunning(view(), ['pods/a'], true)
    expect(marked.board.runningStepIds).toEqual(['pods/a'])
    expect(markRunning(marked, ['pods/a'], false).board.runningStepIds).toEqual([])
  })
})
