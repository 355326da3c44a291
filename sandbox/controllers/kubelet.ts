import { qosOf } from '../api/defaults'
import type { Store } from '../api/store'
import type {
  ContainerInstance,
  ExecOutcome,
  KubeObject,
  PodRuntime,
  ProgramHttpRequest,
  ProgramHttpResponse,
} from '../types'
import { type Probe, probeAnswer } from './probes'
import type { Recorder } from './recorder'

interface Running {
  pod: string
  container: string
  restart: number
  startedAt: number
  ready: boolean
  failures: { readiness: number; liveness: number }
  lastProbe: { readiness: number; liveness: number }
  /** True while the process runs. */
  up: boolean
  startAgainAt?: number
}

/** Start-up times in ms: an image that is on the node already, and a process that boots fast. */
const CREATE_MS = 350
/** Back-off of restarts: 10 s doubling to 5 min in kubelet; shortened here so that practice does not wait. */
const BACKOFF_MS = [1_000, 4_000, 8_000, 15_000, 30_000]
/** Probe periods are honoured but never slower than this, so that a cure shows within seconds. */
const MAX_PROBE_PERIOD_MS = 1_000

/** Runs containers through the PodRuntime, probes them, restarts them, and writes pod status. */
export class Kubelet {
  private readonly running = new Map<string, Running>()
  private readonly creating = new Map<string, number>()

  constructor(
    private readonly store: Store,
    readonly runtime: PodRuntime,
    private readonly recorder: Recorder,
    readonly now: () => number,
  ) {}

