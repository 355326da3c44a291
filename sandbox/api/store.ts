import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../types'
import { apiVersionOf, type KindInfo, kindInfo } from './kinds'
import { ApiError, alreadyExists, conflict, notFound } from './status'

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED'
export interface StoreEvent {
  type: ChangeType
  object: KubeObject
  kind: string
  version: number
}

/** How many past changes a watch can resume from; older resourceVersions get 410 Gone, as etcd's compaction does. */
const HISTORY = 5_000

/** Kinds whose objects count their generations; autoscalers and the core kinds but Pods do not. */
const COUNTED = new Set([
  ...['Pod', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'PodDisruptionBudget', 'Ingress'],
  'EndpointSlice',
])
/** Written by the controller with the status, which counts for no generation. */
const REVISION = 'deployment.kubernetes.io/revision'

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`
}

/** Objects with resourceVersions, conflicts, generations and watchers: what etcd and the registry do together. */
export class Store {
  private readonly objects = new Map<string, Map<string, KubeObject>>()
  /** The same objects once more: controllers ask for those of one namespace all the time. */
  private readonly byNamespace = new Map<string, Map<string, Map<string, KubeObject>>>()
  private readonly listeners = new Set<(event: StoreEvent) => void>()
  private history: StoreEvent[] = []
  private version = 1_000
  /** Version of the newest change that is no longer kept. */
  private forgotten = 0

  constructor(private readonly now: () => number = Date.now) {}

  get resourceVersion(): string {
    return String(this.version)
  }

  private bucket(kind: string): Map<string, KubeObject> {
    let bucket = this.objects.get(kind)
    if (!bucket) {
      bucket = new Map()
      this.objects.set(kind, bucket)
    }
    return bucket
  }

  /** The stored object itself: callers must not change it. */
  get(kind: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.objects.get(kind)?.get(keyOf(namespace, name))
  }

  /** Stored objects of a kind, by namespace and name. */
  list(kind: string, namespace?: string): KubeObject[] {
    const found =
      namespace === undefined ? this.objects.get(kind) : this.byNamespace.get(kind)?.get(namespace)
    return [...(found?.values() ?? [])]
  }

  /** Adds an object; `dryRun` validates and answers without storing. */
  create(
    info: KindInfo,
    object: KubeObject,
    options: { dryRun?: boolean; manager?: string } = {},
  ): KubeObject {
    const metadata = { ...object.metadata }
    if (!metadata.name && metadata.generateName) {
      metadata.name = `${metadata.generateName}${Math.random().toString(36).slice(2, 7)}`
    }
    const created: KubeObject = {
      ...structuredClone(object),
      apiVersion: apiVersionOf(info),
      kind: info.kind,
      metadata: {
        ...metadata,
        uid: randomUUID(),
        creationTimestamp: metadata.creationTimestamp ?? this.timestamp(),
        ...(COUNTED.has(info.kind) ? { generation: 1 } : {}),
        managedFields: managed(
          [],
          info,
          'Update',
          options.manager ?? 'unknown',
          metadata.creationTimestamp ?? this.timestamp(),
        ),
      },
    }
    if (this.get(info.kind, metadata.namespace, metadata.name)) throw alreadyExists(info, metadata.name)
    return options.dryRun ? created : this.put('ADDED', info.kind, created)
  }

  /**
   * Replaces an object. A resourceVersion in it is a precondition (409 when it is not the stored one);
   * a change outside metadata and status raises the generation.
   */
  update(
    info: KindInfo,
    object: KubeObject,
    options: { dryRun?: boolean; manager?: string; status?: boolean; keepAge?: boolean } = {},
  ): KubeObject {
    const { namespace, name } = object.metadata
    const stored = this.get(info.kind, namespace, name)
    if (!stored) throw notFound(info, name)
    const wanted = object.metadata.resourceVersion
    if (wanted && wanted !== stored.metadata.resourceVersion) {
      throw conflict(
        info,
        name,
        'the object has been modified; please apply your changes to the latest version and try again',
      )
    }
    if (object.metadata.uid && object.metadata.uid !== stored.metadata.uid) {
      throw conflict(
        info,
        name,
        `Precondition failed: UID in precondition: ${object.metadata.uid}, UID in object meta: ${stored.metadata.uid}`,
      )
    }
    const next: KubeObject = structuredClone(object)
    next.apiVersion = apiVersionOf(info)
    next.kind = info.kind
    if (options.status) for (const key of Object.keys(stored)) if (key !== 'status') next[key] = stored[key]
    const { managedFields: _a, resourceVersion: _b, ...metadata } = next.metadata
    const { managedFields, resourceVersion: _c, ...storedMetadata } = stored.metadata
    next.metadata = {
      ...metadata,
      uid: stored.metadata.uid,
      creationTimestamp:
        options.keepAge === false ? metadata.creationTimestamp : stored.metadata.creationTimestamp,
    }
    const specChanged = !isDeepStrictEqual(withoutStatus(next), withoutStatus(stored))
    if (stored.metadata.generation !== undefined) {
      next.metadata.generation =
        stored.metadata.generation + (counts(info.kind, next, stored, specChanged) ? 1 : 0)
    }
    const same =
      !specChanged &&
      isDeepStrictEqual(next.metadata, storedMetadata) &&
      isDeepStrictEqual(next.status, stored.status)
    if (same) return stored
    next.metadata.managedFields = options.manager
      ? managed(managedFields ?? [], info, 'Update', options.manager, this.timestamp())
      : managedFields
    if (options.dryRun) {
      next.metadata.resourceVersion = stored.metadata.resourceVersion
      return next
    }
    return this.put('MODIFIED', info.kind, next)
  }

  /** Removes an object and tells watchers. */
  remove(info: KindInfo, namespace: string | undefined, name: string): KubeObject {
    const stored = this.get(info.kind, namespace, name)
    if (!stored) throw notFound(info, name)
    this.bucket(info.kind).delete(keyOf(namespace, name))
    this.byNamespace
      .get(info.kind)
      ?.get(stored.metadata.namespace ?? '')
      ?.delete(name)
    return this.tell('DELETED', info.kind, stored)
  }

  /** Changes an object by a function; no precondition. Undefined when it is not there. */
  change(
    kind: string,
    namespace: string | undefined,
    name: string,
    edit: (object: KubeObject) => void,
    options: { manager?: string; status?: boolean; keepAge?: boolean } = {},
  ): KubeObject | undefined {
    const stored = this.get(kind, namespace, name)
    if (!stored) return undefined
    const copy = structuredClone(stored)
    edit(copy)
    return this.update(kindInfo(kind), copy, options)
  }

  /** Every change of every kind from now on. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Changes of a kind after a resourceVersion; 410 when they are no longer kept. */
  since(kind: string, version: number): StoreEvent[] {
    if (version < this.forgotten)
      throw new ApiError(410, 'Expired', `too old resource version: ${version} (${this.forgotten})`)
    return this.history.filter((event) => event.kind === kind && event.version > version)
  }

  /** Forgets the past, so that watches must start anew: a fault of its own kind. */
  compact(): void {
    this.forgotten = this.version
    this.history = []
  }

  /** Whether the state at a resourceVersion can no longer be served. */
  isForgotten(version: number): boolean {
    return version < this.forgotten
  }

  timestamp(): string {
    return `${new Date(this.now()).toISOString().slice(0, 19)}Z`
  }

  private put(type: ChangeType, kind: string, object: KubeObject): KubeObject {
    const { namespace = '', name } = object.metadata
    this.bucket(kind).set(keyOf(namespace, name), object)
    const namespaces = this.byNamespace.get(kind) ?? new Map<string, Map<string, KubeObject>>()
    this.byNamespace.set(kind, namespaces)
    const own = namespaces.get(namespace) ?? new Map<string, KubeObject>()
    namespaces.set(namespace, own)
    own.set(name, object)
    return this.tell(type, kind, object)
  }

  private tell(type: ChangeType, kind: string, object: KubeObject): KubeObject {
    this.version += 1
    // A deleted object carries the version of its deletion, so that watchers can resume after it.
    const told = type === 'DELETED' ? { ...object, metadata: { ...object.metadata } } : object
    told.metadata.resourceVersion = String(this.version)
    const event: StoreEvent = { type, object: told, kind, version: this.version }
    this.history.push(event)
    if (this.history.length > HISTORY) this.forgotten = this.history.shift()?.version ?? this.forgotten
    for (const listener of this.listeners) listener(event)
    return told
  }
}

function counts(kind: string, next: KubeObject, stored: KubeObject, specChanged: boolean): boolean {
  // Being put on a node is no change of what a Pod should be.
  if (kind === 'Pod' && next.spec?.nodeName !== stored.spec?.nodeName) return false
  if (specChanged || kind !== 'Deployment') return specChanged
  const notes = ({ metadata }: KubeObject) => ({ ...metadata.annotations, [REVISION]: undefined })
  return !isDeepStrictEqual(notes(next), notes(stored))
}

function withoutStatus(object: KubeObject): Record<string, unknown> {
  const { metadata: _metadata, status: _status, ...rest } = object
  return rest
}

interface ManagedField {
  manager: string
  operation: string
  apiVersion: string
  time: string
}

function managed(
  before: ManagedField[],
  info: KindInfo,
  operation: string,
  manager: string,
  time: string,
): ManagedField[] {
  return [
    ...before.filter((field) => field.manager !== manager),
    { manager, operation, apiVersion: apiVersionOf(info), time },
  ]
}
