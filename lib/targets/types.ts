/**
 * What operations may ask of the outside world. Types only: operations import these, the engine hands
 * them an implementation. A ClusterReader has no method that changes anything, so a check cannot write.
 */
import type { Result } from '../core/result'
import type { LogLine } from './log-text'

/** A Kubernetes resource type, as in its REST path. */
export interface ResourceType {
  /** '' for the core group. */
  group: string
  version: string
  /** Plural, lower case: `pods`. */
  plural: string
  kind: string
  namespaced: boolean
}

export interface ObjectMeta {
  name: string
  namespace?: string
  uid?: string
  generation?: number
  resourceVersion?: string
  creationTimestamp?: string
  deletionTimestamp?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[]
  managedFields?: { manager?: string; operation?: string; time?: string; fieldsV1?: unknown }[]
}

/** Any API object. Narrow it with the types of @kubernetes/client-node (type imports are free). */
export interface KubeObject {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  // biome-ignore lint/suspicious/noExplicitAny: API objects are open; each verdict narrows what it reads
  [field: string]: any
}

export interface ListOptions {
  /** Absent: every namespace. */
  namespace?: string
  labelSelector?: string
  fieldSelector?: string
}

export interface LogRequest {
  namespace: string
  pod: string
  container?: string
  previous?: boolean
  tailLines?: number
  sinceSeconds?: number
  /** RFC 3339; instead of `sinceSeconds`. */
  sinceTime?: string
  /** Default 4 MiB. */
  limitBytes?: number
}

/** The newest lines of a container, at most 4,000. */
export interface RecentLinesRequest {
  namespace: string
  pod: string
  container?: string
  previous?: boolean
  /** `containerID` of the run that is meant; with it, what was read before need not be read again. */
  instance?: string
}

export interface HttpRequest {
  method: 'GET' | 'POST'
  path: string
  headers?: Record<string, string>
  body?: string
  /** Default 5,000 ms. */
  timeoutMs?: number
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string>
  body: string
  truncatedBytes: number
  ms: number
}

export interface ExecRequest {
  namespace: string
  pod: string
  container?: string
  /** Must match a rule of the allow-list for reading (ClusterReader) or changing (ClusterWriter). */
  argv: string[]
  stdin?: string
  /** Default 10,000 ms. */
  timeoutMs?: number
}

export interface ExecAnswer {
  stdout: string
  stderr: string
  exitCode: number
  truncatedBytes: number
  ms: number
}

/** A resource type as the API server's discovery names it. */
export interface DiscoveredType extends ResourceType {
  /** Plural, singular and short names, lower case. */
  names: string[]
  shortNames: string[]
  /** `all` for what `kubectl get all` lists. */
  categories: string[]
  verbs: string[]
}

/** The API server's own table of objects. Columns of a priority above 0 are for wide output. */
export interface ServerTable {
  columns: { name: string; priority: number; type: string; format: string }[]
  /** Cells are JSON as the server sends it; `object` is there when it was asked for. */
  rows: { cells: unknown[]; namespace: string; labels: Record<string, string>; object?: KubeObject }[]
  /** There were more rows than are read. */
  cutShort: boolean
}

/** Pods that run Kafka brokers, the one to ask first in front. */
export interface KafkaBrokers {
  namespace: string
  /** Of the listener for clients inside the cluster. */
  port: number
  /** `address`: its stable name in the cluster, where it has one; `ips`: others under which it may be advertised. */
  pods: { name: string; address?: string; ips: string[] }[]
}

export interface KafkaState {
  askedPod: string
  /** Pods asked before that one, which did not answer. */
  silentPods: string[]
  /** Broker ids; `leader` is never absent (see readKafka). */
  partitions: { topic: string; partition: number; leader: number; replicas: number[]; inSync: number[] }[]
  groups: {
    group: string
    /** Offsets; `current` is absent where nothing was committed, `member` where no consumer holds the partition. */
    partitions: {
      topic: string
      partition: number
      current?: number
      end?: number
      member?: { id: string; host: string; client: string }
    }[]
  }[]
}

/** Rights of an account; `incomplete` when an authorizer cannot list all of its rules. */
export interface AccessRules {
  rules: { verbs: string[]; apiGroups: string[]; resources: string[]; names: string[] }[]
  incomplete: boolean
}

