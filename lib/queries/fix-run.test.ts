import { expect, it } from 'vitest'
import type { FixMoment, FixRun, FixState } from '@/lib/engine/types'
import { laterRun } from './fix-run'

const run = (state: FixState, moments: number) =>
  ({ id: 'f', state, moments: Array.from({ length: moments }, () => ({}) as FixMoment) }) as FixRun

it.each<[FixState, number, FixState, number, 'known' | 'arriving']>([
  ['verified', 5, 'verifying', 4, 'known'],
  ['verifying', 4, 'verified', 5, 'arriving'],
  ['verifying', 4, 'verifying', 3, 'known'],
  ['verifying', 3, 'verifying', 3, 'arriving'],
  ['unknown', 5, 'succeeded', 6, 'arriving'],
])('known %s with %i moments, arriving %s with %i: the %s one stays', (a, n, b, m, wins) => {
  const known = run(a, n)
  const arriving = run(b, m)
  expect(laterRun(known, arriving)).toBe(wins === 'known' ? known : arriving)
})
