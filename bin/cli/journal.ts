import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { printJson } from './files'

/**
 * Recomputes the journal's hash chain. Uses DATABASE_URL, or the embedded database: the running one when
 * the dashboard is up, else one started for the moment.
 */
export async function verify(): Promise<number> {
  const { createDb } = await import('@/lib/db/client')
  const { verifyJournal } = await import('@/lib/journal/verify')
  const { url, stop } = await database()
  try {
    const db = createDb(url)
    try {
      const report = await verifyJournal(db)
      printJson(report)
      return report.ok ? 0 : 1
    } finally {
      await db.$disconnect()
    }
  } finally {
    await stop()
  }
}

async function database(): Promise<{ url: string; stop(): Promise<void> }> {
  if (process.env.DATABASE_URL) return { url: process.env.DATABASE_URL, stop: async () => {} }
  // @ts-expect-error plain JavaScript: it also runs before any package is installed
  const { HOME, lastingSecret } = await import('../setup.mjs')
  // @ts-expect-error plain JavaScript, as above
  const { dataFolder, startDatabase } = await import('../database.mjs')
  const pidFile = join(dataFolder(), 'postmaster.pid')
  const owner = join(HOME, 'crashcart.pid')
  if (existsSync(pidFile) && existsSync(owner)) {
    // postmaster.pid: line 4 is the port (PostgreSQL, src/include/utils/pidfile.h).
    const port = readFileSync(pidFile, 'utf8').split('\n')[3]
    const password = encodeURIComponent(lastingSecret('database-key'))
    return { url: `postgresql://crashcart:${password}@127.0.0.1:${port}/crashcart`, stop: async () => {} }
  }
  return startDatabase()
}
