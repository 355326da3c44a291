/** One container of a pod: its process, its log in the form a kubelet reads, its restarts. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, existsSync, renameSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Launch } from '../parts/types'
import type { PodSandbox } from './pod-sandbox'

export interface Exit {
  exitCode: number
  reason: 'Error' | 'OOMKilled' | 'Completed'
  startedAt: string
  finishedAt: string
}

/** A run of the container's main program. */
export class ContainerProcess {
  readonly startedAt = new Date().toISOString()
  private readonly child: ChildProcess
  private readonly log: WriteStream
  readonly exited: Promise<Exit>

  constructor(
    readonly sandbox: PodSandbox,
    readonly launch: Launch,
    logFile: string,
  ) {
    this.log = createWriteStream(logFile)
    const { file, args } = sandbox.inside(launch.argv, launch.env, launch.user)
    this.child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const name of ['stdout', 'stderr'] as const) {
      const stream = this.child[name]
      if (!stream) continue
      // The form of the container runtimes' log files: time, stream, F for a whole line, text.
      createInterface({ input: stream }).on('line', (line) =>
        this.log.write(`${now()} ${name} F ${line.slice(0, 16_000)}\n`),
      )
    }
    this.exited = new Promise((resolve) => {
      const end = (exitCode: number) => {
        const oom = sandbox.wasOutOfMemory()
        resolve({
          exitCode: oom ? 137 : exitCode,
          reason: oom ? 'OOMKilled' : exitCode === 0 ? 'Completed' : 'Error',
          startedAt: seconds(this.startedAt),
          finishedAt: seconds(new Date().toISOString()),
        })
      }
      this.child.once('exit', (code, signal) => end(code ?? (signal === 'SIGKILL' ? 137 : 143)))
      this.child.once('error', () => end(128))
    })
    void this.exited.then(() => this.log.end())
  }

  /** Sends a signal to every process of the container. */
  signal(signal: NodeJS.Signals): void {
    for (const pid of this.sandbox.processes()) {
      // nsenter stays outside and ends with what it started: ended by itself it would say so too early.
      // It has stopped itself with what it started, though, and must go on with it.
      if (pid === this.child.pid && signal !== 'SIGCONT') continue
      try {
        process.kill(pid, signal)
      } catch {
        // It is gone already.
      }
    }
  }

  /** SIGTERM, then SIGKILL after the grace period. */
  async stop(graceMs: number): Promise<void> {
    this.signal('SIGTERM')
    const killed = setTimeout(() => this.signal('SIGKILL'), graceMs)
    await this.exited
    clearTimeout(killed)
  }
}

/** Keeps the log of the run before for `kubectl logs --previous`. */
export function turnLog(folder: string): { current: string; previous: string } {
  const current = join(folder, 'current.log')
  const previous = join(folder, 'previous.log')
  if (existsSync(current)) renameSync(current, previous)
  return { current, previous }
}

/** Kubernetes' times have no fractions. */
export function seconds(time: string): string {
  return `${time.slice(0, 19)}Z`
}

let lastNs = 0
/** Now with nanoseconds, each later than the one before: readers of logs order lines by it. */
function now(): string {
  const at = new Date().toISOString()
  lastNs = (lastNs + 1) % 1_000_000
  return `${at.slice(0, 23)}${String(lastNs).padStart(6, '0')}Z`
}
