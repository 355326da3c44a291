/** A practice cluster in a process of its own, so that neither side of a comparison pays for serving it. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface PracticeChild {
  kubeconfigFile: string
  /** API requests served so far. */
  requests(): Promise<number>
  stop(): Promise<void>
}

/** Starts it and waits until it serves. */
export async function startPracticeChild(): Promise<PracticeChild> {
  const folder = mkdtempSync(join(tmpdir(), 'crashcart-bench-'))
  const kubeconfigFile = join(folder, 'kubeconfig')
  const child = fork('bin/cli/practice.ts', [kubeconfigFile], {
    execArgv: ['--conditions=react-server', '--import', 'tsx'],
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  await answer(child)
  return {
    kubeconfigFile,
    requests: async () => {
      child.send('requests')
      return ((await answer(child)) as { requests: number }).requests
    },
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.disconnect()
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function answer(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('The practice cluster ended before it answered.'))
    child.once('exit', ended)
    child.once('message', (message) => {
      child.off('exit', ended)
      resolve(message)
    })
  })
}
