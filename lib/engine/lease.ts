import 'server-only'
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { log } from '../core/log'
import { db } from '../db/client'

const BEAT_MS = 5_000
/** A process that has not said for so long that it works on a run is taken for dead. */
const DEAD_AFTER_MS = 30_000
/** A run of this very process on which it does not work was dropped, unless it was only just recorded. */
const DROPPED_AFTER_MS = 2_000

const kept = globalThis as typeof globalThis & { crashcartSelf?: string }

/** This process among all replicas, for as long as it lives. */
export function self(): string {
  kept.crashcartSelf ??= `${hostname()}/${process.pid}/${randomBytes(4).toString('hex')}`
  return kept.crashcartSelf
}

/** The time of the database: the clocks of two replicas may differ. */
async function databaseTime(): Promise<Date> {
  const [row] = await db().$queryRaw<{ now: Date }[]>`SELECT now() AS now`
  return row?.now ?? new Date()
}

/** What stands in a run's `worker` column: who works on it, and when they last said so. */
export async function newLease(): Promise<string> {
  return `${self()}@${(await databaseTime()).toISOString()}`
}

/** Says again and again that this process works on a run, until the returned function is called. */
export function keepLease(runId: string): () => void {
  const beat = async () => {
    const worker = await newLease()
    // Not a run that somebody else has taken over meanwhile.
    await db().fixRun.updateMany({
      where: { id: runId, worker: { startsWith: `${self()}@` } },
      data: { worker },
    })
  }
  const timer = setInterval(() => {
    beat().catch((cause: unknown) => log.warn({ err: cause, runId }, 'The lease of a fix was not renewed'))
  }, BEAT_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/**
 * Takes a run over from a process that is gone. False when that process lives, or another one was faster.
 * @param worker what stood in the run's `worker` column when it was read
 */
export async function takeOver(runId: string, worker: string | null): Promise<boolean> {
  const [owner, saidAt] = worker?.split('@') ?? []
  const now = await databaseTime()
  const age = now.getTime() - Date.parse(saidAt ?? '')
  // Callers leave out the runs they work on themselves.
  if (age < (owner === self() ? DROPPED_AFTER_MS : DEAD_AFTER_MS)) return false
  const { count } = await db().fixRun.updateMany({
    where: { id: runId, worker, state: { in: ['executing', 'verifying'] } },
    data: { worker: `${self()}@${now.toISOString()}` },
  })
  return count === 1
}
