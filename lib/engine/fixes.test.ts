import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PracticeAtHand, practiceAtHand } from '../../sandbox/world/testing'
import { newId } from '../core/ids'
import { db } from '../db/client'
import type { Prisma } from '../generated/prisma/client'
import { verifyJournal } from '../journal/verify'
import { RUN_ANNOTATION } from '../operations/types'
import { approveRequest, cancelRequest, rejectRequest } from './approve-fix'
import { executions } from './execute-fix'
import { readRun } from './fix-store'
import { newLease } from './lease'
import { pressFix } from './press-fix'
import { previewStep, previewUndoOf } from './preview-fix'
import { expireRequests, recoverRuns } from './recover'
import { settleRun } from './settle-run'
import { type EngineAtHand, engineAtHand, must, person } from './testing'
import type { Actor, FixRun, Preview } from './types'

const RESTART = 'service-recovery/restart-the-deployment-in-an-emergency'
const ROTATE = 'authentication/rotate-the-jwt-secret'
const POOL = 'connection-pool/set-the-pool-size'
const SCALE = 'service-recovery/scale-up'

const vera = person('viewer')
const rami = person('responder')
const ada = person('approver')
const ana = person('admin')
const REASON = 'Practice: the checks say so'

let at: PracticeAtHand
let engine: EngineAtHand

beforeAll(async () => {
  at = await practiceAtHand()
  engine = await engineAtHand(at.sandbox)
  await ready()
}, 120_000)
afterAll(async () => {
  await engine?.stop()
  await at?.sandbox.stop()
})
beforeEach(() => {
  engine.events.length = 0
})

function deployment() {
  const found = at.cluster.get('Deployment', 'backend-services', 'backend-api')
  if (!found) throw new Error('There is no backend-api.')
  return found
}

const poolSize = () =>
  at.cluster.get('ConfigMap', 'backend-services', 'backend-api-config')?.data.DB_POOL_SIZE as string

/** All pods of backend-api are there, ready, and none is on its way out. */
async function ready(): Promise<void> {
  await at.until(
    () => {
      const { spec, status, metadata } = deployment()
      return (
        status?.observedGeneration === metadata.generation &&
        status?.readyReplicas === spec.replicas &&
        at.cluster.list('Pod', 'backend-services', { app: 'backend-api' }).length === spec.replicas
      )
    },
    'backend-api is ready',
    60_000,
  )
}

async function preview(actor: Actor, stepId: string, inputs: Record<string, string> = {}): Promise<Preview> {
  return must(await previewStep(actor, { stepId, inputs }))
}

const press = (actor: Actor, shown: Preview, reason = REASON) =>
  pressFix(actor, { previewId: shown.previewId, hash: shown.hash, reason })

/** Waits until this process no longer works on a run. */
async function ended(runId: string): Promise<FixRun> {
  await executions().get(runId)
  const found = await readRun(runId)
  if (!found) throw new Error(`There is no run ${runId}.`)
  return found.run
}

async function journalOf(runId: string): Promise<string[]> {
  const rows = await engine.database.db.journalEntry.findMany({ where: { runId }, orderBy: { seq: 'asc' } })
  return rows.map((row) => `${row.action} ${row.actorName}`)
}

const phases = (run: FixRun) =>
  run.moments.map((moment) => moment.phase).filter((phase, i, all) => phase !== all[i - 1])

