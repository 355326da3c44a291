import 'server-only'
import { fail, ok, type Result } from '../../core/result'
import { mayRead } from '../exec-allow-list'
import { RESOURCE, restPath } from '../resource-types'
import type {
  ClusterReader,
  HttpAnswer,
  HttpRequest,
  KubeObject,
  ListOptions,
  RecentLinesRequest,
  ResourceType,
} from '../types'
import { Discovery } from './discovery'
import { fromStatus } from './errors'
import { readKafka } from './kafka'
import { listPages } from './listing'
import { readLines } from './log-memory'
import { isPlainPath } from './plain-path'
import { whyNotAsked } from './raw-path'
import { execIn, getByPortForward } from './streams'
import { readTable } from './tables'
import type { Transport } from './transport'

/** Reads of one API server. */
export class KubernetesReader implements ClusterReader {
  private readonly discovery: Discovery

  constructor(
    protected readonly transport: Transport,
    readonly info: { name: string; practice: boolean },
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
    return ok({ text: body, cut: truncatedBytes > 0 || Buffer.byteLength(body) >= limitBytes })
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

  protected async proxied(
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

  private refused<T>(answer: { status: number; body: string }, what: string): Result<T> {
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
}
