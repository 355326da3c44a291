/** One pod on a node of this test: starts its container, probes it, restarts it, tells the API server. */
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Json, KubeApi } from '../kube-api'
import type { ContainerContext, Launch, Part } from '../parts/types'
import { ContainerProcess, type Exit, turnLog } from './container'
import { nextPodIp } from './network'
import { PodSandbox } from './pod-sandbox'
import { type ContainerView, podStatus } from './pod-status'
import { type Probe, probe } from './probes'

export interface NodeOptions {
  api: KubeApi
  folder: string
  /** Where the kubelet reads what runs in each pod. */
  kubeletFolder: string
  hostIp: string
  /** A kubeconfig file that works from inside pods. */
  kubeconfig: string
  partFor(image: string): Part
  hostsFile(namespace: string): string
  /** A stateful pod's name became known, or is gone. */
  named(namespace: string, name: string, service: string, ip: string | undefined): void
}

/** Restarts wait 1 s at first and twice as long each time, as with Kubernetes' faster back-off, up to a minute. */
const BACK_OFF_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000]
const GRACE_MS = 5_000
const REMOVE_AGAIN_MS = 500
const REMOVE_TRIES = 240
/** How often a container that is not ready yet is asked. Hundreds start in a run of the tests, most in a second. */
const STARTING_MS = 250

export class RunningPod {
  readonly ip = nextPodIp()
  sandbox: PodSandbox | undefined
  process: ContainerProcess | undefined
  private launch: Launch | undefined
  private view: ContainerView
  private ending = false
  private held = false
  private timers = new Set<NodeJS.Timeout>()
  private readonly folder: string
  private readonly kubeletFile: string
  private lastStatus = ''

  constructor(
    private pod: Json,
    private readonly options: NodeOptions,
  ) {
    const { namespace, name, uid } = pod.metadata
    this.folder = join(options.folder, 'pods', `${namespace}_${name}_${uid.slice(0, 8)}`)
    mkdirSync(join(this.folder, 'scratch'), { recursive: true })
    this.kubeletFile = join(options.kubeletFolder, `${namespace}_${name}.json`)
    const [spec] = pod.spec.containers
    this.view = { name: spec.name, image: spec.image, containerId: '', ready: false, restarts: 0 }
  }

  get key(): string {
    return `${this.pod.metadata.namespace}/${this.pod.metadata.name}`
  }
  private get spec(): Json {
    return this.pod.spec.containers[0]
  }
  private get path(): string {
    return `/api/v1/namespaces/${this.pod.metadata.namespace}/pods/${this.pod.metadata.name}`
  }

  /** Takes a newer version of the object. A status that others changed (a node taken for lost) is told again. */
  update(pod: Json): void {
    this.pod = pod
    const told = pod.status?.conditions?.find((one: Json) => one.type === 'Ready')?.status === 'True'
    if (told === this.view.ready || this.lastStatus === '' || this.ending) return
    this.lastStatus = ''
    this.after(100, () => this.tell())
  }

  async start(): Promise<void> {
    const { namespace, name } = this.pod.metadata
    await this.tell()
    const service = this.pod.metadata.ownerReferences?.some((one: Json) => one.kind === 'StatefulSet')
      ? this.pod.spec.subdomain
      : undefined
    if (service) this.options.named(namespace, name, service, this.ip)
    await this.startContainer()
  }