describe('a preview', () => {
  it('names the pods, the checks that verify it, and is tied to a hash', async () => {
    const before = deployment().metadata.resourceVersion
    const shown = await preview(rami, RESTART)
    const pods = at.cluster.list('Pod', 'backend-services', { app: 'backend-api' })
    expect([...shown.plan.touches].sort()).toEqual(pods.map((pod) => pod.metadata.name).sort())
    expect(shown).toMatchObject({
      mayRun: true,
      needsApproval: false,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      cures: [{ stepId: 'service-recovery/check-the-rollout' }],
      plan: { act: 'Restart deployment/backend-api' },
    })
    expect(deployment().metadata.resourceVersion).toBe(before)
  })

  it('may be seen by a viewer, who is refused when they press, and that is recorded', async () => {
    const shown = await preview(vera, RESTART)
    expect(shown).toMatchObject({ mayRun: false, why: expect.stringContaining('responder') })
    expect(await press(vera, shown)).toMatchObject({ ok: false, error: { code: 'forbidden' } })
    const denied = await engine.database.db.journalEntry.findFirst({ where: { action: 'denied' } })
    expect(denied).toMatchObject({ actorId: vera.id, target: RESTART })
    expect(await engine.database.db.fixRun.count()).toBe(0)
  })

  it('is worth nothing with another hash, to another person, without a reason, or when it is old', async () => {
    const shown = await preview(rami, RESTART)
    expect(await press(rami, { ...shown, hash: '0'.repeat(64) })).toMatchObject({ error: { code: 'stale' } })
    expect(await press(ana, shown)).toMatchObject({ error: { code: 'not_found' } })
    expect(await press(rami, shown, '  ')).toMatchObject({ error: { code: 'invalid_input' } })
    await engine.database.db.previewRecord.update({
      where: { id: shown.previewId },
      data: { expiresAt: new Date(0) },
    })
    expect(await press(rami, shown)).toMatchObject({ error: { code: 'stale' } })
    expect(await engine.database.db.fixRun.count()).toBe(0)
  })

  it.each([
    ['0', 'Connections in the pool of each pod must be at least 1.'],
    ['101', 'Connections in the pool of each pod must be at most 100.'],
    ['many', 'Connections in the pool of each pod must be a whole number, not "many".'],
    ['', 'Connections in the pool of each pod is missing.'],
  ])('refuses the pool size "%s" with a sentence', async (value, message) => {
    expect(await previewStep(rami, { stepId: POOL, inputs: { 'pool-size': value } })).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', message },
    })
  })

  it('exists for fixes of the runbook only', async () => {
    for (const stepId of ['caching/check-cache-memory', 'nothing/at-all'])
      expect(await previewStep(rami, { stepId })).toMatchObject({ error: { code: 'not_found' } })
  })
})

