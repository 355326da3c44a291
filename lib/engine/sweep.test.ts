import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type PracticeAtHand, practiceAtHand } from '../../sandbox/world/testing'
import { readJournal } from '../journal/read'
import { keepResults, latestResults, runningStepIds } from './results'
import { boardNow, startSweep } from './sweep'
import { forgetCluster, targetCluster, targetRunbook } from './target'
import { type EngineAtHand, engineAtHand, person } from './testing'
import { type Actor, type BoardState, type CheckScope, cardIdOf } from './types'

let at: PracticeAtHand
let engine: EngineAtHand
const vera = person('viewer')

beforeAll(async () => {
  at = await practiceAtHand()
  engine = await engineAtHand(at.sandbox)
  await at.until(
    () =>
      at.cluster
        .list('Pod')
        .every((pod) => pod.status?.phase === 'Succeeded' || isReady(pod.status?.conditions)),
    'all pods ready',
    60_000,
  )
}, 120_000)
afterAll(async () => {
  await engine?.stop()
  await at?.sandbox.stop()
})
afterEach(() => {
  engine.events.length = 0
})

function isReady(conditions: { type: string; status: string }[] | undefined): boolean {
  return conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false
}

/** Starts checks and waits until they have ended. */
async function sweep(actor: Actor, scope: CheckScope): Promise<string> {
  const started = await startSweep(actor, scope)
  if (!started.ok) throw new Error(started.error.message)
  await started.value.done
  return started.value.sweepId
}

async function board(): Promise<BoardState> {
  const now = await boardNow()
  if (!now.ok) throw new Error(now.error.message)
  return now.value.board
}

/** Values of a Secret, plain and as they are stored. */
function valuesOf(name: string): string[] {
  const data: Record<string, string> = at.cluster.get('Secret', 'backend-services', name)?.data ?? {}
  return Object.entries(data)
    .filter(([key]) => ['password', 'secret', 'previous'].includes(key))
    .flatMap(([, value]) => [value, Buffer.from(value, 'base64').toString('utf8')])
}

describe('checking everything', () => {
  it('answers for the cards of all runbooks, streams each result, and keeps what it saw', async () => {
    const before = (await board()).cards
    expect(before.length).toBeGreaterThan(17)
    expect(new Set(before.map((card) => card.verdict))).toEqual(new Set(['unchecked']))
    const sweepId = await sweep(vera, { scope: 'all' })
    const { cards, steps, lastSweep } = await board()
    expect(cards).toHaveLength(before.length)
    expect(cards.filter((card) => ['unknown', 'unchecked'].includes(card.verdict))).toEqual([])

    const started = engine.events.filter((event) => event.type === 'check-started')
    const finished = engine.events.filter((event) => event.type === 'check-finished')
    const ended = engine.events.filter((event) => event.type === 'sweep-finished')
    expect(started.map((event) => event.sweepId)).toEqual([sweepId])
    expect(started[0]?.stepIds).toBe('all')
    const runbook = await targetRunbook()
    const checks = runbook.ok
      ? runbook.value.cards.flatMap((card) => card.steps.filter((step) => step.kind === 'check'))
      : []
    expect(finished.map((event) => event.step.stepId).sort()).toEqual(checks.map((step) => step.id).sort())
    expect(ended.map((event) => event.sweepId)).toEqual([sweepId])
    expect(ended[0]?.board.cards).toEqual(cards)
    expect(engine.events.at(-1)?.type).toBe('sweep-finished')
    expect(runningStepIds()).toEqual([])

    const records = await engine.database.db.checkRecord.findMany()
    expect(records.map((record) => record.stepId).sort()).toEqual(steps.map((step) => step.stepId).sort())
    expect(new Set(records.map((record) => record.runId))).toEqual(new Set([sweepId]))
    expect(new Set(records.map((record) => record.by))).toEqual(new Set([vera.name]))
    expect(lastSweep).toMatchObject({ id: sweepId, checks: records.length })
    expect(lastSweep?.requests).toBeGreaterThan(0)
    expect((await readJournal({ action: 'check-started' }, engine.database.db)).rows[0]).toMatchObject({
      runId: sweepId,
      actor: { id: vera.id },
      text: 'Vera Viewer checked everything.',
    })
  })

  it('finds a healthy cluster healthy', { timeout: 90_000 }, async () => {
    await expect
      .poll(
        async () => {
          await sweep(vera, { scope: 'all' })
          return (await board()).cards
            .filter((card) => card.verdict !== 'pass')
            .map((card) => `${card.cardId}: ${card.summary}`)
        },
        { timeout: 60_000, interval: 500 },
      )
      .toEqual([])
  })

  it('is joined by the next person who asks while it runs', async () => {
    const [first, second] = [
      await startSweep(vera, { scope: 'all' }),
      await startSweep(person('admin'), { scope: 'all' }),
    ]
    if (!first.ok || !second.ok) throw new Error('A sweep did not start.')
    expect(second.value.sweepId).toBe(first.value.sweepId)
    await Promise.all([first.value.done, second.value.done])
    expect(engine.events.filter((event) => event.type === 'check-started')).toHaveLength(1)
    expect(engine.events.filter((event) => event.type === 'sweep-finished')).toHaveLength(1)
  })

  it('takes one card or one check just as well', async () => {
    await sweep(vera, { cardId: 'caching' })
    const finished = engine.events.flatMap((event) => (event.type === 'check-finished' ? [event.step] : []))
    expect(finished.length).toBeGreaterThan(1)
    expect(new Set(finished.map((step) => cardIdOf(step.stepId)))).toEqual(new Set(['caching']))
    engine.events.length = 0
    await sweep(vera, { stepId: 'caching/check-cache-memory' })
    expect(
      engine.events.flatMap((event) => (event.type === 'check-finished' ? [event.step.stepId] : [])),
    ).toEqual(['caching/check-cache-memory'])
    expect((await board()).cards.length).toBeGreaterThan(17)
  })

  it('keeps the later of two looks at the same thing, whichever ends first', async () => {
    await sweep(vera, { stepId: 'caching/check-cache-memory' })
    const latest = (await latestResults()).find((step) => step.stepId === 'caching/check-cache-memory')
    if (!latest) throw new Error('It was not kept.')
    await keepResults([{ ...latest, startedAt: '2020-01-01T00:00:00.000Z', runId: 'older' }])
    expect(await latestResults()).toContainEqual(latest)
    const later = { ...latest, startedAt: new Date().toISOString(), runId: 'later' }
    await Promise.all([keepResults([later]), keepResults([{ ...latest, runId: 'between' }])])
    expect(await latestResults()).toContainEqual(later)
  })

  it('refuses what is no card and no check, a fix among them', async () => {
    for (const scope of [
      { cardId: 'nothing' },
      { stepId: 'nothing/at-all' },
      { stepId: 'caching/restart-redis' },
    ])
      expect(await startSweep(vera, scope)).toMatchObject({ ok: false, error: { code: 'not_found' } })
    expect(engine.events).toEqual([])
  })
})

