import type { KubectlCommand, ResourceArgument } from '../command'
import { type NamedType, typeOf } from '../kubectl-resources'
import { flag, isOn, objectsOf, placeOf, typeOfArgument } from './place'
import { type ApiRequest, get, pathOf, type Requests, STAND_IN, send } from './request'

/** Members of kubectl's category `all` (`kubectl api-resources --categories=all`) that a cluster is sure to have. */
export const ALL = [
  'pods',
  'services',
  'deployments',
  'statefulsets',
  'daemonsets',
  'replicasets',
  'jobs',
] as const

/** Types that a command lists or names: `all` is several. */
export function typesOf(argument: ResourceArgument): NamedType[] {
  if (argument.kind !== 'All') return [typeOfArgument(argument)]
  return ALL.flatMap((name) => typeOf(name) ?? [])
}

/** `kubectl get`: objects one by one where they are named, else lists; with -w a watch after them. */
export function getRequests(command: KubectlCommand): Requests {
  const objects = objectsOf(command)
  const raw = flag(command, 'raw')
  if (raw !== undefined)
    return objects.length > 0
      ? { manual: 'kubectl takes --raw or resources, not both.' }
      : { requests: [rawRequest(raw)] }
  if (objects.length === 0) return { manual: 'kubectl get names no resource.' }
  const { selector } = command
  const fields = flag(command, 'field-selector')
  const subresource = flag(command, 'subresource')
  // A table is sorted by what stands in the objects, so they come with it.
  const includeObject = flag(command, 'sort-by') && isTable(command) ? 'Object' : undefined
  const watches = isOn(command, 'watch') || isOn(command, 'watch-only')
  const requests: ApiRequest[] = []
  for (const object of objects) {
    if (object.name !== undefined && (selector !== undefined || fields !== undefined))
      return { manual: 'kubectl takes a name or a selector, not both.' }
    if (object.name !== undefined && command.allNamespaces)
      return { manual: 'kubectl reads no object by its name across all namespaces.' }
    for (const type of typesOf(object)) {
      const list = pathOf(type, placeOf(command))
      requests.push(
        object.name === undefined
          ? get(list, { labelSelector: selector, fieldSelector: fields, limit: '500', includeObject })
          : get(pathOf(type, placeOf(command), object.name, subresource)),
      )
      if (watches)
        requests.push(
          get(list, {
            labelSelector: selector,
            fieldSelector: object.name === undefined ? fields : `metadata.name=${object.name}`,
            watch: 'true',
          }),
        )
    }
  }
  if (watches && requests.length > 2) return { manual: 'kubectl watches one resource at a time.' }
  return { requests }
}

/** A path as it was written; client-go reads its query and writes it anew: `?verbose` becomes `?verbose=`. */
function rawRequest(raw: string): ApiRequest {
  const at = raw.indexOf('?')
  if (at < 0) return get(raw)
  const query = new URLSearchParams(raw.slice(at + 1))
  return get(raw.slice(0, at), Object.fromEntries([...query.keys()].map((key) => [key, query.getAll(key)])))
}

/** Whether the server makes the table, as for plain and wide output. */
function isTable(command: KubectlCommand): boolean {
  return command.output === undefined || command.output === 'wide'
}

/** `kubectl top`: metrics of pods, or of nodes with what they can give. */
export function topRequests(command: KubectlCommand): Requests {
  const [object, ...more] = objectsOf(command)
  if (!object) return { manual: 'kubectl top names neither pods nor nodes.' }
  if (more.length > 0) return { manual: 'kubectl top takes one name.' }
  const labels = { labelSelector: command.selector, fieldSelector: flag(command, 'field-selector') }
  if (object.kind === 'Node') {
    const nodes = (group: 'metrics' | 'core') =>
      pathOf(
        group === 'metrics'
          ? { group: 'metrics.k8s.io', version: 'v1beta1', plural: 'nodes', namespaced: false }
          : { group: '', version: 'v1', plural: 'nodes', namespaced: false },
        undefined,
        object.name,
      )
    const values = object.name === undefined ? labels : {}
    return { requests: [get(nodes('metrics'), values), get(nodes('core'), values)] }
  }
  if (object.kind !== 'Pod') return { manual: 'kubectl top reads pods and nodes only.' }
  const pods = { group: 'metrics.k8s.io', version: 'v1beta1', plural: 'pods', namespaced: true }
  return {
    requests: [get(pathOf(pods, placeOf(command), object.name), object.name === undefined ? labels : {})],
  }
}

/** `kubectl events`: a list of the core group's events, of one object with --for; with -w a watch in its place. */
export function eventsRequests(command: KubectlCommand): Requests {
  const of = flag(command, 'for')
  const [kind = '', name = ''] = of?.split('/') ?? []
  const type = typeOf(kind)
  if (of !== undefined && (!type || name === '')) return { manual: `--for wants KIND/NAME, not ${of}.` }
  const watch = isOn(command, 'watch') ? { watch: 'true' } : {}
  const about = type ? { fieldSelector: `${involved(type)},involvedObject.name=${name}` } : {}
  return { requests: [get(pathOf(EVENTS, placeOf(command)), { ...about, limit: '500', ...watch })] }
}