describe('a press', () => {
  it('is recorded, sent, watched, checked and ends well; a second person meanwhile hears who is at it', {
    timeout: 60_000,
  }, async () => {
    const [shown, others] = [await preview(rami, RESTART), await preview(ana, RESTART)]
    const run = must(await press(rami, shown))
    expect(run).toMatchObject({ state: 'executing', requestedBy: { id: rami.id }, reason: REASON })
    expect(await press(ana, others)).toMatchObject({
      ok: false,
      error: { code: 'conflict', message: expect.stringContaining('Rami Responder is already changing') },
    })
    expect(await press(rami, shown)).toMatchObject({ ok: false, error: { code: 'not_found' } })

    const done = await ended(run.id)
    // Nobody has looked at its check before: that it passes is all that is known.
    expect(done).toMatchObject({
      state: 'verified',
      outcome: expect.stringMatching(/^Done in \d+ s, its check passes$/),
    })
    expect(phases(done)).toEqual(['recorded', 'sent', 'watching', 'checking', 'ended'])
    expect(deployment().metadata.annotations[RUN_ANNOTATION]).toBe(run.id)
    const names = at.cluster
      .list('Pod', 'backend-services', { app: 'backend-api' })
      .filter((pod) => !pod.metadata.deletionTimestamp)
      .map((pod) => pod.metadata.name)
    expect(names).toHaveLength(3)
    expect(names.filter((name) => shown.plan.touches.includes(name))).toEqual([])
    expect(await journalOf(run.id)).toEqual(['fix-sent Rami Responder', 'fix-ended Rami Responder'])
    expect(await verifyJournal(engine.database.db)).toMatchObject({ ok: true })

    const states = engine.events.flatMap((event) =>
      event.type === 'fix' && event.run.id === run.id ? [event.run.state] : [],
    )
    expect(states.filter((state, i) => state !== states[i - 1])).toEqual([
      'executing',
      'verifying',
      'verified',
    ])
  })

  it('of two at the very same moment is one', { timeout: 60_000 }, async () => {
    await ready()
    const [one, two] = [await preview(rami, SCALE, { replicas: '4' }), await preview(ana, RESTART)]
    const both = await Promise.all([press(rami, one), press(ana, two)])
    expect(both.map((result) => (result.ok ? 'ok' : result.error.code)).sort()).toEqual(['conflict', 'ok'])
    const won = both.find((result) => result.ok)
    if (won?.ok) expect((await ended(won.value.id)).state).toBe('verified')
    if (deployment().spec.replicas !== 3) await ended(must(await press(rami, await preview(rami, SCALE))).id)
    await ready()
  })

  it('on something that changed since the preview ends stale, and nothing is sent', async () => {
    const shown = await preview(rami, POOL, { 'pool-size': '12' })
    setPool('21')
    try {
      const run = await ended(must(await press(rami, shown)).id)
      expect(run).toMatchObject({ state: 'stale', error: { code: 'stale' } })
      expect(run.outcome).toMatch(/^Not sent: .*changed since the preview/)
      expect(phases(run)).toEqual(['recorded', 'ended'])
      expect(poolSize()).toBe('21')
      expect((await readRun(run.id))?.row.sentAt).toBeNull()
    } finally {
      setPool('20')
    }
  })

  it('can be taken back by a fix of its own, once', { timeout: 60_000 }, async () => {
    await ready()
    const up = await ended(must(await press(rami, await preview(rami, SCALE, { replicas: '4' }))).id)
    expect(up).toMatchObject({ state: 'verified', undo: { possible: true } })
    expect(deployment().spec.replicas).toBe(4)

    const back = must(await previewUndoOf(ana, up.id))
    expect(back).toMatchObject({
      title: 'Undo: Scale up',
      plan: { act: 'Scale deployment/backend-api to 3' },
    })
    const down = await ended(must(await press(ana, back)).id)
    expect(down.state).toBe('verified')
    // The look at everything that follows is hers, under her role.
    const looked = await engine.database.db.journalEntry.findFirst({
      where: { action: 'check-started', actorId: ana.id },
    })
    expect(looked?.actorRole).toBe('admin')
    expect(deployment().spec.replicas).toBe(3)
    expect((await readRun(up.id))?.run.undo).toMatchObject({ possible: false, undoneBy: down.id })
    expect(await previewUndoOf(rami, up.id)).toMatchObject({ error: { code: 'precondition_failed' } })
  })
})

