import 'server-only'
import { PrismaPg } from '@prisma/adapter-pg'
import { log } from '@/lib/core/log'
import { env } from '@/lib/env'
import { Prisma, PrismaClient } from '@/lib/generated/prisma/client'

export type Db = PrismaClient
/** What a function takes that must share its caller's transaction. */
export type Tx = Prisma.TransactionClient

/** A client for one database, with a pool of at most `connections`. Close it with `$disconnect()`. */
export function createDb(url: string, connections = 10): Db {
  const lost = (err: Error) => log.warn({ err }, 'A connection to the database was lost')
  return new PrismaClient({
    adapter: new PrismaPg(
      { connectionString: url, max: connections, connectionTimeoutMillis: 5_000 },
      { onPoolError: lost, onConnectionError: lost },
    ),
    transactionOptions: { maxWait: 5_000, timeout: 15_000 },
    errorFormat: 'minimal',
  })
}

const kept = globalThis as typeof globalThis & { crashcartDb?: { url: string; client: Db } }

/** The client of this process, for DATABASE_URL. It survives reloads of the development server. */
export function db(): Db {
  const url = env().DATABASE_URL
  if (kept.crashcartDb?.url !== url) kept.crashcartDb = { url, client: createDb(url) }
  return kept.crashcartDb.client
}

/**
 * Whether a write was refused because the row exists already (PostgreSQL 23505, Prisma P2002).
 * Partial unique indexes count too.
 */
export function isDuplicate(cause: unknown): boolean {
  return cause instanceof Prisma.PrismaClientKnownRequestError && cause.code === 'P2002'
}
