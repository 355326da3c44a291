import 'server-only'
import { log } from '../core/log'
import { db } from '../db/client'
import { storableText } from '../db/storable'
import type { FixRun as StoredRun } from '../generated/prisma/client'
import { append, SYSTEM_ACTOR } from '../journal/append'
import type { Applied, Plan } from '../operations/types'
import { executions, fixOfRun, track, watch } from './execute-fix'
import { publishRun, writeMoment } from './fix-store'
import { takeOver } from './lease'
import { marked } from './run-mark'
import { targetCluster } from './target'

/** Requests nobody approved in time end as expired. */
export async function expireRequests(): Promise<void> {
  const late = await db().fixRun.findMany({
    where: { state: 'awaiting_approval', expiresAt: { lt: new Date() } },
    take: 100,
  })
  for (const row of late) {
    await db().$transaction(async (tx) => {
      const { count } = await tx.fixRun.updateMany({
        where: { id: row.id, state: 'awaiting_approval' },
        data: { state: 'expired', endedAt: new Date(), outcome: 'Nobody approved it in time' },
      })
      if (count === 0) return
      await writeMoment(tx, row.id, {
        phase: 'ended',
        state: 'failed',
        message: 'Nobody approved it in time',
      })
      await append(tx, {
        action: 'fix-expired',
        actor: SYSTEM_ACTOR,
        target: row.target,
        text: `${row.act}: nobody approved it in time.`,
        runId: row.id,
      })
    })
    await publishRun(row.id)
  }
}

async function conclude(row: StoredRun, state: 'failed' | 'unknown', outcome: string): Promise<void> {
  await db().$transaction(async (tx) => {
    await tx.fixRun.update({
      where: { id: row.id },
      data: { state, outcome: storableText(outcome, 500), endedAt: new Date() },
    })
    await writeMoment(tx, row.id, { phase: 'ended', state, message: outcome })
    await append(tx, {
      action: 'fix-recovered',
      actor: SYSTEM_ACTOR,
      target: row.target,
      text: `${row.act}: ${outcome}`,
      runId: row.id,
      detail: { state },
    })
  })
  await publishRun(row.id)
}

/**
 * Says of every run whose process is gone what is known: never sent → failed; sent and its mark is there → watched to
 * its end; not to be seen → unknown, for a person to decide.
 */
export async function recoverRuns(): Promise<void> {
  const rows = await db().fixRun.findMany({ where: { state: { in: ['executing', 'verifying'] } }, take: 100 })
  for (const row of rows.filter((one) => !executions().has(one.id))) {
    try {
      if (await takeOver(row.id, row.worker)) await recoverOne(row)
    } catch (cause) {
      log.error({ err: cause, runId: row.id }, 'A run could not be recovered')
    }
  }
}

async function recoverOne(row: StoredRun): Promise<void> {
  if (row.state === 'executing' && !row.sentAt)
    return conclude(row, 'failed', 'Crashcart ended before anything was sent')
  const fix = fixOfRun(row)
  const cluster = targetCluster()
  const seen = row.applied === null ? await marked(row) : true
  if (seen === false)
    return conclude(
      row,
      'failed',
      'Crashcart ended while sending, and the target does not carry its mark: it was not changed',
    )
  if (seen === true && row.applied === null && fix.ok && fix.value.severalWrites)
    return conclude(
      row,
      'unknown',
      'Crashcart ended between the writes of this fix: the first has arrived, the rest perhaps not. Look at the target',
    )
  if (seen === undefined || !fix.ok || !cluster.ok)
    return conclude(
      row,
      'unknown',
      'Crashcart ended while sending; whether it arrived cannot be seen. Look at the target',
    )
  const applied = (row.applied ?? {
    summary: 'The mark of this run is on the target',
    at: (row.sentAt ?? row.createdAt).toISOString(),
    payload: {},
  }) as unknown as Applied
  await db().fixRun.update({ where: { id: row.id }, data: { state: 'verifying' } })
  await writeMoment(db(), row.id, {
    phase: 'watching',
    state: 'running',
    message: 'Crashcart was started again and goes on watching',
  })
  const work = watch(
    row,
    fix.value,
    row.plan as unknown as Plan,
    applied,
    cluster.value,
    AbortSignal.timeout(10 * 60_000),
  ).catch(async (cause: unknown) => {
    log.error({ err: cause, runId: row.id }, 'A recovered run broke off')
    await conclude(
      row,
      'unknown',
      'Watching broke off after a restart of Crashcart. Look at the target',
    ).catch((second: unknown) =>
      log.error({ err: second, runId: row.id }, 'The end of a run could not be recorded'),
    )
  })
  track(row.id, work)
}
