/** The namespaces of one pod: network, mounts, processes; and the memory limit of its container. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { until } from '../kube-api'
import { BRIDGE, CONTROL_PLANE_IP } from './network'

const run = promisify(execFile)

const MEMORY_CGROUPS = '/sys/fs/cgroup/memory'
let cards = 0

/** Wires the pod's end of the cable, names, mounts, and the two files of cgroup v2 that runbooks read. */
const SETUP = `set -e
ip=$1 gateway=$2 hosts=$3 current=$4 max=$5 folder=$6; shift 6
ip link set lo up
ip addr add $ip/16 dev eth0
ip link set eth0 up
ip route add default via $gateway
mount --make-rprivate /
mount --bind $hosts /etc/hosts
# The sources lie where the files are to be, so they are held elsewhere first.
touch $folder/current $folder/max
mount --bind $current $folder/current
mount --bind $max $folder/max
mount -t tmpfs none /sys/fs/cgroup
touch /sys/fs/cgroup/memory.current /sys/fs/cgroup/memory.max
mount --bind $folder/current /sys/fs/cgroup/memory.current
mount --bind $folder/max /sys/fs/cgroup/memory.max
while [ $# -gt 1 ]; do mkdir -p "$1" "$2"; mount --bind "$1" "$2"; shift 2; done
`

export interface PodSandboxOptions {
  ip: string
  /** Unique on this machine; names its cgroup. */
  id: string
  folder: string
  hostsFile: string
  /** Bytes; undefined is no limit. */
  memoryLimit?: number
  /** What is seen at another path: `/backup` → a folder of the machine. */
  mounts?: Record<string, string>
}

export class PodSandbox {
  private constructor(
    private readonly pause: ChildProcess,
    /** Process id of the pod's first process. */
    readonly pid: number,
    private readonly cgroup: string | undefined,
  ) {}