describe('a fix of high risk', () => {
  it('waits for a second person who types the name, and the new secret is seen nowhere', {
    timeout: 60_000,
  }, async () => {
    await ready()
    const former = secretValues()
    const shown = await preview(ada, ROTATE)
    expect(shown).toMatchObject({ risk: 'high', needsApproval: true, mayRun: true })
    // Names and sizes are there to be read; only values are hidden.
    expect(shown.plan.changes[0]).toMatchObject({
      title: 'Keys of jwt-secret, values are never shown',
      before: expect.stringContaining('secret (64 bytes)'),
    })
    const run = must(await press(ada, shown))
    expect(run.state).toBe('awaiting_approval')
    const confirmName = run.plan.confirmName
    for (const [actor, name, code] of [
      [ada, confirmName, 'forbidden'],
      [rami, confirmName, 'forbidden'],
      [ana, 'backend-db-secret', 'invalid_input'],
      [ana, '', 'invalid_input'],
    ] as const)
      expect(await approveRequest(actor, { runId: run.id, confirmName: name })).toMatchObject({
        ok: false,
        error: { code },
      })
    expect(secretValues()).toEqual(former)

    expect(must(await approveRequest(ana, { runId: run.id, confirmName }))).toMatchObject({
      state: 'executing',
      approvedBy: { id: ana.id },
    })
    const done = await ended(run.id)
    expect(['verified', 'succeeded']).toContain(done.state)
    expect(phases(done)).toEqual([
      'requested',
      'approved',
      'recorded',
      'sent',
      'watching',
      'checking',
      'ended',
    ])
    expect(await journalOf(run.id)).toEqual([
      'fix-requested Ada Approver',
      'fix-approved Ana Admin',
      'fix-ended Ada Approver',
    ])
    const values = secretValues()
    expect(values.secret).not.toBe(former.secret)
    expect(values.previous).toBe(former.secret)
    const out = JSON.stringify(engine.events)
    for (const value of Object.values(values))
      for (const form of [value, Buffer.from(value, 'base64').toString('utf8')]) {
        expect(form.length).toBeGreaterThan(30)
        expect(out.includes(form)).toBe(false)
        expect(await engine.rowsWith(form)).toEqual([])
      }
  })

  it('is turned down by an approver, and taken back only by who asked', async () => {
    const first = must(await press(rami, await preview(rami, ROTATE)))
    expect(await rejectRequest(rami, first.id, 'not now')).toMatchObject({ error: { code: 'forbidden' } })
    expect(must(await rejectRequest(ada, first.id, 'not now'))).toMatchObject({
      state: 'rejected',
      outcome: 'Ada Approver turned it down: not now',
    })
    const confirmName = first.plan.confirmName
    expect(await approveRequest(ada, { runId: first.id, confirmName })).toMatchObject({
      error: { code: 'conflict' },
    })

    const second = must(await press(rami, await preview(rami, ROTATE)))
    expect(await cancelRequest(ada, second.id)).toMatchObject({ error: { code: 'forbidden' } })
    expect(must(await cancelRequest(rami, second.id)).state).toBe('cancelled')
    expect(await cancelRequest(rami, second.id)).toMatchObject({ error: { code: 'conflict' } })
    expect(await journalOf(first.id)).toEqual(['fix-requested Rami Responder', 'fix-rejected Ada Approver'])
    expect(await journalOf(second.id)).toEqual([
      'fix-requested Rami Responder',
      'fix-cancelled Rami Responder',
    ])
  })

  it('that changed between the request and its approval ends stale', async () => {
    const run = must(await press(rami, await preview(rami, ROTATE)))
    const before = secretValues()
    at.cluster.update('Secret', 'backend-services', 'jwt-secret', (secret) => {
      secret.data = { ...secret.data, other: 'b3RoZXI=' }
    })
    const confirmName = run.plan.confirmName
    const both = await Promise.all(
      [ada, ana].map((actor) => approveRequest(actor, { runId: run.id, confirmName })),
    )
    expect(both.map((result) => (result.ok ? 'ok' : result.error.code)).sort()).toEqual(['conflict', 'ok'])
    expect(await ended(run.id)).toMatchObject({ state: 'stale' })
    expect(secretValues()).toEqual({ ...before, other: 'b3RoZXI=' })
  })

  it('expires when nobody approves it in time', async () => {
    const run = must(await press(rami, await preview(rami, ROTATE)))
    await engine.database.db.fixRun.update({ where: { id: run.id }, data: { expiresAt: new Date(0) } })
    expect(await approveRequest(ada, { runId: run.id, confirmName: run.plan.confirmName })).toMatchObject({
      error: { code: 'conflict', message: expect.stringContaining('expired') },
    })
    await expireRequests()
    await expireRequests()
    expect((await readRun(run.id))?.run).toMatchObject({ state: 'expired' })
    expect(await journalOf(run.id)).toEqual(['fix-requested Rami Responder', 'fix-expired Crashcart'])
  })
})

describe('another replica that takes this one for dead', () => {
  it('closes the run; what it closed is not sent afterwards', async () => {
    const { id } = must(await press(rami, await preview(rami, POOL, { 'pool-size': '12' })))
    const taken = { worker: `other/1/0@${new Date().toISOString()}`, state: 'failed', outcome: 'Closed' }
    await engine.database.db.fixRun.update({ where: { id }, data: taken })
    expect(await ended(id)).toMatchObject({ state: 'failed', outcome: 'Closed' })
    expect(poolSize()).toBe('20')
  })
})

