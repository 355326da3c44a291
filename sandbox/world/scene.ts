import type {
  ClusterHandle,
  ContainerInstance,
  ExecOutcome,
  LogLine,
  ProgramHttpRequest,
  ProgramHttpResponse,
} from '../types'
import type { PostgresServers } from './postgres-servers'
import type { Kafka } from './programs/kafka'
import type { Dump } from './programs/postgres-backups'
import type { Redis } from './programs/redis'

/** What all programs of the practice cluster share. */
export interface Scene {
  cluster: ClusterHandle
  postgres: PostgresServers
  redis: Redis
  kafka: Kafka
  /** Processes that hang, by pod UID: they keep running and answer nothing useful until replaced. */
  hung: Set<string>
  /** Named conditions of single processes, by pod UID: `breakers-stuck`, `log-silent`. */
  marks: Map<string, Set<string>>
  /** Conditions of the whole world: `cache-stale`, `read-model-corrupt`. */
  flags: Set<string>
  /** Backups on the primary's disk, by path. */
  dumps: Map<string, Dump>
  /** Real sessions that were opened and never closed. */
  leaked(): number
  /** The key that tokens are signed with now. */
  jwtSecret(): string
  /** Seconds the running backends keep cache entries. */
  cacheTtl(): number
  /** Events the orders consumer is behind. */
  groupLag(): number
  /** Running processes by pod UID and container. */
  processes: Map<string, Process>
  now(): number
}

/** One program in a container. A new one is made at every (re)start. */
export interface Process {
  readonly instance: ContainerInstance
  readonly log: Log
  /** Settles when the program ends by itself. */
  readonly exited?: Promise<{
    exitCode: number
    reason: 'Error' | 'OOMKilled' | 'Completed'
    message?: string
  }>
  listens(port: number): boolean
  http(port: number, request: ProgramHttpRequest): Promise<ProgramHttpResponse | 'refused'>
  /** For a program that does not speak HTTP: answers to the bytes of one new connection to that port. */
  connect?(port: number): ((chunk: Buffer) => Buffer) | undefined
  exec(argv: string[], stdin: string): Promise<ExecOutcome>
  usage(): { cpuMillicores: number; memoryBytes: number }
  /** Once a second. */
  tick(): void
  stop(): Promise<void>
}

const MAX_LINES = 4_000

/** The lines of one process, the oldest dropped, with followers. */
export class Log {
  readonly lines: LogLine[] = []
  private readonly followers = new Set<(line: LogLine) => void>()

  write(at: number, text: string): void {
    const line = { at, text }
    this.lines.push(line)
    if (this.lines.length > MAX_LINES) this.lines.splice(0, this.lines.length - MAX_LINES)
    for (const follower of this.followers) follower(line)
  }

  follow(follower: (line: LogLine) => void): () => void {
    this.followers.add(follower)
    return () => this.followers.delete(follower)
  }
}

export const MIB = 2 ** 20

/** What a shell says of a program that is not in the image. */
export function noProgram(name: string): ExecOutcome {
  return { stdout: '', stderr: `exec: "${name}": executable file not found in $PATH\n`, exitCode: 127 }
}

export function printed(stdout: string): ExecOutcome {
  return { stdout, stderr: '', exitCode: 0 }
}

export function failed(stderr: string, exitCode = 1): ExecOutcome {
  return { stdout: '', stderr, exitCode }
}

export function jsonAnswer(status: number, body: unknown): ProgramHttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(body)}\n` }
}

/** Whether a condition is on for a process. */
export function marked(scene: Scene, instance: ContainerInstance, mark: string): boolean {
  return scene.marks.get(instance.pod.metadata.uid)?.has(mark) === true
}

/** Puts a condition on every running process of an app. */
export function markAll(scene: Scene, app: string, mark: string): void {
  for (const process of scene.processes.values()) {
    if (process.instance.pod.metadata.labels?.app !== app) continue
    const { uid } = process.instance.pod.metadata
    scene.marks.set(uid, new Set([...(scene.marks.get(uid) ?? []), mark]))
  }
}

/** Whether any running process of an app has a condition. */
export function anyMarked(scene: Scene, app: string, mark: string): boolean {
  return [...scene.processes.values()].some(
    (process) => process.instance.pod.metadata.labels?.app === app && marked(scene, process.instance, mark),
  )
}

/** The running processes of an app, by pod name. */
export function processesOf(scene: Scene, app: string): Process[] {
  return [...scene.processes.values()]
    .filter((process) => process.instance.pod.metadata.labels?.app === app)
    .sort((a, b) => a.instance.pod.metadata.name.localeCompare(b.instance.pod.metadata.name))
}