export interface ClusterReader {
  /** Name of the context, and whether it is the practice cluster. */
  readonly info: { name: string; practice: boolean }
  list(type: ResourceType, options?: ListOptions): Promise<Result<KubeObject[]>>
  get(type: ResourceType, name: string, namespace?: string): Promise<Result<KubeObject>>
  /**
   * One object by `name` or a list, as the table that kubectl prints, with the objects when `withObjects`; undefined
   * when the server makes none.
   */
  table(
    type: ResourceType,
    options: ListOptions & { name?: string; withObjects?: boolean },
  ): Promise<Result<ServerTable | undefined>>
  /** Every resource type that the API server serves, each in the version it prefers; kept for five minutes. */
  types(): Promise<Result<DiscoveredType[]>>
  /** Every `group/version` that the API server serves, `v1` for the core group, in its order; kept as long. */
  groupVersions(): Promise<Result<string[]>>
  /**
   * Log text with a leading RFC 3339 timestamp on each line (`timestamps=true`). `cut`: there is more, nobody knows how
   * much, since a kubelet stops at `limitBytes`.
   */
  logs(request: LogRequest): Promise<Result<{ text: string; cut: boolean }>>
  /** The newest lines that a container has written, the oldest first. */
  recentLines(request: RecentLinesRequest): Promise<Result<readonly LogLine[]>>
  /** GET through `pods/NAME:PORT/proxy`. With an `authorization` header it goes by port-forward instead, since the API server strips that header. */
  podGet(
    pod: { namespace: string; name: string; port: number },
    request: Omit<HttpRequest, 'method' | 'body'>,
  ): Promise<Result<HttpAnswer>>
  /** GET through `services/NAME:PORT/proxy`; `port` is a name or number as text. */
  serviceGet(
    service: { namespace: string; name: string; port: string },
    request: Omit<HttpRequest, 'method' | 'body'>,
  ): Promise<Result<HttpAnswer>>
  /** GET of a path of the API server itself, with its query, as `kubectl get --raw`; whyNotAsked says which are. */
  rawGet(path: string): Promise<Result<HttpAnswer>>
  exec(request: ExecRequest): Promise<Result<ExecAnswer>>
  /** Topics, groups and offsets over Kafka's own protocol, through port-forwards. */
  kafka(brokers: KafkaBrokers): Promise<Result<KafkaState>>
  /** What this account may do in a namespace, as the API server sums it up (SelfSubjectRulesReview). */
  rules(namespace: string): Promise<Result<AccessRules>>
  /**
   * Whether this account may, or `as` another: the API server then wants the right to impersonate. `reasons` are what
   * the API server gives of its own accord, often none.
   */
  canI(
    verb: string,
    resource:
      | { group?: string; resource: string; subresource?: string; namespace?: string; name?: string }
      | { path: string },
    as?: string,
  ): Promise<Result<{ allowed: boolean; reasons: string[] }>>
}

/** Parts of an object that are written by themselves: what a controller notes, and what somebody decides. */
export type Subresource = 'status' | 'approval'

export type PatchKind = 'strategic' | 'merge' | 'json'

export interface WriteOptions {
  /** Server-side dry run: admission and validation run, nothing is stored. */
  dryRun?: boolean
}

/** A dry run changes nothing, so previews may use it: see `Preview` in operations/types. */
export interface ClusterDryRun {
  dryPatch(
    type: ResourceType,
    name: string,
    namespace: string | undefined,
    kind: PatchKind,
    body: unknown,
    subresource?: Subresource,
  ): Promise<Result<KubeObject>>
  dryCreate(type: ResourceType, namespace: string | undefined, body: KubeObject): Promise<Result<KubeObject>>
  dryReplace(type: ResourceType, namespace: string | undefined, body: KubeObject): Promise<Result<KubeObject>>
}

export interface ClusterWriter extends ClusterReader {
  patch(
    type: ResourceType,
    name: string,
    namespace: string | undefined,
    kind: PatchKind,
    body: unknown,
    subresource?: Subresource,
  ): Promise<Result<KubeObject>>
  create(type: ResourceType, namespace: string | undefined, body: KubeObject): Promise<Result<KubeObject>>
  /** PUT; carries metadata.resourceVersion as the precondition. */
  replace(type: ResourceType, namespace: string | undefined, body: KubeObject): Promise<Result<KubeObject>>
  /** `uid` is sent as a precondition; without the others the server's own ways of removing hold. */
  remove(
    type: ResourceType,
    name: string,
    namespace: string | undefined,
    how: {
      uid?: string
      graceSeconds?: number
      propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
    },
  ): Promise<Result<KubeObject>>
  /** POST to pods/NAME/eviction: respects PodDisruptionBudgets; `conflict` (429) when one refuses. */
  evict(pod: { namespace: string; name: string; uid?: string }): Promise<Result<void>>
  podPost(
    pod: { namespace: string; name: string; port: number },
    request: Omit<HttpRequest, 'method'>,
  ): Promise<Result<HttpAnswer>>
  /** An argv of the changing allow-list. Sent once. */
  execWrite(request: ExecRequest): Promise<Result<ExecAnswer>>
  /** An argv as it stands in an installed runbook, after a second person approved its words. Sent once. */
  execTyped(request: ExecRequest): Promise<Result<ExecAnswer>>
}
