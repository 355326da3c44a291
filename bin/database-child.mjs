// The embedded PostgreSQL of `npm start`, in a process of its own. It ends when its parent does.
import { startDatabase } from './database.mjs'

let stop = async () => {}
async function end() {
  await stop()
  process.exit(0)
}
process.once('disconnect', end)
process.once('SIGTERM', end)

try {
  const database = await startDatabase()
  stop = database.stop
  process.send({ url: database.url })
} catch (cause) {
  process.send({ problem: cause instanceof Error ? cause.message : String(cause) })
}
