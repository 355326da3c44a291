import { describe, expect, it } from 'vitest'
import { isPlaceholder, placeholdersIn } from './command'

describe('placeholders', () => {
  it('are found inside a word', () => {
    expect(placeholdersIn('kong-<pod-id>')).toEqual(['pod-id'])
    expect(isPlaceholder('kong-<pod-id>')).toBe(false)
  })

  it('are not seen in redirections or comparisons', () => {
    expect(placeholdersIn('<3')).toEqual([])
    expect(isPlaceholder('<pod-name>')).toBe(true)
  })
})
