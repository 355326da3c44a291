import { describe, expect, it } from 'vitest'
import { sameSetting } from './changes'

describe('two values of a setting', () => {
  it('are the same when PostgreSQL takes them for the same', () => {
    expect(sameSetting('250ms', '250ms')).toBe(true)
    expect(sameSetting('250', '250ms')).toBe(true)
    expect(sameSetting('1000ms', '1s')).toBe(true)
    expect(sameSetting('all', 'all')).toBe(true)
  })
  it('differ when it does not', () => {
    expect(sameSetting('250ms', '250s')).toBe(false)
    expect(sameSetting('-1', '250ms')).toBe(false)
    expect(sameSetting('all', 'none')).toBe(false)
    expect(sameSetting('all', '0')).toBe(false)
  })
})
