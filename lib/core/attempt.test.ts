import { redirect } from 'next/navigation'
import { describe, expect, it } from 'vitest'
import { attempt } from './attempt'
import { ok } from './result'

describe('attempt', () => {
  it('hands values through', async () => {
    expect(await attempt('x', async () => ok(1))).toEqual(ok(1))
  })

  it('never sends the cause to a browser', async () => {
    const done = await attempt('x', async () => {
      throw new Error('relation "FixRun" does not exist')
    })
    expect(JSON.stringify(done)).not.toContain('FixRun')
    expect(done).toMatchObject({ ok: false, error: { code: 'internal', requestId: expect.any(String) } })
  })

  it('says when the database is away', async () => {
    const done = await attempt('x', async () => {
      throw Object.assign(new Error('no'), { code: 'ECONNREFUSED' })
    })
    expect(done).toMatchObject({ ok: false, error: { code: 'target_unavailable', retryable: true } })
  })

  it('lets the redirects of Next.js through', async () => {
    await expect(attempt('x', async () => redirect('/sign-in'))).rejects.toThrow('NEXT_REDIRECT')
  })
})