  /** One pass over all pods; called often. */
  tick(): void {
    const now = this.now()
    for (const pod of this.store.list('Pod')) {
      if (!pod.spec.nodeName || pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') continue
      if (pod.metadata.deletionTimestamp) {
        this.terminate(pod)
        continue
      }
      for (const spec of pod.spec.containers) this.step(pod, spec.name, now)
    }
    const there = new Set(this.store.list('Pod').map((pod) => pod.metadata.uid))
    for (const [key, state] of this.running) if (!there.has(state.pod)) this.running.delete(key)
  }

  /** Starts a pod at once, as one that has run for long: for the healthy beginning. */
  startNow(pod: KubeObject, startedAt: number): void {
    for (const spec of pod.spec.containers) {
      this.launch(pod, spec.name, 0, startedAt)
      const state = this.running.get(key(pod, spec.name))
      if (state) state.ready = true
    }
    this.writeStatus(pod)
  }

  /** The container instance of a pod as it is now; also of one that is down (for logs of a crash). */
  instanceOf(pod: KubeObject, container: string): ContainerInstance {
    return { pod, container, restart: this.running.get(key(pod, container))?.restart ?? 0 }
  }

  instances(): ContainerInstance[] {
    const pods = new Map(this.store.list('Pod').map((pod) => [pod.metadata.uid, pod]))
    return [...this.running.values()].flatMap((state) => {
      if (!state.up) return []
      const pod = pods.get(state.pod)
      return pod ? [{ pod, container: state.container, restart: state.restart }] : []
    })
  }

  private isUp(pod: KubeObject, container: string): boolean {
    return this.running.get(key(pod, container))?.up === true
  }

  async exec(pod: KubeObject, container: string, argv: string[], stdin: string): Promise<ExecOutcome> {
    if (!this.isUp(pod, container))
      throw new Error(`unable to upgrade connection: container not found ("${container}")`)
    return this.runtime.exec(this.instanceOf(pod, container), argv, stdin)
  }

  /** A new connection to a port: 'refused', 'http', or the answers of a program with a protocol of its own. */
  connect(pod: KubeObject, port: number): 'refused' | 'http' | ((chunk: Buffer) => Buffer) {
    for (const spec of pod.spec.containers) {
      if (!this.isUp(pod, spec.name)) continue
      const instance = this.instanceOf(pod, spec.name)
      if (this.runtime.listens(instance, port)) return this.runtime.connect?.(instance, port) ?? 'http'
    }
    return 'refused'
  }

  async http(
    pod: KubeObject,
    port: number,
    request: ProgramHttpRequest,
  ): Promise<ProgramHttpResponse | 'refused'> {
    for (const spec of pod.spec.containers) {
      if (!this.isUp(pod, spec.name)) continue
      const instance = this.instanceOf(pod, spec.name)
      if (this.runtime.listens(instance, port)) return this.runtime.http(instance, port, request)
    }
    return 'refused'
  }

  /** A ready pod behind a service port, and the pod's port; undefined when there is none. */
  endpointFor(
    namespace: string,
    service: string,
    port: number,
  ): { pod: KubeObject; port: number } | undefined {
    const endpoints = this.store.get('Endpoints', namespace, service)
    const spec = this.store.get('Service', namespace, service)?.spec
    const name = spec?.ports?.find((one: { port: number }) => one.port === port)?.name
    const ready = (endpoints?.subsets ?? []).flatMap(
      (subset: {
        addresses?: { targetRef: { name: string } }[]
        ports: { name?: string; port: number }[]
      }) => {
        const target = subset.ports.find((one) => one.name === name) ?? subset.ports[0]
        return (subset.addresses ?? []).map((address) => ({
          pod: address.targetRef.name,
          port: target?.port ?? port,
        }))
      },
    ) as { pod: string; port: number }[]
    const chosen = ready[Math.floor(Math.random() * ready.length)]
    const pod = chosen ? this.store.get('Pod', namespace, chosen.pod) : undefined
    return chosen && pod ? { pod, port: chosen.port } : undefined
  }

  private step(pod: KubeObject, container: string, now: number): void {
    const id = key(pod, container)
    const state = this.running.get(id)
    if (!state) {
      const since = this.creating.get(id)
      if (since === undefined) {
        this.creating.set(id, now)
        this.writeStatus(pod)
      } else if (now - since >= CREATE_MS) {
        this.creating.delete(id)
        this.launch(pod, container, 0, now)
        this.writeStatus(pod)
      }
      return
    }
    if (!state.up) {
      if (state.startAgainAt !== undefined && now >= state.startAgainAt) {
        this.launch(pod, container, state.restart + 1, now)
        this.writeStatus(pod)
      }
      return
    }
    void this.probe(pod, state, now)
  }

  private launch(pod: KubeObject, container: string, restart: number, startedAt: number): void {
    const id = key(pod, container)
    const spec = pod.spec.containers.find((one: { name: string }) => one.name === container)
    const started = this.runtime.start({ pod, container, restart })
    if (started.pullError) {
      this.pullFailed(pod, container, spec.image, started.pullError)
      return
    }
    const state: Running = {
      pod: pod.metadata.uid,
      container,
      restart,
      startedAt,
      ready: !spec.readinessProbe,
      failures: { readiness: 0, liveness: 0 },
      lastProbe: { readiness: 0, liveness: 0 },
      up: true,
    }
    this.running.set(id, state)
    if (this.now() - startedAt < 5_000) {
      this.recorder.event(
        pod,
        'Normal',
        'Pulled',
        `Container image "${spec.image}" already present on machine`,
        'kubelet',
      )
      this.recorder.event(pod, 'Normal', 'Created', `Created container: ${container}`, 'kubelet')
      this.recorder.event(pod, 'Normal', 'Started', `Started container ${container}`, 'kubelet')
    }
    void started.exited.then((exit) => {
      if (this.running.get(id) !== state || !state.up) return
      this.exited(pod, state, exit)
    })
  }

  private exited(
    pod: KubeObject,
    state: Running,
    exit: { exitCode: number; reason: string; message?: string },
  ): void {
    state.up = false
    state.ready = false
    const wait = BACKOFF_MS[Math.min(state.restart, BACKOFF_MS.length - 1)] ?? 30_000
    state.startAgainAt = this.now() + wait
    const current = this.store.get('Pod', pod.metadata.namespace, pod.metadata.name)
    if (!current) return
    if (state.restart > 0) {
      this.recorder.event(
        current,
        'Warning',
        'BackOff',
        `Back-off restarting failed container ${state.container} in pod ${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`,
        'kubelet',
      )
    }
    this.writeStatus(current, { container: state.container, ...exit })
  }

  private pullFailed(pod: KubeObject, container: string, image: string, error: string): void {
    const message = `Failed to pull image "${image}": ${error}`
    this.creating.set(key(pod, container), this.now() + 2_000)
    this.recorder.event(pod, 'Warning', 'Failed', message, 'kubelet')
    this.recorder.event(pod, 'Warning', 'Failed', 'Error: ImagePullBackOff', 'kubelet')
    this.setStatus(pod, container, {
      waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}": ${error}` },
    })
  }

