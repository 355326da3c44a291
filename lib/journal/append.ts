import 'server-only'
import { canonicalJson } from '@/lib/core/canonical'
import { type Clock, systemClock } from '@/lib/core/clock'
import { sha256 } from '@/lib/core/ids'
import type { Tx } from '@/lib/db/client'
import { storableJson, storableText } from '@/lib/db/storable'
import type { JournalEntry } from '@/lib/generated/prisma/client'
import type { JournalAction, JournalRow } from './types'

export interface JournalInput {
  action: JournalAction
  actor: { id: string; name: string; role: string }
  /** `deployment backend-services/backend-api`, a step id, an incident number. */
  target: string
  /** One sentence. */
  text: string
  runId?: string
  detail?: Record<string, unknown>
}

/** Who acts when nobody pressed anything: recovery after a crash, an approval that ran out. */
export const SYSTEM_ACTOR = { id: 'system', name: 'Crashcart', role: 'system' } as const

/** What the first row has in place of a predecessor. */
export const GENESIS = '0'.repeat(64)

/** The hash of a row: SHA-256 in hex over its canonical JSON, everything but the hash itself. */
export function hashOfEntry(entry: Omit<JournalEntry, 'hash'>): string {
  return sha256(
    canonicalJson({
      seq: entry.seq.toString(),
      at: entry.at.toISOString(),
      action: entry.action,
      actorId: entry.actorId,
      actorName: entry.actorName,
      actorRole: entry.actorRole,
      target: entry.target,
      text: entry.text,
      runId: entry.runId,
      detail: entry.detail,
      prevHash: entry.prevHash,
    }),
  )
}

/** A stored row as plain data. */
export function toJournalRow(entry: JournalEntry): JournalRow {
  return {
    seq: Number(entry.seq),
    at: entry.at.toISOString(),
    action: entry.action as JournalAction,
    actor: { id: entry.actorId, name: entry.actorName, role: entry.actorRole },
    target: entry.target,
    text: entry.text,
    ...(entry.runId === null ? {} : { runId: entry.runId }),
    detail: entry.detail as Record<string, unknown>,
    prevHash: entry.prevHash,
    hash: entry.hash,
  }
}

/**
 * Writes one row at the end of the journal, redacted, inside the caller's transaction: what is
 * recorded and what is done stand or fall together. Writers queue until that transaction ends, so
 * call it as the last statement. Throws when it cannot be written; then the transaction must not
 * commit.
 * @param tx the transaction (isolation: read committed, the default)
 */
export async function append(tx: Tx, input: JournalInput, clock: Clock = systemClock): Promise<JournalRow> {
  // One number for the whole program, held to the end of the transaction.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(7236828, 1)`
  const last = await tx.journalEntry.findFirst({
    orderBy: { seq: 'desc' },
    select: { seq: true, hash: true },
  })
  const detail = storableJson(input.detail ?? {})
  const row = {
    seq: (last?.seq ?? 0n) + 1n,
    at: clock.now(),
    action: input.action,
    actorId: storableText(input.actor.id, 200),
    actorName: storableText(input.actor.name, 200),
    actorRole: input.actor.role,
    target: storableText(input.target, 300),
    text: storableText(input.text, 2_000),
    runId: input.runId ?? null,
    detail: detail as JournalEntry['detail'],
    prevHash: last?.hash ?? GENESIS,
  }
  const entry = { ...row, hash: hashOfEntry(row) }
  await tx.journalEntry.create({ data: { ...entry, detail } })
  return toJournalRow(entry)
}
