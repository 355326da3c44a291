import { expect, it } from 'vitest'
import { matches } from './matches'

it('wants every word, wherever it stands', () => {
  expect(matches('check redis/ping', 'redis answers', ['Check that Redis answers', 'Rate limiting'])).toBe(
    0.9,
  )
  expect(matches('card caching', 'redis', ['Caching', 'Redis evicts keys'])).toBe(0.5)
  expect(matches('card caching', 'redis kong', ['Caching', 'Redis evicts keys'])).toBe(0)
})

it('does not take scattered letters for a word', () => {
  expect(matches('card service-not-responding', 'redis', ['Service not responding'])).toBe(0)
})

it('puts titles that begin with it first', () => {
  expect(matches('Check everything', 'check')).toBe(1)
})
