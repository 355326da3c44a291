import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical'
import { newId, sha256, shareToken } from './ids'

describe('newId', () => {
  it('never repeats and sorts by the time it was made', () => {
    const ids = Array.from({ length: 2_000 }, () => newId('run'))
    expect(new Set(ids).size).toBe(ids.length)
    expect([...ids].sort()).toEqual(ids)
    expect(ids[0]).toMatch(/^run_[0-9a-z]{26}$/)
  })
})

describe('shareToken', () => {
  it('has 256 random bits', () => {
    expect(shareToken()).toMatch(/^[\w-]{43}$/)
    expect(shareToken()).not.toBe(shareToken())
  })
})

describe('sha256', () => {
  it('is the usual one, over UTF-8', () => {
    expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(sha256('ä')).not.toBe(sha256('a'))
  })
})

describe('canonicalJson', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}')
    expect(canonicalJson({ a: undefined, b: 1 })).toBe(canonicalJson({ b: 1 }))
  })
})