  static async create(options: PodSandboxOptions): Promise<PodSandbox> {
    mkdirSync(options.folder, { recursive: true })
    const pause = spawn(
      'unshare',
      [
        '--net',
        '--mount',
        '--uts',
        '--pid',
        '--fork',
        '--kill-child=SIGKILL',
        '--mount-proc',
        'sleep',
        'infinity',
      ],
      { stdio: 'ignore' },
    )
    let pid = 0
    await until(
      () => {
        const children = readFileSync(`/proc/${pause.pid}/task/${pause.pid}/children`, 'utf8').trim()
        pid = Number(children.split(' ')[0])
        return pid > 0 && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'sleep'
      },
      'the pod has its namespaces',
      10_000,
      20,
    )
    const cgroup = PodSandbox.makeCgroup(options.id, options.memoryLimit)
    const current = cgroup ? join(cgroup, 'memory.usage_in_bytes') : join(options.folder, 'memory.current')
    const max = cgroup ? join(cgroup, 'memory.limit_in_bytes') : join(options.folder, 'memory.max')
    if (!cgroup) {
      writeFileSync(current, '0\n')
      writeFileSync(max, options.memoryLimit ? `${options.memoryLimit}\n` : 'max\n')
    }
    cards += 1
    const card = `veth${cards}`
    await run('ip', ['link', 'add', card, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid)])
    await run('ip', ['link', 'set', card, 'master', BRIDGE, 'up'])
    const made = new PodSandbox(pause, pid, cgroup)
    const mounts = Object.entries(options.mounts ?? {}).flatMap(([inside, outside]) => [outside, inside])
    await run('nsenter', [
      '-t',
      String(pid),
      '-n',
      '-m',
      'sh',
      '-c',
      SETUP,
      'setup',
      options.ip,
      CONTROL_PLANE_IP,
      options.hostsFile,
      current,
      max,
      options.folder,
      ...mounts,
    ]).catch(async (cause) => {
      await made.destroy()
      throw cause
    })
    return made
  }

  /** A cgroup (v1) with the limit; undefined where the machine has none that may be made. */
  private static makeCgroup(id: string, limit: number | undefined): string | undefined {
    const folder = join(MEMORY_CGROUPS, `crashcart-${process.pid}-${id}`)
    try {
      if (!existsSync(join(MEMORY_CGROUPS, 'memory.limit_in_bytes'))) return undefined
      mkdirSync(folder)
      if (limit) writeFileSync(join(folder, 'memory.limit_in_bytes'), String(limit))
      return folder
    } catch {
      return undefined // Not allowed here: usage is then measured by process (see usage()).
    }
  }

  /** The argv that runs `argv` inside, with exactly this environment, as this user. */
  inside(argv: string[], env: Record<string, string>, user?: string): { file: string; args: string[] } {
    const asUser = user ? ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups'] : []
    const settings = Object.entries(env).map(([key, value]) => `${key}=${value}`)
    const enter = [
      'nsenter',
      '-t',
      String(this.pid),
      '-n',
      '-m',
      '-u',
      '-p',
      ...asUser,
      'env',
      '-i',
      ...settings,
      ...argv,
    ]
    // The shell joins the cgroup before it becomes the program, so that the program's memory counts from the start.
    if (!this.cgroup) return { file: enter[0] as string, args: enter.slice(1) }
    return {
      file: 'sh',
      args: ['-c', 'echo $$ > "$0" && exec "$@"', join(this.cgroup, 'cgroup.procs'), ...enter],
    }
  }

  /** Runs a program inside to its end. Throws with what it said when it fails. */
  async run(
    argv: string[],
    env: Record<string, string>,
    options: { user?: string; stdin?: string; limitMs?: number } = {},
  ): Promise<string> {
    const { file, args } = this.inside(argv, env, options.user)
    const running = run(file, args, { timeout: options.limitMs ?? 180_000, maxBuffer: 16 << 20 })
    running.child.stdin?.end(options.stdin ?? '')
    try {
      return (await running).stdout
    } catch (cause) {
      const failed = cause as { stderr?: string; stdout?: string; message: string }
      throw new Error(
        `${argv.join(' ').slice(0, 200)}: ${(failed.stderr || failed.stdout || failed.message).slice(-2000)}`,
      )
    }
  }

  /** Process ids of everything inside but the first process, and the unshare that waits for that one. */
  processes(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => pid !== this.pid && pid !== this.pause.pid)
      .filter((pid) => {
        try {
          return readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync(`/proc/${this.pid}/ns/net`)
        } catch {
          return false // gone meanwhile
        }
      })
  }

  /** Bytes resident and CPU seconds used by everything inside. */
  usage(): { memoryBytes: number; cpuSeconds: number } {
    let pages = 0
    let ticks = 0
    for (const pid of this.processes()) {
      try {
        pages += Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
        ticks += Number(fields[11]) + Number(fields[12])
      } catch {
        // It ended between the listing and the look.
      }
    }
    return { memoryBytes: pages * 4096, cpuSeconds: ticks / 100 }
  }

  /** Whether the kernel ended something inside for want of memory. */
  wasOutOfMemory(): boolean {
    if (!this.cgroup) return false
    try {
      return /oom_kill [1-9]/.test(readFileSync(join(this.cgroup, 'memory.oom_control'), 'utf8'))
    } catch {
      return false
    }
  }

  /** Ends every process inside; the namespaces go with them. */
  async destroy(): Promise<void> {
    if (this.pause.exitCode === null && this.pause.signalCode === null) {
      const gone = new Promise((resolve) => this.pause.once('exit', resolve))
      this.pause.kill('SIGKILL')
      await gone
    }
    if (!this.cgroup) return
    const { cgroup } = this
    await until(
      () => {
        rmdirSync(cgroup)
        return true
      },
      'the cgroup of the pod is empty',
      5_000,
      50,
    ).catch(() => undefined) // an empty group left behind costs nothing and is ours by name
  }
}
