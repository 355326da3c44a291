import 'server-only'
import { KubeConfig } from '@kubernetes/client-node'
import { fail, ok, type Result } from '../../core/result'
import { mayChange, mayRead } from '../exec-allow-list'
import { RESOURCE, restPath } from '../resource-types'
import type {
  ClusterDryRun,
  ClusterReader,
  ClusterWriter,
  HttpAnswer,
  HttpRequest,
  KubeObject,
  ListOptions,
  PatchKind,
  RecentLinesRequest,
  ResourceType,
} from '../types'
import { Discovery } from './discovery'
import { readKafka } from './kafka'
import { listPages } from './listing'
import { LogMemory, readLines } from './log-memory'
import { isPlainPath } from './plain-path'
import { whyNotAsked } from './raw-path'
import { execIn, getByPortForward } from './streams'
import { readTable } from './tables'
import { Transport } from './transport'
import { PodCache } from './watch-cache'
import { watchedReader } from './watched-reader'

export interface Cluster {
  reader: ClusterReader
  writer: ClusterWriter
  dryRun: ClusterDryRun
  /**
   * The reader for checks where pods are watched: the same answers, pods from memory while that is proven fresh, and
   * of logs only what is new is asked for.
   */
  watched?: ClusterReader
  /** API requests sent so far. */
  requests(): number
  /** Ends what goes on in the background. */
  stop(): void
}

export interface ConnectOptions {
  /** Kubeconfig as YAML text, or a file, or neither for the usual places. */
  kubeconfig?: string
  kubeconfigFile?: string
  context?: string
  practice: boolean
  /** Keep the pods of all namespaces in memory by a watch, from the first time somebody asks for them, and logs that were read. */
  watchPods?: boolean
}

const PATCH_TYPES: Record<PatchKind, string> = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
}

