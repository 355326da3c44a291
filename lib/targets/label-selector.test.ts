import { expect, it } from 'vitest'
import { selects } from './label-selector'

const labels = { app: 'web', tier: 'front' }

it.each([
  [{ matchLabels: { app: 'web' } }, true],
  [{ matchLabels: { app: 'web', tier: 'back' } }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
  [{ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, true],
  [{ matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, true],
  [{ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, false],
  [{ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'zone', operator: 'Exists' }] }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'Like', values: ['web'] }] }, false],
])('%j', (selector, means) => {
  expect(selects(selector, labels)).toBe(means)
})

it('means nothing when it says nothing', () => {
  for (const selector of [undefined, {}, { matchLabels: {} }, { matchExpressions: [] }])
    expect(selects(selector, labels)).toBe(false)
  expect(selects({ matchLabels: { app: 'web' } })).toBe(false)
})