describe('secrets', () => {
  it('leave neither with results nor with events, and are in no table', async () => {
    const secrets = [...valuesOf('backend-db-secret'), ...valuesOf('jwt-secret')]
    expect(secrets).toHaveLength(4)
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ2ZXJhIn0.c2lnbmF0dXJlLXRoYXQtaXMtbm9uZQ'
    await sweep(vera, { scope: 'all' })
    await sweep(vera, { stepId: 'authentication/check-a-token', secrets: { token } })
    const out = JSON.stringify([engine.events, await board()])
    for (const secret of [...secrets, token]) {
      expect(out.includes(secret)).toBe(false)
      expect(await engine.rowsWith(secret)).toEqual([])
    }
  })
})

describe('a cluster that cannot be reached', () => {
  it('makes every check unknown with a sentence, and no card healthy', { timeout: 60_000 }, async () => {
    engine.pointAt(at.sandbox.kubeconfig.replace(at.sandbox.url, 'http://127.0.0.1:1'))
    try {
      await sweep(vera, { scope: 'all' })
      const { cards, steps, cause } = await board()
      expect(
        steps
          .filter(
            ({ result }) => result.verdict !== 'unknown' || !/^Could not look: .{10}/.test(result.summary),
          )
          .map(({ stepId, result }) => `${stepId}: ${result.verdict}, ${result.summary}`),
      ).toEqual([])
      expect(new Set(cards.map((card) => card.verdict))).toEqual(new Set(['unknown']))
      expect(cause).toBeUndefined()
    } finally {
      engine.pointAt()
    }
  })
})

describe('pods', () => {
  it('are watched once for all sweeps of the process', { timeout: 90_000 }, async () => {
    const cluster = targetCluster()
    if (!cluster.ok) throw new Error(cluster.error.message)
    expect(cluster.value.watched).toBeDefined()
    const requestsOf = async (): Promise<number> => {
      await sweep(vera, { scope: 'all' })
      return (await board()).lastSweep?.requests ?? 0
    }
    forgetCluster()
    const first = await requestsOf()
    const second = await requestsOf()
    // The list and the watch are not asked for again.
    expect(second).toBeLessThan(first)
  })

  it('are let go of with the cluster', () => {
    const before = targetCluster()
    forgetCluster()
    const after = targetCluster()
    expect(before.ok && after.ok && before.value !== after.value).toBe(true)
  })
})
