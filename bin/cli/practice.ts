/** The practice cluster as a child process of `npm start`. It ends when its parent does. */
import { writeFileSync } from 'node:fs'
import { startSandbox } from '@/sandbox/server'
import { createWorld } from '@/sandbox/world/world'

const [kubeconfigFile] = process.argv.slice(2)
const sandbox = await startSandbox({ world: createWorld() })
if (kubeconfigFile) writeFileSync(kubeconfigFile, sandbox.kubeconfig, { mode: 0o600 })

let stopping = false
async function stop() {
  if (stopping) return
  stopping = true
  await sandbox.stop()
  process.exit(0)
}
process.on('disconnect', stop)
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.on('message', (message) => {
  if (message === 'requests') process.send?.({ requests: sandbox.requests() })
})
process.send?.({ url: sandbox.url })