describe('a database that goes away', () => {
  it('before the press: nothing is recorded and nothing is sent', async () => {
    const shown = await preview(rami, RESTART)
    const before = deployment().metadata.resourceVersion
    await engine.databaseAway(true)
    try {
      await expect(press(rami, shown)).rejects.toThrow()
    } finally {
      await engine.databaseAway(false)
    }
    expect(deployment().metadata.resourceVersion).toBe(before)
    expect(executions().size).toBe(0)
  })

  it('between the record and the sending: nothing is sent, and the next start says so', async () => {
    const shown = await preview(rami, POOL, { 'pool-size': '12' })
    const { id } = must(await press(rami, shown))
    const work = executions().get(id)
    // The run reads its row now; the next thing it writes is that it is about to send.
    process.env.DATABASE_URL = 'postgresql://nobody:nothing@127.0.0.1:1/none'
    await work
    await engine.databaseAway(false)
    expect(poolSize()).toBe('20')
    expect((await readRun(id))?.run.state).toBe('executing')
    await expect
      .poll(
        async () => {
          await recoverRuns()
          return (await readRun(id))?.run
        },
        { timeout: 15_000 },
      )
      .toMatchObject({ state: 'failed', outcome: 'Crashcart ended before anything was sent' })
    expect(await journalOf(id)).toEqual(['fix-sent Rami Responder', 'fix-recovered Crashcart'])
  })
})

describe('an answer that is lost on the way', () => {
  /** Points the engine at the cluster through a line that breaks off at each write, before or after it arrived. */
  async function throughBadLine<T>(arrives: boolean, work: () => Promise<T>): Promise<T> {
    const line = createServer((incoming, outgoing) => {
      const isWrite = incoming.method === 'PATCH' && !incoming.url?.includes('dryRun')
      if (isWrite && !arrives) return incoming.socket.destroy()
      const on = request(
        `${at.sandbox.url}${incoming.url}`,
        { method: incoming.method ?? 'GET', headers: incoming.headers },
        (answer) => {
          answer.on('error', () => outgoing.destroy())
          if (isWrite) {
            answer.resume().on('end', () => incoming.socket.destroy())
            return
          }
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
          answer.pipe(outgoing)
        },
      )
      incoming.pipe(on)
    })
    await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve))
    const { port } = line.address() as AddressInfo
    engine.pointAt(at.sandbox.kubeconfig.replace(at.sandbox.url, `http://127.0.0.1:${port}`))
    try {
      return await work()
    } finally {
      engine.pointAt()
      line.closeAllConnections()
      line.close()
    }
  }

  it('but whose mark is on the target is watched like any other', { timeout: 60_000 }, async () => {
    await ready()
    const run = await throughBadLine(true, async () =>
      ended(must(await press(rami, await preview(rami, RESTART))).id),
    )
    expect(run.state).toBe('verified')
    expect(run.moments.find((moment) => moment.phase === 'sent')?.message).toMatch(/No answer came/)
  })

  it('and whose mark is not there stays unknown and holds the target, until somebody has looked', async () => {
    await ready()
    const before = deployment().metadata.resourceVersion
    const { id } = await throughBadLine(false, async () =>
      ended(must(await press(rami, await preview(rami, RESTART))).id),
    )
    expect((await readRun(id))?.run).toMatchObject({ state: 'unknown', error: { code: 'timeout' } })
    expect(deployment().metadata.resourceVersion).toBe(before)
    expect(await press(ana, await preview(ana, RESTART))).toMatchObject({
      ok: false,
      error: { code: 'conflict', message: expect.stringContaining('is not known') },
    })

    const seen = { runId: id, tookEffect: false, reason: 'All pods are older than that' }
    expect(await settleRun(vera, seen)).toMatchObject({ error: { code: 'forbidden' } })
    expect(await settleRun(ana, { ...seen, reason: ' ' })).toMatchObject({ error: { code: 'invalid_input' } })
    expect(must(await settleRun(ana, seen))).toMatchObject({
      state: 'failed',
      outcome: 'Ana Admin looked: it did not take effect. All pods are older than that',
    })
    expect(await settleRun(ana, seen)).toMatchObject({ error: { code: 'conflict' } })
    expect(await journalOf(id)).toEqual([
      'fix-sent Rami Responder',
      'fix-ended Rami Responder',
      'fix-ended Ana Admin',
    ])
  })
})

