import { describe, expect, it } from 'vitest'
import type { BoardState, CardState } from '@/lib/engine/types'
import type { Card, Runbook } from '@/lib/runbooks/types'
import { sortBoard } from './sort-cards'

const card = (id: string, position: number, kind: 'check' | 'guide' = 'check') =>
  ({
    id,
    title: id,
    purpose: '',
    symptoms: [],
    group: '',
    position,
    steps: [{ id: `${id}/s`, kind, inputs: [] }],
  }) as unknown as Card

const runbook = { cards: [] as Card[] } as Runbook
const state = (cardId: string, verdict: CardState['verdict'], explainedBy?: string): CardState => ({
  cardId,
  verdict,
  summary: '',
  suggests: [],
  ...(explainedBy ? { explainedBy: { cardId: explainedBy, title: explainedBy } } : {}),
})
const board = (...cards: CardState[]): BoardState => ({ cards, steps: [], runningStepIds: [] })
const ids = (list: { card: Card }[]) => list.map((one) => one.card.id)
const of = (...cards: Card[]): Runbook => ({ ...runbook, cards })

describe('sortBoard', () => {
  it('puts the worst first and what they explain below them', () => {
    const sorted = sortBoard(
      of(card('a', 1), card('b', 2), card('c', 3), card('d', 4)),
      board(state('a', 'warn', 'c'), state('b', 'unknown'), state('c', 'fail'), state('d', 'pass')),
    )
    expect(ids(sorted.attention)).toEqual(['c', 'a', 'b'])
    expect(ids(sorted.healthy)).toEqual(['d'])
  })

  it('shows cards that name each other', () => {
    const sorted = sortBoard(
      of(card('a', 1), card('b', 2)),
      board(state('a', 'fail', 'b'), state('b', 'fail', 'a')),
    )
    expect(ids(sorted.attention).sort()).toEqual(['a', 'b'])
  })

  it('never counts the unchecked as healthy, and keeps procedures apart', () => {
    const sorted = sortBoard(of(card('a', 1), card('b', 2, 'guide')), board())
    expect(ids(sorted.unchecked)).toEqual(['a'])
    expect(ids(sorted.procedures)).toEqual(['b'])
    expect(sorted.healthy).toEqual([])
  })

  it('names the cause before other failures', () => {
    const sorted = sortBoard(of(card('a', 1), card('b', 2)), {
      ...board(state('a', 'fail'), state('b', 'fail')),
      cause: { cardId: 'b', stepId: 'b/s', code: 'x', title: 'X', explains: 1, of: 2, suggests: [] },
    })
    expect(ids(sorted.attention)).toEqual(['b', 'a'])
  })
})
