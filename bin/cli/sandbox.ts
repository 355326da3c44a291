import { writeFileSync } from 'node:fs'
import { startSandbox } from '@/sandbox/server'
import { createWorld } from '@/sandbox/world/world'
import { fromTypedFolder } from './files'

/** Serves the practice cluster until SIGINT or SIGTERM. */
export async function sandbox(options: {
  port: number
  kubeconfig?: string
  fault: string[]
}): Promise<number> {
  const world = createWorld()
  const unknown = options.fault.filter((name) => !world.faults.some((fault) => fault.name === name))
  if (unknown.length > 0) {
    process.stderr.write(`There is no fault named ${unknown.join(', ')}. \`crashcart faults\` lists them.\n`)
    return 2
  }
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  const running = await startSandbox({ port: options.port, world })
  try {
    if (options.kubeconfig) {
      const file = fromTypedFolder(options.kubeconfig)
      writeFileSync(file, running.kubeconfig, { mode: 0o600 })
      process.stderr.write(`kubectl --kubeconfig ${file} get pods -A\n`)
    }
    for (const name of options.fault) await world.inject(name)
    process.stdout.write(`${JSON.stringify({ url: running.url, port: running.port })}\n`)
    process.stderr.write(`The practice cluster is ready on ${running.url}. Ctrl-C stops it.\n`)
    await stopped
  } finally {
    await running.stop()
  }
  return 0
}