describe('after a crash', () => {
  /** A run as a crash leaves it: the last restart's row under a new id. */
  async function cutOff(data: Partial<Prisma.FixRunUncheckedCreateInput>): Promise<string> {
    const last = await engine.database.db.fixRun.findFirstOrThrow({
      where: { stepId: RESTART, state: 'verified' },
    })
    const { applied: _applied, error: _error, plan, params, ...row } = last
    const id = newId('fix')
    await db().fixRun.create({
      data: {
        ...row,
        id,
        plan: plan as Prisma.InputJsonValue,
        params: params as Prisma.InputJsonValue,
        state: 'executing',
        endedAt: null,
        outcome: null,
        sentAt: null,
        worker: '1',
        ...data,
      },
    })
    return id
  }

  it('a run on which another replica works is left to it', async () => {
    const lease = (await newLease()).replace(/^[^@]*/, 'another-host/1/00000000')
    const id = await cutOff({ worker: lease })
    await recoverRuns()
    expect((await readRun(id))?.row).toMatchObject({ state: 'executing', worker: lease })
    // It has not been heard of for a minute.
    const gone = lease.replace(/@.*/, `@${new Date(Date.now() - 60_000).toISOString()}`)
    await engine.database.db.fixRun.update({ where: { id }, data: { worker: gone } })
    await recoverRuns()
    expect((await readRun(id))?.run.state).toBe('failed')
  })

  it('a run that was never sent has failed', async () => {
    const id = await cutOff({})
    await recoverRuns()
    expect((await readRun(id))?.run).toMatchObject({ state: 'failed', endedAt: expect.any(String) })
    expect(await journalOf(id)).toEqual(['fix-recovered Crashcart'])
  })

  it('a run whose mark is not on the target was not sent', async () => {
    const id = await cutOff({ sentAt: new Date() })
    await recoverRuns()
    expect((await readRun(id))?.run).toMatchObject({
      state: 'failed',
      outcome: expect.stringContaining('does not carry its mark'),
    })
  })

  it('a run whose mark is on the target is watched to its end', { timeout: 60_000 }, async () => {
    const id = await cutOff({ sentAt: new Date() })
    at.cluster.update('Deployment', 'backend-services', 'backend-api', (object) => {
      object.metadata.annotations[RUN_ANNOTATION] = id
    })
    await recoverRuns()
    const run = await ended(id)
    expect(run).toMatchObject({ state: 'verified', undo: { possible: true } })
    expect(phases(run)).toEqual(['watching', 'checking', 'ended'])
  })

  it('a run whose target cannot be seen stays unknown, keeps the target, and says so', async () => {
    const id = await cutOff({ sentAt: new Date() })
    engine.pointAt(at.sandbox.kubeconfig.replace(at.sandbox.url, 'http://127.0.0.1:1'))
    try {
      await recoverRuns()
    } finally {
      engine.pointAt()
    }
    expect((await readRun(id))?.run).toMatchObject({ state: 'unknown' })
    expect(await press(rami, await preview(rami, RESTART))).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    })
    must(await settleRun(rami, { runId: id, tookEffect: true, reason: 'The pods are new' }))
    expect((await readRun(id))?.run.state).toBe('succeeded')
  })
})

it('leaves a journal that holds', async () => {
  expect(await verifyJournal(engine.database.db)).toMatchObject({ ok: true })
  expect(
    await engine.database.db.fixRun.count({ where: { state: { in: ['executing', 'verifying'] } } }),
  ).toBe(0)
})

function setPool(value: string): void {
  at.cluster.update('ConfigMap', 'backend-services', 'backend-api-config', (map) => {
    map.data.DB_POOL_SIZE = value
  })
}

function secretValues(): Record<string, string> {
  return { ...at.cluster.get('Secret', 'backend-services', 'jwt-secret')?.data }
}
