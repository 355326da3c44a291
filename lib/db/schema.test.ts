import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isDuplicate } from './client'
import { storableJson, storableText } from './storable'
import { type TestDatabase, testDatabase } from './testing'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database?.stop())

function run(id: string, state: string, target = 'deployment backend-services/backend-api') {
  return {
    id,
    operation: 'kubernetes.rollout-restart',
    title: 'Restart',
    act: 'Restart deployment/backend-api',
    risk: 'low',
    state,
    target,
    plan: {},
    params: {},
    hash: 'h',
    reason: '',
    requestedById: 'a',
    requestedByName: 'A',
    requestedByEmail: 'a@x.example',
    requestedByRole: 'responder',
    undoPossible: true,
    undoText: 'Roll back.',
  }
}

describe('the lock on a target', () => {
  it('lets one fix run at a time, and is held while the outcome is unknown', async () => {
    const { fixRun } = database.db
    await fixRun.create({ data: run('1', 'unknown') })
    await fixRun.create({ data: run('2', 'awaiting_approval') })
    const refused = await fixRun.create({ data: run('3', 'executing') }).catch((cause: unknown) => cause)
    expect(isDuplicate(refused)).toBe(true)
    await fixRun.create({ data: run('4', 'executing', 'deployment other/one') })
    await fixRun.update({ where: { id: '1' }, data: { state: 'failed' } })
    await fixRun.update({ where: { id: '2' }, data: { state: 'executing' } })
  })
})

describe('other tables', () => {
  it('take a row each', async () => {
    const { db } = database
    const at = new Date('2026-11-24T03:00:00.123Z')
    await db.checkRecord.create({
      data: {
        stepId: 's',
        cardId: 'c',
        verdict: 'pass',
        result: {},
        startedAt: at,
        finishedAt: at,
        ms: 3,
        by: 'A',
        runId: 'r',
      },
    })
    await db.sweep.create({
      data: { id: 's', startedAt: at, checks: 1, requests: 2, byId: 'a', byName: 'A', scope: 'all' },
    })
    await db.fixRun.create({ data: run('with-moments', 'succeeded') })
    await db.fixMoment.create({
      data: { runId: 'with-moments', phase: 'sent', state: 'running', message: 'Sent.' },
    })
    await db.previewRecord.create({
      data: {
        id: 'p',
        stepId: 's',
        actorId: 'a',
        operation: 'o',
        params: {},
        plan: {},
        hash: 'h',
        risk: 'low',
        expiresAt: at,
      },
    })
    expect((await db.checkRecord.findUniqueOrThrow({ where: { stepId: 's' } })).startedAt).toEqual(at)
    await expect(db.fixRun.delete({ where: { id: 'with-moments' } })).rejects.toThrow()
  })
})

describe('storable', () => {
  it('makes what pods write fit for PostgreSQL', async () => {
    const hostile = 'a\u0000b\ud800c password=hunter2'
    const row = { id: 'n', startedAt: new Date(), checks: 0, requests: 0, byId: 'a', byName: 'A' }
    await database.db.sweep.create({ data: { ...row, scope: storableText(hostile) } })
    await database.db.fixRun.create({
      data: { ...run('n', 'failed'), params: storableJson({ hostile, list: [hostile] }) },
    })
    const text = 'ab\ufffdc password=[redacted]'
    expect((await database.db.sweep.findUniqueOrThrow({ where: { id: 'n' } })).scope).toBe(text)
    expect((await database.db.fixRun.findUniqueOrThrow({ where: { id: 'n' } })).params).toEqual({
      hostile: text,
      list: [text],
    })
  })

  it('cuts long text without leaving half a character', () => {
    expect(storableText('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`)
    expect(storableText('😀'.repeat(50), 10)).toBe(`${'😀'.repeat(4)}\ufffd…`)
  })
})
