import 'server-only'
import type { Db } from '@/lib/db/client'
import { GENESIS, hashOfEntry } from './append'

export interface JournalVerdict {
  ok: boolean
  /** Rows that hold. */
  rows: number
  /** Hash of the last row that holds. Kept elsewhere, it also shows rows cut off at the end. */
  head?: string
  /** Number of the first row that does not hold, and why. */
  brokenAt?: number
  reason?: string
}

const PAGE = 1_000

/**
 * Walks the whole journal: numbers without a gap, each row's hash over its content, each row's
 * predecessor. Memory does not grow with the journal.
 */
export async function verifyJournal(db: Db, page = PAGE): Promise<JournalVerdict> {
  let seq = 0n
  let head = GENESIS
  const broken = (at: bigint, reason: string): JournalVerdict => ({
    ok: false,
    rows: Number(seq),
    ...(seq > 0n ? { head } : {}),
    brokenAt: Number(at),
    reason,
  })
  for (;;) {
    const entries = await db.journalEntry.findMany({
      where: { seq: { gt: seq } },
      orderBy: { seq: 'asc' },
      take: page,
    })
    for (const entry of entries) {
      if (entry.seq !== seq + 1n) return broken(seq + 1n, `Row ${seq + 1n} is missing.`)
      if (entry.prevHash !== head) {
        return broken(entry.seq, `Row ${entry.seq} does not follow from the row before it.`)
      }
      if (hashOfEntry(entry) !== entry.hash) {
        return broken(entry.seq, `Row ${entry.seq} was changed after it was written.`)
      }
      seq = entry.seq
      head = entry.hash
    }
    if (entries.length < page) break
  }
  const first = await db.journalEntry.findFirst({ where: { seq: { lte: 0n } }, select: { seq: true } })
  if (first) return broken(first.seq, `Row ${first.seq} stands before the first one.`)
  return { ok: true, rows: Number(seq), ...(seq > 0n ? { head } : {}) }
}
