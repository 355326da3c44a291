/**
 * The seam inside the practice cluster. `sandbox/api` and `sandbox/controllers` are the Kubernetes side
 * (storage, REST, kubelet, controllers); `sandbox/world` is what runs in it (manifests, programs, faults).
 * Nothing in sandbox/ imports from lib/.
 */

export type KubeObject = {
  apiVersion: string
  kind: string
  // biome-ignore lint/suspicious/noExplicitAny: stored API objects are open JSON
  metadata: Record<string, any>
  // biome-ignore lint/suspicious/noExplicitAny: stored API objects are open JSON
  [field: string]: any
}

export interface LogLine {
  /** Unix milliseconds. */
  at: number
  text: string
}

export interface ProgramHttpRequest {
  method: string
  /** With query string. */
  path: string
  headers: Record<string, string>
  body: string
}

export interface ProgramHttpResponse {
  status: number
  headers?: Record<string, string>
  body: string
}

export interface ExecOutcome {
  stdout: string
  stderr: string
  exitCode: number
}

/** Identifies one container instance; `restart` counts up with each restart of the container. */
export interface ContainerInstance {
  pod: KubeObject
  container: string
  restart: number
}

/** What a kubelet asks of the processes in the pods. Implemented by sandbox/world. */
export interface PodRuntime {
  /**
   * The container's process starts. `exited` settles when the process ends by itself (crash, OOM), and
   * never while it runs well. `pullError` keeps the container waiting in ErrImagePull/ImagePullBackOff.
   */
  start(instance: ContainerInstance): {
    pullError?: string
    exited: Promise<{ exitCode: number; reason: 'Error' | 'OOMKilled' | 'Completed'; message?: string }>
  }
  /** SIGTERM; resolves when the process is gone. */
  stop(instance: ContainerInstance): Promise<void>
  exec(instance: ContainerInstance, argv: string[], stdin: string): Promise<ExecOutcome>
  /** 'refused' when nothing listens on that port. */
  http(
    instance: ContainerInstance,
    port: number,
    request: ProgramHttpRequest,
  ): Promise<ProgramHttpResponse | 'refused'>
  /** For a program that does not speak HTTP: answers to the bytes of one new connection to that port. */
  connect?(instance: ContainerInstance, port: number): ((chunk: Buffer) => Buffer) | undefined
  /** Whether a TCP connection to the port is accepted (tcpSocket probes). */
  listens(instance: ContainerInstance, port: number): boolean
  /** All lines of the current instance, or of the previous one; oldest first. */
  logs(instance: ContainerInstance, previous: boolean): LogLine[]
  /** Calls back for each new line until the returned function is called (log follow). */
  follow(instance: ContainerInstance, line: (line: LogLine) => void): () => void
  /** undefined when it is not running: metrics.k8s.io then leaves the pod out. */
  usage(instance: ContainerInstance): { cpuMillicores: number; memoryBytes: number } | undefined
}

/** What sandbox/world may do to the cluster: the same storage the REST API serves. */
export interface ClusterHandle {
  /** Creates or replaces; bumps resourceVersion, tells watchers, runs controllers. */
  apply(object: KubeObject, manager?: string): KubeObject
  get(kind: string, namespace: string | undefined, name: string): KubeObject | undefined
  list(kind: string, namespace?: string, labels?: Record<string, string>): KubeObject[]
  /** Changes a stored object in place by a function; returns the new one. */
  update(
    kind: string,
    namespace: string | undefined,
    name: string,
    change: (object: KubeObject) => void,
    manager?: string,
  ): KubeObject | undefined
  remove(kind: string, namespace: string | undefined, name: string): void
  /** Records a core/v1 Event about an object. */
  event(about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, source?: string): void
  /** Called after every change of an object of that kind. Returns unsubscribe. */
  onChange(
    kind: string,
    listener: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject) => void,
  ): () => void
  /** The running container instances, for the world's ticks. */
  instances(): ContainerInstance[]
  now(): number
  /** Forgets past changes, as etcd's compaction does: who resumes a watch from before gets 410. */
  compact(): void
}

export interface Fault {
  /** Kebab case, stable: `db-pool-exhausted`. */
  name: string
  title: string
  /** What it teaches, in a sentence. */
  teaches: string
  /** Ids of every card of runbooks/backend-services.md that turns warn or fail while it is on. */
  cards: string[]
  /** The kind of fix that cures it, for the practice page's score; not shown until asked for. */
  cure: string
}

/** Implemented by sandbox/world, driven by sandbox/server. */
export interface World {
  runtime: PodRuntime
  /** Creates all objects, fills history, starts the ticks. */
  start(cluster: ClusterHandle): Promise<void>
  faults: readonly Fault[]
  /** Whether a fault is present now, computed from state (so a cure switches it off by itself). */
  active(name: string): boolean
  /** Resolves when it shows. Rejects with a sentence for an unknown name. */
  /** `settle: false` returns as soon as the fault is there; its symptoms then follow within seconds. */
  inject(name: string, options?: { settle?: boolean }): Promise<void>
  /** Takes a fault away without a cure (the practice page's switch). */
  clear(name: string): Promise<void>
  /** Back to the healthy start. */
  reset(): Promise<void>
  stop(): Promise<void>
}

/** What `startSandbox` in sandbox/server.ts returns. */
export interface RunningSandbox {
  url: string
  port: number
  /** A kubeconfig (YAML) that kubectl takes, context `practice`. */
  kubeconfig: string
  world: World
  /** API requests served since the start, without /sandbox/*. */
  requests(): number
  stop(): Promise<void>
}