  private async probe(pod: KubeObject, state: Running, now: number): Promise<void> {
    const spec = pod.spec.containers.find((one: { name: string }) => one.name === state.container)
    for (const kind of ['readiness', 'liveness'] as const) {
      const probe: Probe | undefined = spec?.[`${kind}Probe`]
      if (!probe) continue
      const period = Math.min((probe.periodSeconds ?? 10) * 1000, MAX_PROBE_PERIOD_MS)
      if (now - state.lastProbe[kind] < period) continue
      state.lastProbe[kind] = now
      const failure = await probeAnswer(this.runtime, this.instanceOf(pod, state.container), spec, probe)
      if (!state.up || this.running.get(key(pod, state.container)) !== state) return
      this.judge(pod, state, kind, probe, failure)
    }
  }

  private judge(
    pod: KubeObject,
    state: Running,
    kind: 'readiness' | 'liveness',
    probe: Probe,
    failure: string | undefined,
  ): void {
    const current = this.store.get('Pod', pod.metadata.namespace, pod.metadata.name)
    if (!current) return
    if (failure === undefined) {
      state.failures[kind] = 0
      if (kind === 'readiness' && !state.ready) {
        state.ready = true
        this.writeStatus(current)
      }
      return
    }
    state.failures[kind] += 1
    const word = kind === 'readiness' ? 'Readiness' : 'Liveness'
    this.recorder.event(current, 'Warning', 'Unhealthy', `${word} probe failed: ${failure}`, 'kubelet')
    if (state.failures[kind] < Math.min(probe.failureThreshold ?? 3, 2)) return
    if (kind === 'readiness' && state.ready) {
      state.ready = false
      this.writeStatus(current)
    }
    if (kind === 'liveness') {
      this.recorder.event(
        current,
        'Normal',
        'Killing',
        `Container ${state.container} failed liveness probe, will be restarted`,
        'kubelet',
      )
      void this.runtime
        .stop(this.instanceOf(current, state.container))
        .then(() => this.exited(current, state, { exitCode: 137, reason: 'Error' }))
    }
  }

  private terminate(pod: KubeObject): void {
    for (const spec of pod.spec.containers) {
      const id = key(pod, spec.name)
      const state = this.running.get(id)
      this.running.delete(id)
      this.creating.delete(id)
      // Also one that has exited and waits to be started again: its remains must go with the pod.
      if (state) void this.runtime.stop({ pod, container: spec.name, restart: state.restart })
    }
    const { namespace, name } = pod.metadata
    // The grace period is over: the object goes when its containers have.
    if (this.now() - Date.parse(pod.metadata.deletionTimestamp) >= 300)
      this.recorder.removePod(namespace, name)
  }

