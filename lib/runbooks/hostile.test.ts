import { describe, expect, it } from 'vitest'
import { hostileDocument } from './corpus/hostile/documents'
import { runHostile } from './corpus/hostile/run'

/** As many as are worth waiting for in each test run; npm run test:hostile goes on to 10,000. */
const DOCUMENTS = 300

describe('hostile documents', () => {
  it('are the same for the same seed', () => {
    for (const seed of [0, 7, 33, 58])
      expect(hostileDocument(seed, ['a'])).toEqual(hostileDocument(seed, ['a']))
    expect(hostileDocument(0, ['# A\n\nB']).text).not.toBe(hostileDocument(10_000, ['# A\n\nB']).text)
  })

  it('crash nothing, reach nothing, and take neither long nor much', async () => {
    const { documents, failures } = await runHostile(Array.from({ length: DOCUMENTS }, (_, seed) => seed))
    expect(failures).toEqual([])
    expect(documents).toBe(DOCUMENTS)
  }, 300_000)
})
