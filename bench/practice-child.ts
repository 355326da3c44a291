/** A practice cluster in a process of its own, so that neither side of a comparison pays for serving it. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface PracticeChild {
  kubeconfigFile: string
  /** API requests served so far. */
  requests(): Promise<number>
  stop(): Promise<void>
}

/** The practice cluster behind a network; `requests` and `stop` as without. */
export async function behindNetwork(practice: PracticeChild, roundTripMs: number): Promise<PracticeChild> {
  const near = readFileSync(practice.kubeconfigFile, 'utf8')
  const [server = '', port = ''] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(near) ?? []
  if (port === '') throw new Error('The practice cluster is not where its kubeconfig says.')
  const child = fork('bench/network-child.ts', [port, String(roundTripMs)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  const far = await answer(child)
  const kubeconfigFile = `${practice.kubeconfigFile}-far`
  writeFileSync(kubeconfigFile, near.replaceAll(server, `http://127.0.0.1:${far}`), { mode: 0o600 })
  return {
    kubeconfigFile,
    requests: practice.requests,
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.disconnect()
      await gone
    },
  }
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
