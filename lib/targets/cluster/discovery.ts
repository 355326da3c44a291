import 'server-only'
import { ok, type Result } from '../../core/result'
import type { DiscoveredType } from '../types'
import type { Transport } from './transport'

/** How long what the API server can do is taken as known. New custom resources are rare; a miss asks again sooner. */
const KNOWN_MS = 5 * 60_000
/** Both forms: one answer for everything (Kubernetes 1.26 and later), else one for each group. */
const ACCEPT =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json'
const GROUPS_AT_MOST = 200

interface Aggregated {
  kind?: string
  items?: {
    metadata: { name?: string }
    versions: {
      version: string
      resources?: {
        resource: string
        responseKind?: { kind: string }
        scope: 'Namespaced' | 'Cluster'
        singularResource?: string
        shortNames?: string[]
        categories?: string[]
        verbs?: string[]
      }[]
    }[]
  }[]
  groups?: { name: string; preferredVersion?: { groupVersion: string; version: string } }[]
}

interface ResourceList {
  resources?: {
    name: string
    kind: string
    namespaced: boolean
    singularName?: string
    shortNames?: string[]
    categories?: string[]
    verbs?: string[]
  }[]
}

/** Reads and keeps which resource types one API server serves, each group in the version it prefers. */
export class Discovery {
  private known: { at: number; types: Promise<Result<DiscoveredType[]>> } | undefined

  constructor(private readonly transport: Transport) {}

  /** All types. Errors: what reading `/api` and `/apis` returned; a group that does not answer is left out. */
  async types(): Promise<Result<DiscoveredType[]>> {
    const now = Date.now()
    if (!this.known || now - this.known.at > KNOWN_MS) this.known = { at: now, types: this.read() }
    const answer = await this.known.types
    if (!answer.ok) this.known = undefined
    return answer
  }

  private async read(): Promise<Result<DiscoveredType[]>> {
    const [core, groups] = await Promise.all([this.ask('/api'), this.ask('/apis')])
    if (!groups.ok) return groups
    if (!core.ok) return core
    const aggregated = [core.value, groups.value].every((one) => one.kind === 'APIGroupDiscoveryList')
    if (aggregated) return ok([core.value, groups.value].flatMap(aggregatedTypes))
    const paths = [
      { group: '', version: 'v1', path: '/api/v1' },
      ...(groups.value.groups ?? []).slice(0, GROUPS_AT_MOST).flatMap(({ name, preferredVersion }) =>
        preferredVersion
          ? [
              {
                group: name,
                version: preferredVersion.version,
                path: `/apis/${preferredVersion.groupVersion}`,
              },
            ]
          : [],
      ),
    ]
    const lists = await Promise.all(
      paths.map(async ({ group, version, path }) => {
        const answer = await this.transport.json<ResourceList>({
          method: 'GET',
          path,
          what: `asking what ${path} serves`,
        })
        return answer.ok ? listedTypes(group, version, answer.value) : []
      }),
    )
    return ok(lists.flat())
  }

  private ask(path: string): Promise<Result<Aggregated>> {
    return this.transport.json<Aggregated>({
      method: 'GET',
      path,
      headers: { accept: ACCEPT },
      what: 'asking what the API server serves',
    })
  }
}

function aggregatedTypes(answer: Aggregated): DiscoveredType[] {
  return (answer.items ?? []).flatMap((group) => {
    // The first version is the one the server prefers.
    const [preferred] = group.versions
    return (preferred?.resources ?? []).map((one) => ({
      group: group.metadata.name ?? '',
      version: preferred?.version ?? 'v1',
      plural: one.resource,
      kind: one.responseKind?.kind ?? '',
      namespaced: one.scope === 'Namespaced',
      names: [one.resource, one.singularResource ?? '', ...(one.shortNames ?? [])].filter(Boolean),
      categories: one.categories ?? [],
      verbs: one.verbs ?? [],
    }))
  })
}

function listedTypes(group: string, version: string, list: ResourceList): DiscoveredType[] {
  return (list.resources ?? [])
    .filter((one) => !one.name.includes('/'))
    .map((one) => ({
      group,
      version,
      plural: one.name,
      kind: one.kind,
      namespaced: one.namespaced,
      names: [one.name, one.singularName || one.kind.toLowerCase(), ...(one.shortNames ?? [])],
      categories: one.categories ?? [],
      verbs: one.verbs ?? [],
    }))
}