  private setStatus(pod: KubeObject, container: string, state: object): void {
    this.store.change(
      'Pod',
      pod.metadata.namespace,
      pod.metadata.name,
      (one) => {
        const statuses = one.status?.containerStatuses ?? []
        const at = statuses.findIndex((status: { name: string }) => status.name === container)
        const spec = one.spec.containers.find((candidate: { name: string }) => candidate.name === container)
        const status = {
          name: container,
          image: spec.image,
          imageID: '',
          ready: false,
          started: false,
          restartCount: 0,
          ...statuses[at],
          state,
        }
        if (at >= 0) statuses[at] = status
        else statuses.push(status)
        one.status = { ...one.status, phase: 'Pending', containerStatuses: statuses }
      },
      { status: true },
    )
  }

  private writeStatus(
    pod: KubeObject,
    exit?: { container: string; exitCode: number; reason: string; message?: string },
  ): void {
    this.store.change(
      'Pod',
      pod.metadata.namespace,
      pod.metadata.name,
      (one) => {
        const before: Record<string, { lastState?: object; state?: { terminated?: object } }> =
          Object.fromEntries(
            (one.status?.containerStatuses ?? []).map((status: { name: string }) => [status.name, status]),
          )
        const statuses = one.spec.containers.map((spec: { name: string; image: string }) => {
          const state = this.running.get(key(pod, spec.name))
          const earlier = before[spec.name]
          const ended =
            exit?.container === spec.name
              ? {
                  terminated: {
                    exitCode: exit.exitCode,
                    reason: exit.reason,
                    ...(exit.message ? { message: exit.message } : {}),
                    startedAt: iso(state?.startedAt ?? this.now()),
                    finishedAt: iso(this.now()),
                    containerID: `containerd://${pod.metadata.uid}-${state?.restart ?? 0}`,
                  },
                }
              : undefined
          return {
            name: spec.name,
            image: spec.image,
            imageID: `sha256:${pod.metadata.uid.replaceAll('-', '')}`,
            containerID: `containerd://${pod.metadata.uid}-${state?.restart ?? 0}`,
            ready: state?.up === true && state.ready,
            started: state?.up === true,
            restartCount: state?.restart ?? 0,
            lastState: ended ?? earlier?.lastState ?? {},
            state: state?.up
              ? { running: { startedAt: iso(state.startedAt) } }
              : state
                ? {
                    waiting: {
                      reason: 'CrashLoopBackOff',
                      message: `back-off restarting failed container=${spec.name} pod=${pod.metadata.name}_${pod.metadata.namespace}`,
                    },
                  }
                : { waiting: { reason: 'ContainerCreating' } },
          }
        })
        const ready = statuses.every((status: { ready: boolean }) => status.ready)
        const since = one.status?.conditions?.find(
          (condition: { type: string; status: string }) =>
            condition.type === 'Ready' && condition.status === String(ready ? 'True' : 'False'),
        )?.lastTransitionTime
        const at =
          since ??
          iso(
            one.status?.conditions
              ? this.now()
              : Math.min(this.now(), Date.parse(one.metadata.creationTimestamp)),
          )
        const condition = (type: string, good: boolean) => ({
          type,
          status: good ? 'True' : 'False',
          lastProbeTime: null,
          lastTransitionTime: at,
          ...(good
            ? {}
            : {
                reason: 'ContainersNotReady',
                message: `containers with unready status: [${statuses
                  .filter((status: { ready: boolean }) => !status.ready)
                  .map((status: { name: string }) => status.name)
                  .join(' ')}]`,
              }),
        })
        one.status = {
          ...one.status,
          phase: this.running.has(key(pod, one.spec.containers[0].name)) ? 'Running' : 'Pending',
          conditions: [
            condition('PodReadyToStartContainers', true),
            condition('Initialized', true),
            condition('Ready', ready),
            condition('ContainersReady', ready),
            condition('PodScheduled', true),
          ],
          containerStatuses: statuses,
          qosClass: qosOf(one.spec),
          startTime:
            one.status?.startTime ??
            iso(this.running.get(key(pod, one.spec.containers[0].name))?.startedAt ?? this.now()),
        }
      },
      { status: true },
    )
  }
}

function key(pod: KubeObject, container: string): string {
  return `${pod.metadata.uid}/${container}`
}

function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}
