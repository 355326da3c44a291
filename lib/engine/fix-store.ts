import 'server-only'
import type { AppError } from '../core/errors'
import { redactDeep } from '../core/redact'
import { type Db, db, type Tx } from '../db/client'
import { storableText } from '../db/storable'
import type { FixMoment as StoredMoment, FixRun as StoredRun } from '../generated/prisma/client'
import { publish } from '../live/hub'
import type { Applied, Plan, Progress, Risk } from '../operations/types'
import type { ObjectRef } from '../verdicts/types'
import type { FixMoment, FixRun, FixState } from './types'

/** States in which a run holds its target. */
export const HOLDING: FixState[] = ['executing', 'verifying', 'unknown']
/** Moments of one run that are kept and shown. */
const MOMENTS_AT_MOST = 200

/** What is locked while a fix runs: `Deployment backend-services/backend-api`. */
export function targetName(target: ObjectRef): string {
  return `${target.kind} ${target.namespace ? `${target.namespace}/` : ''}${target.name}`
}

/** A stored run with its moments as plain data, redacted. */
export function toFixRun(row: StoredRun & { moments: StoredMoment[] }): FixRun {
  const output = (row.applied as unknown as Applied | null)?.output
  const run: FixRun = {
    id: row.id,
    stepId: row.stepId,
    cardId: row.cardId,
    operation: row.operation,
    title: row.title,
    act: row.act,
    risk: row.risk as Risk,
    state: row.state as FixState,
    target: row.target,
    plan: row.plan as unknown as Plan,
    hash: row.hash,
    reason: row.reason,
    requestedBy: { id: row.requestedById, name: row.requestedByName, email: row.requestedByEmail },
    ...(row.approvedById
      ? {
          approvedBy: {
            id: row.approvedById,
            name: row.approvedByName ?? '',
            email: row.approvedByEmail ?? '',
          },
        }
      : {}),
    createdAt: row.createdAt.toISOString(),
    ...(row.endedAt ? { endedAt: row.endedAt.toISOString() } : {}),
    ...(row.expiresAt ? { expiresAt: row.expiresAt.toISOString() } : {}),
    moments: row.moments.map((moment) => ({
      phase: moment.phase as FixMoment['phase'],
      state: moment.state as Progress['state'],
      message: moment.message,
      ...(moment.done === null ? {} : { done: moment.done }),
      ...(moment.total === null ? {} : { total: moment.total }),
      at: moment.at.toISOString(),
    })),
    ...(row.outcome ? { outcome: row.outcome } : {}),
    ...(output ? { output } : {}),
    ...(row.error ? { error: row.error as unknown as AppError } : {}),
    undo: {
      possible: row.undoPossible && row.undoneBy === null,
      text: row.undoText,
      ...(row.undoneBy ? { undoneBy: row.undoneBy } : {}),
    },
    ...(row.incidentId ? { incidentId: row.incidentId } : {}),
  }
  return redactDeep(run) as FixRun
}

const WITH_MOMENTS = { moments: { orderBy: { id: 'asc' as const }, take: MOMENTS_AT_MOST } }

/** One run by its id. */
export async function readRun(
  id: string,
  store: Db | Tx = db(),
): Promise<{ row: StoredRun; run: FixRun } | undefined> {
  const row = await store.fixRun.findUnique({ where: { id }, include: WITH_MOMENTS })
  return row ? { row, run: toFixRun(row) } : undefined
}

/** Runs in these states, oldest first, at most 100. */
export async function readRuns(states: FixState[]): Promise<FixRun[]> {
  const rows = await db().fixRun.findMany({
    where: { state: { in: states } },
    include: WITH_MOMENTS,
    orderBy: { createdAt: 'asc' },
    take: 100,
  })
  return rows.map(toFixRun)
}

/** Writes one moment of a run's life. */
export async function writeMoment(
  store: Db | Tx,
  runId: string,
  moment: Omit<FixMoment, 'at'>,
): Promise<void> {
  await store.fixMoment.create({
    data: {
      runId,
      phase: moment.phase,
      state: moment.state,
      message: storableText(moment.message, 500),
      done: moment.done ?? null,
      total: moment.total ?? null,
    },
  })
}

/** Sends a run as it stands to all who look. */
export async function publishRun(id: string): Promise<FixRun | undefined> {
  const found = await readRun(id)
  if (found) publish({ type: 'fix', run: found.run })
  return found?.run
}

/** Writes one moment of a run's life and sends the run to all who look. */
export async function say(runId: string, moment: Omit<FixMoment, 'at'>): Promise<void> {
  await writeMoment(db(), runId, moment)
  await publishRun(runId)
}
