import type { ContainerInstance, ExecOutcome, ProgramHttpResponse } from '../../types'
import { failed, Log, MIB, noProgram, type Process, printed, type Scene } from '../scene'
import { listBackups, pgDump, pgRestore } from './postgres-backups'
import { psql } from './psql'

/** The front of one of the two real servers: the pod in which psql and its sisters run. */
export class PostgresProcess implements Process {
  readonly log = new Log()
  readonly role: 'primary' | 'replica'
  private seen = 0

  constructor(
    readonly instance: ContainerInstance,
    readonly scene: Scene,
  ) {
    this.role = instance.pod.metadata.labels?.role === 'replica' ? 'replica' : 'primary'
    this.copyLog()
  }

  listens(port: number): boolean {
    return port === 5432 && !this.scene.hung.has(this.instance.pod.metadata.uid)
  }

  async http(): Promise<ProgramHttpResponse | 'refused'> {
    return 'refused'
  }

  async exec(argv: string[]): Promise<ExecOutcome> {
    const name = (argv[0] ?? '').split('/').at(-1) ?? ''
    const up = this.listens(5432)
    const refused = failed(
      'connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: No such file or directory\n\tIs the server running locally and accepting connections on that socket?\n',
      2,
    )
    switch (name) {
      case 'psql':
        return up
          ? psql(argv, this.scene.postgres, this.role)
          : { ...refused, stderr: `psql: error: ${refused.stderr}` }
      case 'pg_isready':
        return up
          ? printed('/var/run/postgresql:5432 - accepting connections\n')
          : { stdout: '/var/run/postgresql:5432 - no response\n', stderr: '', exitCode: 2 }
      case 'ls':
        return listBackups(this.scene, argv)
      case 'pg_dump':
        return up ? pgDump(this.scene, argv) : { ...refused, stderr: `pg_dump: error: ${refused.stderr}` }
      case 'pg_restore':
        return pgRestore(this.scene, argv, up)
      default:
        return noProgram(name)
    }
  }

  usage() {
    return { cpuMillicores: 210, memoryBytes: 1_400 * MIB }
  }

  tick(): void {
    if (this.scene.hung.has(this.instance.pod.metadata.uid)) {
      this.log.write(
        this.scene.now(),
        `${stamp(this.scene.now())} [1] PANIC:  could not write to file "pg_wal/xlogtemp.71": Input/output error`,
      )
      return
    }
    this.copyLog()
  }

  /** The real server's own lines. */
  private copyLog(): void {
    const lines = this.scene.postgres.logs[this.role]
    for (const line of lines.slice(this.seen)) this.log.write(this.scene.now(), line)
    this.seen = lines.length
  }

  async stop(): Promise<void> {
    this.log.write(this.scene.now(), `${stamp(this.scene.now())} [1] LOG:  received fast shutdown request`)
  }
}

function stamp(at: number): string {
  return `${new Date(at).toISOString().replace('T', ' ').replace('Z', '')} UTC`
}