/** The kind and version of which events are asked, in kubectl's order. */
export function involved({ kind, group, version }: NamedType): string {
  return `involvedObject.kind=${kind},involvedObject.apiVersion=${group ? `${group}/${version}` : version}`
}

export const EVENTS: NamedType = typeOf('events') as NamedType

/** `kubectl auth can-i VERB RESOURCE[/NAME]`: a SelfSubjectAccessReview, which stores nothing. */
export function canIRequests(command: KubectlCommand, words: readonly string[]): Requests {
  const [verb, resource, name] = words
  if (command.flags.list !== undefined) return { requests: [selfRules(command)] }
  if (!verb || !resource) return { manual: 'kubectl auth can-i lacks the verb or the resource.' }
  const review = (spec: unknown) => ({
    requests: [
      send('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        kind: 'SelfSubjectAccessReview',
        apiVersion: 'authorization.k8s.io/v1',
        metadata: { creationTimestamp: null },
        spec,
        status: { allowed: false },
      }),
    ],
  })
  if (resource.startsWith('/')) return review({ nonResourceAttributes: { path: resource, verb } })
  const [word = '', named] = resource.split('/')
  const type = word === '*' ? { group: '', plural: '*' } : typeOf(word)
  if (!type) return { manual: `"${word}" is not the name of a resource.` }
  const subresource = flag(command, 'subresource')
  const object = named ?? name
  return review({
    resourceAttributes: {
      ...(command.allNamespaces ? {} : { namespace: command.namespace ?? 'default' }),
      verb,
      ...(type.group ? { group: type.group } : {}),
      resource: type.plural,
      ...(subresource ? { subresource } : {}),
      ...(object ? { name: object } : {}),
    },
  })
}

function selfRules(command: KubectlCommand): ApiRequest {
  return send('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
    kind: 'SelfSubjectRulesReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: { namespace: command.namespace ?? 'default' },
    status: { resourceRules: null, nonResourceRules: null, incomplete: false },
  })
}

/** `kubectl wait --for=…`: a list of that one object, then a watch of it; first of all the object where it has to go. */
export function waitRequests(command: KubectlCommand): Requests {
  const objects = objectsOf(command)
  const wanted = flag(command, 'for')
  if (!wanted) return { manual: 'kubectl wait does not say what for.' }
  if (objects.length === 0) return { manual: 'kubectl wait names no resource.' }
  const requests = objects.flatMap((object) => {
    const type = typeOfArgument(object)
    const list = pathOf(type, placeOf(command))
    const name = object.name ?? STAND_IN.name
    const found =
      object.name === undefined
        ? get(list, { labelSelector: command.selector, limit: '500' })
        : get(pathOf(type, placeOf(command), object.name))
    const one = { fieldSelector: `metadata.name=${name}` }
    const own = get(pathOf(type, placeOf(command), name))
    const event = wanted.toLowerCase()
    // What is there already was created.
    if (event === 'create') return [found, own]
    const still = event === 'delete' ? [own] : []
    return [found, ...still, get(list, one), get(list, { ...one, watch: 'true' })]
  })
  return { requests }
}

/** `kubectl rollout status` and `history`: the workload, then what it is followed or explained by. */
export function rolloutReads(command: KubectlCommand): Requests {
  const requests: ApiRequest[] = []
  for (const object of objectsOf(command)) {
    const type = typeOfArgument(object)
    if (object.name === undefined) return { manual: 'kubectl rollout names no object.' }
    const own = get(pathOf(type, placeOf(command), object.name))
    if (command.subverb === 'status') {
      const one = { fieldSelector: `metadata.name=${object.name}`, limit: '500' }
      const follow =
        command.flags.watch === 'false'
          ? [get(pathOf(type, placeOf(command)), one)]
          : [
              get(pathOf(type, placeOf(command)), one),
              get(pathOf(type, placeOf(command)), {
                allowWatchBookmarks: 'true',
                fieldSelector: one.fieldSelector,
                watch: 'true',
              }),
            ]
      requests.push(own, ...follow)
    } else requests.push(own, own, revisions(type, placeOf(command)))
  }
  return requests.length > 0 ? { requests } : { manual: 'kubectl rollout names no object.' }
}

/** Where a workload keeps its revisions: a Deployment in ReplicaSets, the others in ControllerRevisions. */
export function revisions(type: NamedType, namespace: string | undefined): ApiRequest {
  const kept = typeOf(type.kind === 'Deployment' ? 'replicasets' : 'controllerrevisions') as NamedType
  return get(pathOf(kept, namespace), { labelSelector: labelsOf() })
}

/** The stand-in's labels as a selector. */
export function labelsOf(): string {
  return Object.entries(STAND_IN.labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}