/** Opens a cluster from a kubeconfig. Nothing is sent yet; a wrong context or file is an error. */
export function connectCluster(options: ConnectOptions): Result<Cluster> {
  const config = new KubeConfig()
  try {
    if (options.kubeconfig !== undefined) config.loadFromString(options.kubeconfig)
    else if (options.kubeconfigFile !== undefined) config.loadFromFile(options.kubeconfigFile)
    else config.loadFromDefault()
  } catch (cause) {
    return fail(
      'invalid_input',
      `The kubeconfig could not be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    )
  }
  if (options.context) {
    if (!config.getContextObject(options.context)) {
      const names = config.getContexts().map((context) => context.name)
      return fail('invalid_input', `The kubeconfig has no context ${options.context}.`, {
        hint: names.length ? `It has: ${names.join(', ')}.` : 'It has none at all.',
      })
    }
    config.setCurrentContext(options.context)
  }
  if (!config.getCurrentCluster())
    return fail(
      'invalid_input',
      'The kubeconfig names no cluster to use. Set CRASHCART_CONTEXT to one of its contexts.',
    )
  const transport = new Transport(config)
  const info = { name: config.getCurrentContext(), practice: options.practice }
  const pods = options.watchPods ? new PodCache(transport) : undefined
  const logs = new LogMemory((request) => writer.logs(request))
  const writer = new KubernetesCluster(transport, info, () => pods?.expire())
  return ok({
    reader: writer,
    writer,
    dryRun: writer,
    ...(pods ? { watched: watchedReader(writer, pods, logs) } : {}),
    requests: () => transport.requests(),
    stop: () => {
      pods?.stop()
      logs.stop()
    },
  })
}

/** The one implementation of reading, dry-running and writing; callers see only the interface they are handed. */
class KubernetesCluster implements ClusterWriter, ClusterDryRun {
  private readonly discovery: Discovery

  constructor(
    private readonly transport: Transport,
    readonly info: { name: string; practice: boolean },
    private readonly wrotePod: () => void,
  ) {
    this.discovery = new Discovery(transport)
  }

  table(...[type, options]: Parameters<ClusterReader['table']>): ReturnType<ClusterReader['table']> {
    return readTable(this.transport, type, options)
  }

  types(): ReturnType<ClusterReader['types']> {
    return this.discovery.types()
  }

  groupVersions(): ReturnType<ClusterReader['groupVersions']> {
    return this.discovery.groupVersions()
  }

  async list(type: ResourceType, options: ListOptions = {}): Promise<Result<KubeObject[]>> {
    const listed = await listPages(this.transport, type, options)
    return listed.ok ? ok(listed.value.items) : listed
  }

  get(type: ResourceType, name: string, namespace?: string): Promise<Result<KubeObject>> {
    return this.transport.json({
      method: 'GET',
      path: restPath(type, namespace, name),
      what: `reading ${type.kind} ${name}`,
    })
  }

  async logs(request: Parameters<ClusterReader['logs']>[0]): ReturnType<ClusterReader['logs']> {
    const limitBytes = request.limitBytes ?? 4 << 20
    const answer = await this.transport.send({
      method: 'GET',
      path: restPath(RESOURCE.Pod, request.namespace, request.pod, 'log'),
      query: {
        timestamps: 'true',
        container: request.container,
        previous: request.previous ? 'true' : undefined,
        tailLines: request.tailLines?.toString(),
        sinceSeconds: request.sinceSeconds?.toString(),
        sinceTime: request.sinceTime,
        limitBytes: String(limitBytes),
      },
      headers: { accept: '*/*' },
      what: `reading logs of ${request.pod}`,
      limitBytes,
    })
    if (!answer.ok) return answer
    if (answer.value.status >= 400) return this.refused(answer.value, `reading logs of ${request.pod}`)
    const { body, truncatedBytes } = answer.value
    // A kubelet stops at the limit without a word, with the newest lines not yet read.
    const stopped = truncatedBytes === 0 && Buffer.byteLength(body) >= limitBytes
    return ok({ text: body, truncatedBytes: stopped ? 1 : truncatedBytes })
  }

  recentLines(request: RecentLinesRequest): ReturnType<ClusterReader['recentLines']> {
    return readLines((one) => this.logs(one), request)
  }

  podGet(
    pod: { namespace: string; name: string; port: number },
    request: Omit<HttpRequest, 'method' | 'body'>,
  ): Promise<Result<HttpAnswer>> {
    if (Object.keys(request.headers ?? {}).some((key) => key.toLowerCase() === 'authorization'))
      return getByPortForward(this.transport, pod, request)
    return this.proxied('GET', 'pods', pod.namespace, `${pod.name}:${pod.port}`, request)
  }

  podPost(
    pod: { namespace: string; name: string; port: number },
    request: Omit<HttpRequest, 'method'>,
  ): Promise<Result<HttpAnswer>> {
    return this.proxied('POST', 'pods', pod.namespace, `${pod.name}:${pod.port}`, request)
  }

  serviceGet(
    service: { namespace: string; name: string; port: string },
    request: Omit<HttpRequest, 'method' | 'body'>,
  ): Promise<Result<HttpAnswer>> {
    return this.proxied('GET', 'services', service.namespace, `${service.name}:${service.port}`, request)
  }

  async rawGet(path: string): Promise<Result<HttpAnswer>> {
    const why = whyNotAsked(path)
    if (why) return fail('invalid_input', `${path.slice(0, 80)} is not asked for: ${why}`)
    return this.transport.send({
      method: 'GET',
      path,
      what: `asking for ${path.split('?')[0]}`,
      headers: { accept: 'application/json, */*' },
      limitBytes: 2 << 20,
    })
  }

  private async proxied(
    method: string,
    plural: string,
    namespace: string,
    target: string,
    request: Partial<HttpRequest> & { path: string },
  ): Promise<Result<HttpAnswer>> {
    const what = `asking ${target} for ${request.path.split('?')[0]}`
    // `/../` would lead out of the pod and to the API server itself, with its credentials.
    if (!isPlainPath(request.path))
      return fail('invalid_input', `${request.path.slice(0, 80)} is not a path that can be asked for`)
    const answer = await this.transport.send({
      method,
      path: `/api/v1/namespaces/${namespace}/${plural}/${target}/proxy${request.path}`,
      what,
      timeoutMs: request.timeoutMs ?? 5_000,
      limitBytes: 2 << 20,
      headers: { accept: '*/*', ...request.headers },
      ...(request.body === undefined ? {} : { body: request.body }),
    })
    if (!answer.ok) return answer
    // A Status object is the API server speaking, not the pod behind it.
    if (
      answer.value.status >= 400 &&
      /^\{"kind":"Status"|^\{"metadata":\{\},"status":"Failure"/.test(answer.value.body)
    )
      return this.refused(answer.value, what)
    return ok(answer.value)
  }

  private async refused<T>(answer: { status: number; body: string }, what: string): Promise<Result<T>> {
    const { fromStatus } = await import('./errors')
    return { ok: false, error: fromStatus(answer.status, answer.body, what) }
  }

  async exec(request: Parameters<ClusterReader['exec']>[0]): ReturnType<ClusterReader['exec']> {
    if (!mayRead(request.argv))
      return fail(
        'forbidden',
        `${request.argv[0]} with these arguments is not on the list of what may run in a pod to look`,
      )
    return execIn(this.transport, request)
  }

  kafka(brokers: Parameters<ClusterReader['kafka']>[0]): ReturnType<ClusterReader['kafka']> {
    return readKafka(this.transport, brokers)
  }

  async execWrite(
    request: Parameters<ClusterWriter['execWrite']>[0],
  ): ReturnType<ClusterWriter['execWrite']> {
    if (!mayChange(request.argv))
      return fail(
        'forbidden',
        `${request.argv[0]} with these arguments is not on the list of changes that may run in a pod`,
      )
    return execIn(this.transport, { timeoutMs: 60_000, ...request })
  }

  execTyped(request: Parameters<ClusterWriter['execTyped']>[0]): ReturnType<ClusterWriter['execTyped']> {
    return execIn(this.transport, { timeoutMs: 60_000, ...request })
  }

  async rules(namespace: string): ReturnType<ClusterReader['rules']> {
    type Rule = { verbs: string[]; apiGroups?: string[]; resources?: string[]; resourceNames?: string[] }
    const answer = await this.transport.json<{ status?: { resourceRules?: Rule[]; incomplete?: boolean } }>({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectRulesReview',
        spec: { namespace },
      }),
      what: 'asking for rights',
    })
    if (!answer.ok) return answer
    const { resourceRules = [], incomplete = false } = answer.value.status ?? {}
    const rules = resourceRules.map(({ verbs, apiGroups = [], resources = [], resourceNames = [] }) => ({
      ...{ verbs, apiGroups, resources, names: resourceNames },
    }))
    return ok({ rules, incomplete })
  }

  async canI(...[verb, resource, as]: Parameters<ClusterReader['canI']>): ReturnType<ClusterReader['canI']> {
    // It becomes a header; users, groups and service accounts are of these characters.
    if (as !== undefined && !/^[\w.:@/-]{1,253}$/.test(as))
      return fail('invalid_input', `"${as.slice(0, 60)}" cannot be the name of an account.`)
    const spec =
      'path' in resource
        ? { nonResourceAttributes: { verb, ...resource } }
        : { resourceAttributes: { verb, ...resource } }
    type Review = { status?: { allowed?: boolean; reason?: string; evaluationError?: string } }
    const answer = await this.transport.json<Review>({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      headers: {
        'content-type': 'application/json',
        ...(as === undefined ? {} : { 'impersonate-user': as }),
      },
      body: JSON.stringify({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec,
      }),
      what: 'asking for rights',
    })
    if (!answer.ok) return answer
    const { allowed, reason, evaluationError } = answer.value.status ?? {}
    return ok({
      allowed: allowed === true,
      reasons: [reason, evaluationError].filter((one) => one !== undefined && one !== '') as string[],
    })
  }

  private async write(
    method: string,
    type: ResourceType,
    namespace: string | undefined,
    name: string | undefined,
    body: unknown,
    options: { dryRun?: boolean; contentType?: string; subresource?: string },
  ): Promise<Result<KubeObject>> {
    const answer = await this.transport.json<KubeObject>({
      method,
      path: restPath(type, namespace, name, options.subresource),
      query: {
        fieldManager: method === 'DELETE' ? undefined : 'crashcart',
        dryRun: options.dryRun ? 'All' : undefined,
      },
      headers: { 'content-type': options.contentType ?? 'application/json' },
      body: JSON.stringify(body),
      what: `${options.dryRun ? 'trying' : 'writing'} ${type.kind} ${name ?? ''}`.trim(),
      timeoutMs: 15_000,
    })
    // Whatever the answer, even none: what is known of pods from before may be outdated now.
    if (type.kind === 'Pod' && !options.dryRun) this.wrotePod()
    return answer
  }

  patch(...[type, name, namespace, kind, body, subresource]: Parameters<ClusterWriter['patch']>) {
    const contentType = PATCH_TYPES[kind]
    return this.write('PATCH', type, namespace, name, body, {
      contentType,
      ...(subresource ? { subresource } : {}),
    })
  }
  create(type: ResourceType, namespace: string | undefined, body: KubeObject) {
    return this.write('POST', type, namespace, undefined, body, {})
  }
  replace(type: ResourceType, namespace: string | undefined, body: KubeObject) {
    return this.write('PUT', type, namespace, body.metadata.name, body, {})
  }
  remove(...[type, name, namespace, how]: Parameters<ClusterWriter['remove']>) {
    const { uid, graceSeconds, propagationPolicy } = how
    return this.write(
      'DELETE',
      type,
      namespace,
      name,
      {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        preconditions: uid === undefined ? {} : { uid },
        ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
        ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
      },
      {},
    )
  }
  dryPatch(...[type, name, namespace, kind, body, subresource]: Parameters<ClusterDryRun['dryPatch']>) {
    const contentType = PATCH_TYPES[kind]
    return this.write('PATCH', type, namespace, name, body, {
      contentType,
      dryRun: true,
      ...(subresource ? { subresource } : {}),
    })
  }
  dryCreate(type: ResourceType, namespace: string | undefined, body: KubeObject) {
    return this.write('POST', type, namespace, undefined, body, { dryRun: true })
  }
  dryReplace(type: ResourceType, namespace: string | undefined, body: KubeObject) {
    return this.write('PUT', type, namespace, body.metadata.name, body, { dryRun: true })
  }

  async evict(pod: { namespace: string; name: string; uid?: string }): Promise<Result<void>> {
    const body = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: pod.name, namespace: pod.namespace },
      ...(pod.uid ? { deleteOptions: { preconditions: { uid: pod.uid } } } : {}),
    }
    const answer = await this.write('POST', RESOURCE.Pod, pod.namespace, pod.name, body, {
      subresource: 'eviction',
    })
    return answer.ok ? ok(undefined) : answer
  }
}
