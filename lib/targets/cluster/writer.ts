import 'server-only'
import { fail, ok, type Result } from '../../core/result'
import { mayChange } from '../exec-allow-list'
import { RESOURCE, restPath } from '../resource-types'
import type {
  ClusterDryRun,
  ClusterWriter,
  HttpAnswer,
  HttpRequest,
  KubeObject,
  PatchKind,
  ResourceType,
} from '../types'
import { KubernetesReader } from './reader'
import { execIn } from './streams'
import type { Transport } from './transport'

const PATCH_TYPES: Record<PatchKind, string> = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
}

/** Writes and dry runs beside the reads; callers see only the interface they are handed. */
export class KubernetesWriter extends KubernetesReader implements ClusterWriter, ClusterDryRun {
  /** @param wrotePod called after each write to a pod, whatever its answer */
  constructor(
    transport: Transport,
    info: { name: string; practice: boolean },
    private readonly wrotePod: () => void,
  ) {
    super(transport, info)
  }

  podPost(
    pod: { namespace: string; name: string; port: number },
    request: Omit<HttpRequest, 'method'>,
  ): Promise<Result<HttpAnswer>> {
    return this.proxied('POST', 'pods', pod.namespace, `${pod.name}:${pod.port}`, request)
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
