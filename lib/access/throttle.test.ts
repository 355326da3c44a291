import { expect, it } from 'vitest'
import { ACTIONS_A_MINUTE, countAction } from './throttle'

it('lets a person act often, stops a flood, and forgets it after a minute', () => {
  const at = 1_000_000
  for (let i = 0; i < ACTIONS_A_MINUTE; i++) expect(countAction('flooder', at + i).ok).toBe(true)
  expect(countAction('flooder', at + 59_000)).toMatchObject({ ok: false, error: { code: 'conflict' } })
  expect(countAction('somebody else', at + 59_000).ok).toBe(true)
  expect(countAction('flooder', at + 60_000).ok).toBe(true)
})