  private async startContainer(): Promise<void> {
    if (this.ending) return
    const { namespace, name, uid, labels = {} } = this.pod.metadata
    try {
      const context: ContainerContext = {
        namespace,
        pod: name,
        container: this.spec.name,
        image: this.spec.image,
        labels,
        ip: this.ip,
        env: await this.environment(),
        scratch: join(this.folder, 'scratch'),
        volume: join(this.options.folder, 'volumes', `${namespace}_${name}`),
        kubeconfig: this.options.kubeconfig,
      }
      mkdirSync(context.volume, { recursive: true })
      // Programs that run as another user than root reach their own folders.
      for (const folder of [context.volume, context.scratch]) chmodSync(folder, 0o777)
      this.launch = await this.options.partFor(this.spec.image).launch(context)
      this.sandbox ??= await PodSandbox.create({
        ip: this.ip,
        id: uid.slice(0, 8),
        folder: this.folder,
        hostsFile: this.options.hostsFile(namespace),
        ...(this.spec.resources?.limits?.memory
          ? { memoryLimit: bytes(this.spec.resources.limits.memory) }
          : {}),
        ...(this.launch.mounts ? { mounts: this.launch.mounts } : {}),
      })
      for (const argv of this.launch.prepare ?? [])
        await this.sandbox.run(argv, this.launch.env, this.launch.user ? { user: this.launch.user } : {})
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause)
      const pull = message.startsWith('ErrImagePull: ')
      this.view.waiting = pull
        ? { reason: 'ImagePullBackOff', message: `Back-off pulling image "${this.spec.image}": ${message}` }
        : { reason: 'CreateContainerError', message }
      await this.event(
        'Warning',
        'Failed',
        pull ? `Failed to pull image "${this.spec.image}": ${message}` : message,
      )
      await this.tell()
      this.after(10_000, () => this.startContainer())
      return
    }
    if (this.ending) return
    const logs = turnLog(this.folder)
    const started = new ContainerProcess(this.sandbox, this.launch, logs.current)
    this.process = started
    this.view = {
      ...this.view,
      containerId: `containerd://${uid}-${this.view.restarts}`,
      running: { startedAt: started.startedAt },
      ready: !this.spec.readinessProbe,
    }
    delete this.view.waiting
    void this.event('Normal', 'Started', `Started container ${this.spec.name}`)
    await this.tell()
    // At the end of the cluster containers end after the API server, and there is nobody left to be told.
    void started.exited
      .then((exit) => this.exited(started, exit))
      .catch((cause) => console.error(`${this.key}: ${cause}`))
    for (const kind of ['readiness', 'liveness'] as const) this.watch(kind, started)
  }

  private async exited(process: ContainerProcess, exit: Exit): Promise<void> {
    if (this.ending || this.process !== process) return
    this.process = undefined
    delete this.view.running
    const wait = BACK_OFF_MS[Math.min(this.view.restarts, BACK_OFF_MS.length - 1)] ?? 60_000
    this.view = {
      ...this.view,
      ready: false,
      last: exit,
      waiting: {
        reason: 'CrashLoopBackOff',
        message: `back-off ${wait / 1000}s restarting failed container=${this.spec.name} pod=${this.pod.metadata.name}_${this.pod.metadata.namespace}(${this.pod.metadata.uid})`,
      },
    }
    // What the program left running would hold its ports; the next run starts in the same pod.
    process.signal('SIGKILL')
    await this.tell()
    if (this.view.restarts > 0)
      void this.event(
        'Warning',
        'BackOff',
        `Back-off restarting failed container ${this.spec.name} in pod ${this.pod.metadata.name}`,
      )
    this.after(wait, () => this.again())
  }

  private again(): void {
    if (this.held) {
      this.after(500, () => this.again())
      return
    }
    this.view.restarts += 1
    void this.startContainer().catch((cause) => console.error(`${this.key}: ${cause}`))
  }

  private watch(kind: 'readiness' | 'liveness', process: ContainerProcess): void {
    const wanted: Probe | undefined = this.spec[`${kind}Probe`]
    if (!wanted) return
    let failures = 0
    let toldAt = 0
    const period = (wanted.periodSeconds ?? 10) * 1000
    const look = async () => {
      if (this.ending || this.process !== process) return
      const failure = await probe(this.ip, wanted, this.spec.ports ?? [])
      if (this.ending || this.process !== process) return
      failures = failure === undefined ? 0 : failures + 1
      if (failure !== undefined && Date.now() - toldAt >= 1_000) {
        toldAt = Date.now()
        void this.event(
          'Warning',
          'Unhealthy',
          `${kind === 'readiness' ? 'Readiness' : 'Liveness'} probe failed: ${failure}`,
        )
      }
      const out = failures >= (wanted.failureThreshold ?? 3)
      if (kind === 'readiness' && (failure === undefined ? !this.view.ready : out && this.view.ready)) {
        this.view.ready = failure === undefined
        await this.tell()
      }
      if (kind === 'liveness' && out) {
        void this.event(
          'Normal',
          'Killing',
          `Container ${this.spec.name} failed liveness probe, will be restarted`,
        )
        await process.stop(GRACE_MS)
        return
      }
      // A container that is not ready yet is asked more often, as kubelets do after a start.
      this.after(kind === 'readiness' && !this.view.ready ? Math.min(period, STARTING_MS) : period, look)
    }
    this.after((wanted.initialDelaySeconds ?? 0) * 1000 + 300, look)
  }

  /** Runs what `kubectl exec` would, without the API server in between: for the harness itself. */
  async exec(argv: string[], stdin = ''): Promise<string> {
    const program = this.launch?.programs[argv[0] ?? '']
    if (!this.sandbox || !this.launch || !program) throw new Error(`${this.key} cannot run ${argv[0]}.`)
    return this.sandbox.run([program, ...argv.slice(1)], this.launch.env, { stdin })
  }

  /** Ends the container's processes hard and does not start them again before `release`. */
  hold(): void {
    this.held = true
    this.process?.signal('SIGKILL')
  }

  release(): void {
    this.held = false
  }

  /** Its programs stand still, as on a machine that swaps: connections are taken, nothing is answered. */
  freeze(): void {
    this.process?.signal('SIGSTOP')
  }

  thaw(): void {
    this.process?.signal('SIGCONT')
  }

  /** Ends the pod: the object goes when its processes have. */
  async end(): Promise<void> {
    if (this.ending) return
    this.ending = true
    for (const timer of this.timers) clearTimeout(timer)
    const { namespace, name, uid } = this.pod.metadata
    this.view.ready = false
    await this.tell().catch(() => undefined) // the pod may be gone from the API server already
    await this.process?.stop(GRACE_MS)
    await this.sandbox?.destroy()
    this.options.named(namespace, name, '', undefined)
    rmSync(this.kubeletFile, { force: true })
    await this.remove(uid)
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Takes the object off the API server, however long that is away: a kubelet tells it until it hears, too. */
  private async remove(uid: string): Promise<void> {
    const options = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      gracePeriodSeconds: 0,
      preconditions: { uid },
    }
    for (let tries = 0; tries < REMOVE_TRIES; tries++) {
      const answer = await this.options.api.send('DELETE', this.path, options).catch(() => undefined)
      if (answer && answer.status < 500 && answer.status !== 429) return
      await new Promise((resolve) => setTimeout(resolve, REMOVE_AGAIN_MS).unref())
    }
    console.error(`${this.key}: the API server was not told that it ended`)
  }

  /** Writes the status when it differs from the last one written. */
  private async tell(): Promise<void> {
    this.tellKubelet()
    const status = podStatus(this.pod, this.sandbox ? this.ip : undefined, this.options.hostIp, this.view)
    const text = JSON.stringify({ ...this.view, ip: status.podIP })
    if (text === this.lastStatus) return
    const answer = await this.options.api
      .merge(`${this.path}/status`, { metadata: { uid: this.pod.metadata.uid }, status })
      .catch(() => ({ status: 0, body: undefined }))
    if (answer.status === 200) {
      this.lastStatus = text
      this.pod = answer.body
    } else if (answer.status !== 404 && answer.status !== 409 && !this.ending) {
      // The API server is away: said again until it hears.
      this.after(500, () => this.tell())
    }
  }

  /** Writes down what the kubelet's exec, logs and metrics need to know of this pod. */
  tellKubelet(usage?: { cpuSeconds: number; memoryBytes: number }): void {
    // The folder goes with the cluster, while programs still end.
    if (this.ending || !existsSync(dirname(this.kubeletFile))) return
    const { namespace, name } = this.pod.metadata
    const half = `${this.kubeletFile}.part`
    writeFileSync(
      half,
      JSON.stringify({
        namespace,
        name,
        node: this.pod.spec.nodeName,
        container: this.spec.name,
        ip: this.ip,
        pid: this.process && this.sandbox ? this.sandbox.pid : 0,
        waiting: this.view.waiting?.reason ?? 'ContainerCreating',
        env: this.launch?.env ?? {},
        programs: this.launch?.programs ?? {},
        log: join(this.folder, 'current.log'),
        previous: join(this.folder, 'previous.log'),
        startedAt: this.view.running ? Date.parse(this.view.running.startedAt) / 1000 : 0,
        ...usage,
      }),
    )
    // Renamed when whole: the kubelet reads at any time.
    renameSync(half, this.kubeletFile)
  }

  private async environment(): Promise<Record<string, string>> {
    const { namespace } = this.pod.metadata
    const env: Record<string, string> = {}
    for (const from of this.spec.envFrom ?? []) {
      const [plural, name] = from.configMapRef
        ? ['configmaps', from.configMapRef.name]
        : ['secrets', from.secretRef.name]
      const object = await this.options.api.get(`/api/v1/namespaces/${namespace}/${plural}/${name}`)
      for (const [key, value] of Object.entries<string>(object.data ?? {}))
        env[key] = plural === 'secrets' ? Buffer.from(value, 'base64').toString('utf8') : value
    }
    for (const one of this.spec.env ?? []) if (one.value !== undefined) env[one.name] = one.value
    env.PORTS = (this.spec.ports ?? []).map((one: { containerPort: number }) => one.containerPort).join(',')
    return env
  }

  private async event(type: 'Normal' | 'Warning', reason: string, message: string): Promise<void> {
    const { namespace, name, uid } = this.pod.metadata
    const path = `/api/v1/namespaces/${namespace}/events`
    const at = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
    const eventName = `${name}.${reason.toLowerCase()}${hash(message)}`
    // An event that is lost while the API server is away is lost in life too.
    const lost = () => ({ status: 0, body: {} as Json })
    const made = await this.options.api
      .send('POST', path, {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: eventName, namespace },
        involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name, uid },
        type,
        reason,
        message: message.slice(0, 1000),
        source: { component: 'kubelet', host: this.pod.spec.nodeName },
        firstTimestamp: at,
        lastTimestamp: at,
        count: 1,
      })
      .catch(lost)
    if (made.status !== 409) return
    const before = await this.options.api.send('GET', `${path}/${eventName}`).catch(lost)
    if (before.status !== 200) return
    const count = (before.body.count ?? 1) + 1
    await this.options.api.merge(`${path}/${eventName}`, { count, lastTimestamp: at }).catch(lost)
  }

  private after(ms: number, work: () => unknown): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      Promise.resolve(work()).catch((cause) => console.error(`${this.key}: ${cause}`))
    }, ms)
    this.timers.add(timer)
  }
}

function hash(text: string): string {
  let value = 5381
  for (const char of text) value = (value * 33 + char.charCodeAt(0)) >>> 0
  return value.toString(16)
}

/** `512Mi` in bytes. */
export function bytes(quantity: string): number {
  const [, number = '0', unit = ''] = /^([\d.]+)([KMGT]i?)?$/.exec(quantity) ?? []
  const power = { '': 0, K: 1, M: 2, G: 3, T: 4 }[unit.charAt(0)] ?? 0
  return Math.round(Number(number) * (unit.endsWith('i') ? 1024 : 1000) ** power)
}
