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
const VERSIONS_AT_MOST = 10

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
  groups?: {
    name: string
    versions?: { groupVersion: string; version: string }[]
    preferredVersion?: { groupVersion: string; version: string }
  }[]
  /** Of the core group, in an answer that is not for everything. */
  versions?: string[]
}

/** What the API server serves. */
interface Known {
  types: DiscoveredType[]
  groupVersions: string[]
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

/**
 * Reads and keeps which resource types one API server serves, each in the version its group prefers, or else in the
 * first that has it.
 */
export class Discovery {
  private known: { at: number; answer: Promise<Result<Known>> } | undefined

  constructor(private readonly transport: Transport) {}

  /** All types. Errors: what reading `/api` and `/apis` returned; a group that does not answer is left out. */
  async types(): Promise<Result<DiscoveredType[]>> {
    const known = await this.now()
    return known.ok ? ok(known.value.types) : known
  }

  /** `v1`, `apps/v1`, …, also those that are not preferred. Errors as above. */
  async groupVersions(): Promise<Result<string[]>> {
    const known = await this.now()
    return known.ok ? ok(known.value.groupVersions) : known
  }

  private async now(): Promise<Result<Known>> {
    const now = Date.now()
    if (!this.known || now - this.known.at > KNOWN_MS) this.known = { at: now, answer: this.read() }
    const answer = await this.known.answer
    if (!answer.ok) this.known = undefined
    return answer
  }

  private async read(): Promise<Result<Known>> {
    const [core, groups] = await Promise.all([this.ask('/api'), this.ask('/apis')])
    if (!groups.ok) return groups
    if (!core.ok) return core
    const answers = [core.value, groups.value]
    if (answers.every((one) => one.kind === 'APIGroupDiscoveryList'))
      return ok({
        types: answers.flatMap(aggregatedTypes),
        groupVersions: answers.flatMap(({ items = [] }) =>
          items.flatMap(({ metadata, versions }) =>
            versions.map(({ version }) => (metadata.name ? `${metadata.name}/${version}` : version)),
          ),
        ),
      })
    const coreVersions = core.value.versions ?? ['v1']
    const listed = (groups.value.groups ?? []).slice(0, GROUPS_AT_MOST)
    const lists = await Promise.all([
      this.listed('', coreVersions),
      ...listed.map(({ name, versions = [], preferredVersion }) => {
        const all = versions.map(({ version }) => version)
        const preferred = preferredVersion?.version
        return this.listed(name, preferred === undefined ? all : [...new Set([preferred, ...all])])
      }),
    ])
    return ok({
      types: lists.flat(),
      groupVersions: [
        ...coreVersions,
        ...listed.flatMap(({ versions = [] }) => versions.map(({ groupVersion }) => groupVersion)),
      ],
    })
  }

  /** The types of a group, from one answer for each of its versions, the preferred one first. */
  private async listed(group: string, versions: readonly string[]): Promise<DiscoveredType[]> {
    const lists = await Promise.all(
      versions.slice(0, VERSIONS_AT_MOST).map(async (version) => {
        const path = group ? `/apis/${group}/${version}` : `/api/${version}`
        const answer = await this.transport.json<ResourceList>({
          method: 'GET',
          path,
          what: `asking what ${path} serves`,
        })
        return answer.ok ? listedTypes(group, version, answer.value) : []
      }),
    )
    return firstOfEach(lists.flat())
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
  return (answer.items ?? []).flatMap(({ metadata, versions }) =>
    // The first version is the one the server prefers.
    firstOfEach(
      versions.flatMap(({ version, resources = [] }) =>
        resources.map((one) => ({
          group: metadata.name ?? '',
          version,
          plural: one.resource,
          kind: one.responseKind?.kind ?? '',
          namespaced: one.scope === 'Namespaced',
          names: [one.resource, one.singularResource ?? '', ...(one.shortNames ?? [])].filter(Boolean),
          shortNames: one.shortNames ?? [],
          categories: one.categories ?? [],
          verbs: one.verbs ?? [],
        })),
      ),
    ),
  )
}

/** Each type once, where it comes first. */
function firstOfEach(types: readonly DiscoveredType[]): DiscoveredType[] {
  const byName = new Map<string, DiscoveredType>()
  for (const one of types) if (!byName.has(one.plural)) byName.set(one.plural, one)
  return [...byName.values()]
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
      shortNames: one.shortNames ?? [],
      categories: one.categories ?? [],
      verbs: one.verbs ?? [],
    }))
}
