import 'server-only'
import { log } from './core/log'
import { migrate } from './db/migrate'
import { expireRequests, recoverRuns } from './engine/recover'
import { targetRunbook } from './engine/target'
import { checkSettings } from './env'
import { stopAll } from './live/stopping'
import { setReadiness } from './readiness'

const EXPIRE_EVERY_MS = 60_000
/** Runs of a replica that died are found so much later at most. */
const RECOVER_EVERY_MS = 15_000

function giveUp(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

/** Settings, migrations, runbook, what a crash left behind. Ends the process with a sentence when it cannot start. */
export async function startUp(): Promise<void> {
  const settings = checkSettings()
  if (!settings.ok) giveUp(settings.error.message)
  process.once('SIGTERM', stopAll)
  process.once('SIGINT', stopAll)
  // Whoever started this process and held a channel to it is gone, perhaps killed hard: then nothing would end it.
  if (process.connected) process.once('disconnect', () => process.exit(0))
  setReadiness('bringing the database up to date')
  const migrated = await migrate(settings.value.DATABASE_URL)
  if (!migrated.ok) giveUp([migrated.error.message, migrated.error.hint].filter(Boolean).join(' '))
  const runbook = await targetRunbook()
  if (!runbook.ok) giveUp(runbook.error.message)
  setReadiness('ready')
  const repeat = () =>
    expireRequests().catch((cause: unknown) =>
      log.error({ err: cause }, 'Expired requests could not be closed'),
    )
  setInterval(repeat, EXPIRE_EVERY_MS).unref()
  const recover = () =>
    recoverRuns().catch((cause: unknown) =>
      log.error({ err: cause }, 'Runs that a crash cut off could not be recovered'),
    )
  setInterval(recover, RECOVER_EVERY_MS).unref()
  await recover()
}
